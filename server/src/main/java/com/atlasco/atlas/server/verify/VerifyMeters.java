package com.atlasco.atlas.server.verify;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** What is measured of comparisons. Thread-safe. */
final class VerifyMeters {

    private static final double NANOS_A_SECOND = 1e9;

    private final LongSupplier ticker;
    private final Map<ComparedSource, Counter> entities = new EnumMap<>(ComparedSource.class);
    private final Map<ComparedSource, Double> drift = new ConcurrentHashMap<>();
    private volatile OptionalLong ended = OptionalLong.empty();

    VerifyMeters(MeterRegistry meters, Iterable<ComparedSource> sources, LongSupplier ticker) {
        this.ticker = ticker;
        for (ComparedSource source : sources) {
            entities.put(
                    source,
                    Counter.builder("atlas.verify.entities")
                            .description("Entities that were compared with the primary")
                            .tag("source", source.wireName())
                            .register(meters));
            Gauge.builder("atlas.verify.drift", () -> drift.getOrDefault(source, Double.NaN))
                    .description("Rows that differed in the last whole pass; not a number before the first")
                    .tag("source", source.wireName())
                    .register(meters);
        }
        Gauge.builder("atlas.verify.pass.age", this::age)
                .description("How long ago the last whole pass ended; not a number before the first")
                .baseUnit("seconds")
                .register(meters);
    }

    private double age() {
        OptionalLong known = ended;
        return known.isEmpty() ? Double.NaN : (double) (ticker.getAsLong() - known.getAsLong()) / NANOS_A_SECOND;
    }

    void compared(VerifySummary summary, boolean whole) {
        summary.sources().forEach((source, result) -> {
            Counter counter = entities.get(source);
            if (counter != null) {
                counter.increment((double) result.entities());
            }
            // Of a source that was not compared to the end the last whole pass is still an earlier one.
            if (whole && result.notCompared().isEmpty()) {
                drift.put(source, (double) result.divergentRows());
            }
        });
        if (whole
                && summary.sources().values().stream()
                        .allMatch(result -> result.notCompared().isEmpty())) {
            ended = OptionalLong.of(ticker.getAsLong());
        }
    }
}
