/** Keeps the columnar store busy by itself, and watches how its file grows. */
@NullMarked
package com.atlasco.atlas.bench.store;

import org.jspecify.annotations.NullMarked;
