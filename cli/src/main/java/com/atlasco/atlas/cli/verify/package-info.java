/** {@code atlas verify}. */
@NullMarked
package com.atlasco.atlas.cli.verify;

import org.jspecify.annotations.NullMarked;
