/** Reads and writes under faults, and looks for answers that break what they claim. */
@NullMarked
package com.atlasco.atlas.bench.freshness;

import org.jspecify.annotations.NullMarked;
