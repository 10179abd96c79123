package com.atlasco.atlas.analytics.duckdb;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The queries an hour that look at each attribute, decaying with a half-life: at a steady rate it comes to that rate, and
 * needs several half-lives for it. For one thread.
 */
final class Usefulness {

    /** Below this many queries an attribute is forgotten. */
    private static final double FORGOTTEN = 0.01;

    private final double halfLifeNanos;
    private final Map<AttributeKey, Double> decayed = new HashMap<>();
    private long countedAt;

    Usefulness(Duration halfLife, long now) {
        this.halfLifeNanos = halfLife.toNanos();
        this.countedAt = now;
    }

    /** Adds the queries that were answered since the last time. */
    void add(Map<AttributeKey, Long> uses, long now) {
        double factor = Math.pow(0.5, (now - countedAt) / halfLifeNanos);
        countedAt = now;
        decayed.replaceAll((_, count) -> count * factor);
        uses.forEach((attribute, count) -> decayed.merge(attribute, (double) count, Double::sum));
        decayed.values().removeIf(count -> count < FORGOTTEN);
    }

    /** Queries an hour, by attribute; those without any are left out. */
    Map<AttributeKey, Double> perHour() {
        double factor = Math.log(2) * Duration.ofHours(1).toNanos() / halfLifeNanos;
        Map<AttributeKey, Double> rates = HashMap.newHashMap(decayed.size());
        decayed.forEach((attribute, count) -> rates.put(attribute, count * factor));
        return rates;
    }
}
