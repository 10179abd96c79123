/**
 * From the write-ahead log of PostgreSQL to the analytics store: Debezium in process, one batch after the other, each
 * applied together with the watermark that says so.
 */
@NullMarked
package com.atlasco.atlas.capture;

import org.jspecify.annotations.NullMarked;
