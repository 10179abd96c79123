/** Filters after parsing and typing: what the engines compile and the interpreter evaluates. */
@NullMarked
package com.atlasco.atlas.query.filter;

import org.jspecify.annotations.NullMarked;
