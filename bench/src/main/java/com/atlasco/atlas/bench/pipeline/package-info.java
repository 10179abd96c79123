/** Writes, reads and change capture at the same time, at a rate that all tiers bear. */
@NullMarked
package com.atlasco.atlas.bench.pipeline;

import org.jspecify.annotations.NullMarked;
