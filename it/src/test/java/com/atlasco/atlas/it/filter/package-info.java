/** The filter language on every engine: the same answer from each. */
@NullMarked
package com.atlasco.atlas.it.filter;

import org.jspecify.annotations.NullMarked;
