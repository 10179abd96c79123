/** Checks of what the tables hold, past every part that writes them. */
@NullMarked
package com.atlasco.atlas.postgres.check;

import org.jspecify.annotations.NullMarked;
