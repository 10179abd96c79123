/** The columnar store that aggregates are served from, behind one contract. */
@NullMarked
package com.atlasco.atlas.analytics;

import org.jspecify.annotations.NullMarked;
