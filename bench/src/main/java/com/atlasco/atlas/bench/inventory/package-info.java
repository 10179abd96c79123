/** A data set of twelve attributes that depend on each other, and the tables that hold it: Atlas's and its peers'. */
@NullMarked
package com.atlasco.atlas.bench.inventory;

import org.jspecify.annotations.NullMarked;
