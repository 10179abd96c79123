/** How the rows that the primary already has come into the analytics store, while changes stream. */
@NullMarked
package com.atlasco.atlas.analytics.snapshot;

import org.jspecify.annotations.NullMarked;
