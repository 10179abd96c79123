/** A client that costs little: it shares the machine with what it measures. */
@NullMarked
package com.atlasco.atlas.bench.http;

import org.jspecify.annotations.NullMarked;
