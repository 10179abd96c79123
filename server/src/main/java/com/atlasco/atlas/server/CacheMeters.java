package com.atlasco.atlas.server;

import com.atlasco.atlas.freshness.cache.CacheFigures;
import com.atlasco.atlas.freshness.cache.EntityCache;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/** What the cache of entities does and holds. */
final class CacheMeters {

    private final MeterRegistry meters;
    private final EntityCache cache;

    private CacheMeters(MeterRegistry meters, EntityCache cache) {
        this.meters = meters;
        this.cache = cache;
    }

    static void register(MeterRegistry meters, EntityCache cache) {
        CacheMeters all = new CacheMeters(meters, cache);
        all.counter("atlas.cache.hits", "Single reads that the cache served", CacheFigures::hits);
        all.counter(
                "atlas.cache.misses",
                "Single reads that the cache might have served, and had no copy for, or none that met bound and token",
                CacheFigures::misses);
        all.counter("atlas.cache.fills", "Copies taken in", CacheFigures::fills);
        all.counter(
                "atlas.cache.fills.refused",
                "Copies not taken in, since a change may have passed them",
                CacheFigures::refusedFills);
        all.counter(
                "atlas.cache.invalidations",
                "Copies dropped because the entity was written",
                CacheFigures::invalidations);
        all.counter("atlas.cache.evictions", "Copies dropped for want of room", CacheFigures::evictions);
        all.gauge("atlas.cache.entries", "Copies in the cache, about", CacheFigures::entries);
        all.gauge("atlas.cache.bytes", "What copies take in memory, about", CacheFigures::bytes);
        all.gauge("atlas.cache.limit.bytes", "What they may take", CacheFigures::maximumBytes);
    }

    private void counter(String name, String description, ToDoubleFunction<CacheFigures> value) {
        FunctionCounter.builder(name, cache, known -> value.applyAsDouble(known.figures()))
                .description(description)
                .register(meters);
    }

    private void gauge(String name, String description, ToDoubleFunction<CacheFigures> value) {
        Gauge.builder(name, cache, known -> value.applyAsDouble(known.figures()))
                .description(description)
                .register(meters);
    }
}
