/** {@code atlas bench}: measurements. */
@NullMarked
package com.atlasco.atlas.cli.bench;

import org.jspecify.annotations.NullMarked;
