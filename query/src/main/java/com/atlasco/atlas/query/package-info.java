/** What can be asked of a source, and the interface every source answers through. */
@NullMarked
package com.atlasco.atlas.query;

import org.jspecify.annotations.NullMarked;
