/** Starts, stops and recovers a PostgreSQL primary and its streaming replica on this machine. */
@NullMarked
package com.atlasco.atlas.embedded;

import org.jspecify.annotations.NullMarked;
