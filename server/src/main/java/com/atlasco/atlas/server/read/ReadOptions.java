package com.atlasco.atlas.server.read;

import com.atlasco.atlas.freshness.ConsistencyToken;
import com.atlasco.atlas.freshness.FallbackStrategy;
import com.atlasco.atlas.freshness.FreshnessClass;
import java.time.Duration;
import java.util.Optional;

/** How fresh an answer must be, and what to do when that cannot be had where it is wanted. */
public record ReadOptions(
        FreshnessClass freshnessClass,
        Optional<Duration> maxLag,
        FallbackStrategy fallback,
        Optional<ConsistencyToken> token) {}
