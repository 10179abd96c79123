/** The entities that benches write: the same for everybody who is given the same seed. */
@NullMarked
package com.atlasco.atlas.bench.dataset;

import org.jspecify.annotations.NullMarked;
