/** Kills Atlas or its database again and again under load, and looks for what is missing. */
@NullMarked
package com.atlasco.atlas.bench.crash;

import org.jspecify.annotations.NullMarked;
