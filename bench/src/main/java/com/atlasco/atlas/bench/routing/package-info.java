/** What it costs to choose where a read is served. */
@NullMarked
package com.atlasco.atlas.bench.routing;

import org.jspecify.annotations.NullMarked;
