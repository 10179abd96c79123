/** Aggregate queries and their results. */
@NullMarked
package com.atlasco.atlas.query.aggregate;

import org.jspecify.annotations.NullMarked;
