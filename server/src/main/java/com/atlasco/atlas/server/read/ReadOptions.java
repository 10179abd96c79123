package com.atlasco.atlas.server.read;

import com.atlasco.atlas.freshness.ConsistencyToken;
import com.atlasco.atlas.freshness.FallbackStrategy;
import com.atlasco.atlas.freshness.FreshnessClass;
import com.atlasco.atlas.model.Source;
import java.time.Duration;
import java.util.Optional;

/**
 * How fresh an answer must be, and what to do when that cannot be had where it is wanted.
 *
 * @param pinned the one source that may serve it
 * @param maxWait how long it may wait for a source; the node's default when empty
 */
public record ReadOptions(
        FreshnessClass freshnessClass,
        Optional<Duration> maxLag,
        FallbackStrategy fallback,
        Optional<ConsistencyToken> token,
        Optional<Source> pinned,
        Optional<Duration> maxWait) {

    /** The same, served by this source or not at all. */
    public ReadOptions at(Source source) {
        return new ReadOptions(freshnessClass, maxLag, fallback, token, Optional.of(source), maxWait);
    }
}
