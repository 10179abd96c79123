package com.atlasco.atlas.server;

import com.atlasco.atlas.freshness.RoutingObserver;
import com.atlasco.atlas.freshness.RoutingReason;
import com.atlasco.atlas.freshness.Shortfall;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Source;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts what the router does. Thread-safe. */
final class RoutingMeters implements RoutingObserver {

    private final MeterRegistry meters;

    // The registry would look each one up by its name and tags, for every read.
    private final Map<Decided, Counter> decisions = new ConcurrentHashMap<>();
    private final Map<Fallback, Counter> fallbacks = new ConcurrentHashMap<>();
    private final Map<Prevented, Counter> prevented = new ConcurrentHashMap<>();
    private final Map<Refused, Counter> refusals = new ConcurrentHashMap<>();
    private final Map<Source, Timer> waits = new ConcurrentHashMap<>();

    RoutingMeters(MeterRegistry meters) {
        this.meters = meters;
        // What is watched for is there before it first happens, as zero.
        for (RoutingReason reason : RoutingReason.values()) {
            for (Source to : List.of(Source.PRIMARY, Source.REPLICA)) {
                reason.insteadOf()
                        .filter(from -> from != to)
                        .ifPresent(from -> fallbacks.computeIfAbsent(new Fallback(from, to), this::fallbacks));
            }
        }
        for (Source source : List.of(Source.REPLICA, Source.OLAP, Source.CACHE)) {
            for (Shortfall why : Shortfall.values()) {
                prevented.computeIfAbsent(new Prevented(source, why), this::prevented);
            }
        }
    }

    private record Decided(Source source, RoutingReason reason) {}

    private record Fallback(Source from, Source to) {}

    private record Prevented(Source source, Shortfall why) {}

    private record Refused(Source source, ErrorCode code) {}

    @Override
    public void decided(Source source, RoutingReason reason) {
        decisions.computeIfAbsent(new Decided(source, reason), this::decisions).increment();
        reason.insteadOf()
                .ifPresent(from -> fallbacks
                        .computeIfAbsent(new Fallback(from, source), this::fallbacks)
                        .increment());
    }

    @Override
    public void prevented(Source source, Shortfall why) {
        prevented.computeIfAbsent(new Prevented(source, why), this::prevented).increment();
    }

    @Override
    public void waited(Source source, Duration waited) {
        waits.computeIfAbsent(source, this::waits).record(waited);
    }

    @Override
    public void refused(Source source, ErrorCode code) {
        refusals.computeIfAbsent(new Refused(source, code), this::refusals).increment();
    }

    private Counter decisions(Decided decided) {
        return Counter.builder("atlas.routing.decisions")
                .description("Reads by the source that was chosen, and why")
                .tag("source", decided.source().wireName())
                .tag("reason", decided.reason().wireName())
                .register(meters);
    }

    private Counter fallbacks(Fallback fallback) {
        return Counter.builder("atlas.routing.fallbacks")
                .description("Reads that another source served than the preferred one")
                .tag("from", fallback.from().wireName())
                .tag("to", fallback.to().wireName())
                .register(meters);
    }

    private Counter prevented(Prevented prevention) {
        return Counter.builder("atlas.routing.violations.prevented")
                .description("Sources passed over since bound or token of the read would not have held there")
                .tag("source", prevention.source().wireName())
                .tag("why", prevention.why().wireName())
                .register(meters);
    }

    private Counter refusals(Refused refused) {
        return Counter.builder("atlas.routing.refusals")
                .description("Reads that no permitted source could serve")
                .tag("source", refused.source().wireName())
                .tag("code", refused.code().wireName())
                .register(meters);
    }

    private Timer waits(Source source) {
        return Timer.builder("atlas.routing.waits")
                .description("How long reads waited for a source to come far enough")
                .tag("source", source.wireName())
                .register(meters);
    }
}
