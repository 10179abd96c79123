/** Errors that are planted in the code of freshness, one at a time, to see that a test notices each. */
@NullMarked
package com.atlasco.atlas.mutation;

import org.jspecify.annotations.NullMarked;
