/** Aggregates over everything, beside the same by hand on DuckDB and on PostgreSQL. */
@NullMarked
package com.atlasco.atlas.bench.aggregate;

import org.jspecify.annotations.NullMarked;
