/** Tests of the storage on a real PostgreSQL. */
@NullMarked
package com.atlasco.atlas.it.postgres;

import org.jspecify.annotations.NullMarked;
