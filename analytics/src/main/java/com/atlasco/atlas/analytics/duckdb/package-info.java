/** The analytics store in an embedded DuckDB file. */
@NullMarked
package com.atlasco.atlas.analytics.duckdb;

import org.jspecify.annotations.NullMarked;
