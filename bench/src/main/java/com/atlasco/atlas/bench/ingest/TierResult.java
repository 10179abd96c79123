package com.atlasco.atlas.bench.ingest;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/**
 * What was measured on one set of tiers.
 *
 * @param turns medians, by contestant
 * @param heapUsedMax bytes of the server's heap, garbage included, as seen every second
 * @param sameContent whether it was looked at that Atlas and the limit have stored the same; without that, not both took
 *     part
 */
record TierResult(Map<Contestant, Measurement> turns, long heapUsedMax, boolean sameContent) {

    /** The fastest of the ways that a contestant has. */
    Optional<Measurement> best(String name) {
        return turns.entrySet().stream()
                .filter(entry -> entry.getKey().name().equals(name))
                .map(Map.Entry::getValue)
                .max(Comparator.comparingDouble(Measurement::perSecond));
    }

    long ways(String name) {
        return turns.keySet().stream()
                .filter(contestant -> contestant.name().equals(name))
                .count();
    }
}
