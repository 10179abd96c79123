/**
 * How fresh an answer is, and where it may come from: heartbeats, true upper bounds on staleness, consistency tokens
 * and the router.
 *
 * <p>The invariant everything here serves: an answer that reports bound {@code b} for a read begun at {@code t} misses
 * no write that was acknowledged before {@code t - b}. All moments are of one node's monotonic clock; wall clocks are
 * shown to people and never compared.
 */
@NullMarked
package com.atlasco.atlas.freshness;

import org.jspecify.annotations.NullMarked;
