/** What entities were, and what became of their attributes. */
@NullMarked
package com.atlasco.atlas.query.history;

import org.jspecify.annotations.NullMarked;
