/** Tests of the whole on real tiers. */
@NullMarked
package com.atlasco.atlas.it;

import org.jspecify.annotations.NullMarked;
