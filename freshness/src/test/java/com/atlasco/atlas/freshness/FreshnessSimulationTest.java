package com.atlasco.atlas.freshness;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.freshness.FreshnessSimulation.Weather;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FreshnessSimulationTest {

    private static final int SEEDS = 24;

    @ParameterizedTest
    @EnumSource(
            value = Weather.class,
            names = {"STORM", "REPLACEMENTS"})
    void noReadMissesAWriteOlderThanItsBoundOrTheWriteOfItsToken(Weather weather) {
        Map<String, Integer> total = new TreeMap<>();
        for (long seed = 1; seed <= SEEDS; seed++) {
            try {
                new FreshnessSimulation(seed, weather)
                        .run(Duration.ofMinutes(2))
                        .forEach((what, count) -> total.merge(what, count, Integer::sum));
            } catch (AssertionError | RuntimeException failure) {
                throw new AssertionError("seed " + seed + ": " + failure.getMessage(), failure);
            }
        }
        System.out.println(weather + ", seeds 1 to " + SEEDS + ": " + total);
        // The storm must have reached every corner, or the run proves nothing.
        assertThat(total)
                .containsKeys(
                        "class_realtime",
                        "max_lag_zero",
                        "preferred",
                        "waited",
                        "fallback_primary:replica_unreachable",
                        "fallback_primary:replica_unknown",
                        "fallback_primary:replica_other_history",
                        "fallback_primary:replica_too_stale",
                        "fallback_primary:replica_behind_token",
                        "fallback_primary:olap_unreachable",
                        "fallback_primary:olap_unknown",
                        "fallback_primary:olap_too_stale",
                        "fallback_primary:olap_behind_token",
                        "fallback_replica:olap_too_stale",
                        "freshness_unavailable",
                        "source_unavailable",
                        "overloaded",
                        "invalid_token",
                        "invalid_token for an impossible token",
                        "begin refused",
                        "confirm refused",
                        "confirm refused for an impossible token");
        assertThat(count(total, "served by replica")).isGreaterThan(10_000);
        assertThat(count(total, "served by olap")).isGreaterThan(5_000);
    }

    @Test
    void inCalmWeatherCopiesServeNearlyEverythingThatTheyMayServe() {
        Map<String, Integer> total = new FreshnessSimulation(1, Weather.CALM).run(Duration.ofMinutes(5));
        System.out.println("CALM, seed 1: " + total);
        int copies = count(total, "served by replica") + count(total, "served by olap");
        assertThat(count(total, "replica below 400 ms")).isEqualTo(count(total, "served by replica"));
        assertThat(count(total, "olap below 400 ms")).isEqualTo(count(total, "served by olap"));
        assertThat(count(total, "preferred") + count(total, "waited")).isGreaterThan(copies * 9 / 10);
        assertThat(count(total, "freshness_unavailable")).isLessThan(copies / 50);
        assertThat(total).doesNotContainKeys("source_unavailable", "invalid_token", "confirm refused");
        assertThat(count(total, "invalid_token for an impossible token")).isGreaterThan(100);
    }

    private static int count(Map<String, Integer> total, String what) {
        return total.getOrDefault(what, 0);
    }
}
