package com.atlasco.atlas.server;

import com.atlasco.atlas.freshness.RoutingObserver;
import com.atlasco.atlas.freshness.RoutingReason;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Source;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** Counts what the router does. Thread-safe. */
final class RoutingMeters implements RoutingObserver {

    private final MeterRegistry meters;

    RoutingMeters(MeterRegistry meters) {
        this.meters = meters;
    }

    @Override
    public void decided(Source source, RoutingReason reason) {
        Counter.builder("atlas.routing.decisions")
                .description("Reads by the source that was chosen, and why")
                .tag("source", source.wireName())
                .tag("reason", reason.wireName())
                .register(meters)
                .increment();
    }

    @Override
    public void waited(Source source, Duration waited) {
        Timer.builder("atlas.routing.waits")
                .description("How long reads waited for a source to come far enough")
                .tag("source", source.wireName())
                .register(meters)
                .record(waited);
    }

    @Override
    public void refused(Source source, ErrorCode code) {
        Counter.builder("atlas.routing.refusals")
                .description("Reads that no permitted source could serve")
                .tag("source", source.wireName())
                .tag("code", code.wireName())
                .register(meters)
                .increment();
    }
}
