/** Rows for PostgreSQL's COPY. */
@NullMarked
package com.atlasco.atlas.bench.copy;

import org.jspecify.annotations.NullMarked;
