/** Change capture from a real PostgreSQL. */
@NullMarked
package com.atlasco.atlas.it.capture;

import org.jspecify.annotations.NullMarked;
