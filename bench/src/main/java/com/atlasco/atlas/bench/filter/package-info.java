/** Filters on many attributes, beside three hand-written ways to ask PostgreSQL the same. */
@NullMarked
package com.atlasco.atlas.bench.filter;

import org.jspecify.annotations.NullMarked;
