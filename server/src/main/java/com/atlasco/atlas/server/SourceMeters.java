package com.atlasco.atlas.server;

import com.atlasco.atlas.freshness.MonitoredSource;
import com.atlasco.atlas.freshness.SourceStatus;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.server.status.StatusService;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Locale;

/** What is known of each source, by its name among all of the node. */
final class SourceMeters {

    private SourceMeters() {}

    static void register(MeterRegistry meters, StatusService status) {
        for (MonitoredSource source : status.sources()) {
            Tags tags = Tags.of("source", source.source().wireName(), "node", source.node());
            Gauge.builder("atlas.source.bound", () -> status.boundMillis(source))
                    .description("How stale the source can be at most")
                    .baseUnit("milliseconds")
                    .tags(tags)
                    .register(meters);
            Gauge.builder("atlas.source.position", () -> position(source.status()))
                    .description("How far the source has come in the primary's log")
                    .baseUnit("bytes")
                    .tags(tags)
                    .register(meters);
            Gauge.builder("atlas.source.since", () -> source.status().since().toEpochMilli() / 1e3)
                    .description("When the source came into its state, in seconds of the epoch")
                    .tags(tags)
                    .register(meters);
            for (SourceStatus.State state : SourceStatus.State.values()) {
                Gauge.builder("atlas.source.state", () -> source.status().state() == state ? 1 : 0)
                        .description("Whether the source is in that state")
                        .tags(tags.and("state", state.name().toLowerCase(Locale.ROOT)))
                        .register(meters);
            }
        }
    }

    private static double position(SourceStatus status) {
        return status.position()
                .map(Position::lsn)
                .map(lsn -> (double) lsn.value())
                .orElse(Double.NaN);
    }
}
