/** Atlas as a process of its own on a directory of its own, and what its processes cost. */
@NullMarked
package com.atlasco.atlas.bench.cluster;

import org.jspecify.annotations.NullMarked;
