/** Checks of what the tables hold, past every part that writes them, and mending of the pivot. */
@NullMarked
package com.atlasco.atlas.postgres.check;

import org.jspecify.annotations.NullMarked;
