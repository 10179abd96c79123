package com.atlasco.atlas.freshness;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CacheSimulationTest {

    private static final int SEEDS = 24;

    @Test
    void noAnswerOfTheCacheMissesAChangeOlderThanItsBoundOrOneOfItsToken() {
        Map<String, Integer> total = new TreeMap<>();
        for (long seed = 1; seed <= SEEDS; seed++) {
            try {
                new CacheSimulation(seed)
                        .run(Duration.ofMinutes(2))
                        .forEach((what, count) -> total.merge(what, count, Integer::sum));
            } catch (AssertionError | RuntimeException failure) {
                throw new AssertionError("seed " + seed + ": " + failure.getMessage(), failure);
            }
        }
        System.out.println("cache, seeds 1 to " + SEEDS + ": " + total);
        // Every corner must have been reached, or the run proves nothing.
        assertThat(total)
                .containsKeys(
                        "gap",
                        "timeline",
                        "begin refused at cache",
                        "confirm refused",
                        "served by replica",
                        "token met by cache",
                        "refused fills",
                        "invalidations");
        assertThat(total.get("served by cache")).isGreaterThan(50_000);
        assertThat(total.get("served by cache, followed")).isGreaterThan(25_000);
    }
}
