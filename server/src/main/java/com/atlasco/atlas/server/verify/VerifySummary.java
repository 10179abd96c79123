package com.atlasco.atlas.server.verify;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a comparison came to.
 *
 * @param tenants how many were compared
 */
public record VerifySummary(Map<ComparedSource, SourceResult> sources, int tenants, Duration elapsed) {

    public VerifySummary {
        sources = Collections.unmodifiableMap(new TreeMap<>(sources));
    }

    public long entities() {
        return sources.values().stream().mapToLong(SourceResult::entities).sum();
    }

    public long findings() {
        return sources.values().stream().mapToLong(SourceResult::findings).sum();
    }

    public long repaired() {
        return sources.values().stream().mapToLong(SourceResult::repaired).sum();
    }

    public long undecided() {
        return sources.values().stream().mapToLong(SourceResult::undecided).sum();
    }
}
