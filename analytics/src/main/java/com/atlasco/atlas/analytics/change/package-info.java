/** What capture hands to the analytics store. */
@NullMarked
package com.atlasco.atlas.analytics.change;

import org.jspecify.annotations.NullMarked;
