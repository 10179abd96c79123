/** Queries answered from memory, plainly: the oracle the engines are compared with. */
@NullMarked
package com.atlasco.atlas.query.interpret;

import org.jspecify.annotations.NullMarked;
