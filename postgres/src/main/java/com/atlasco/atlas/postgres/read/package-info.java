/** Reading entities from a primary or a replica: the planner, its statements, and aggregates over documents. */
@NullMarked
package com.atlasco.atlas.postgres.read;

import org.jspecify.annotations.NullMarked;
