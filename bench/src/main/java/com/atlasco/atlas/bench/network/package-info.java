/** A network in user space: connections go through a relay that delays, throttles, holds and resets them. */
@NullMarked
package com.atlasco.atlas.bench.network;

import org.jspecify.annotations.NullMarked;
