package com.atlasco.atlas.server.alert;

import com.atlasco.atlas.capture.lag.CaptureLag;
import com.atlasco.atlas.freshness.MonitoredSource;
import com.atlasco.atlas.freshness.SourceStatus;
import com.atlasco.atlas.model.Source;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Reads what the monitors of the node know; asks no database. Thread-safe. */
public final class NodeReadings implements AlertReadings {

    /** No change of a row takes less log: a record's header, a block's, and the tuple's come before its data. */
    static final long LEAST_BYTES_OF_AN_EVENT = 50;

    private final List<MonitoredSource> sources;
    private final Supplier<Optional<CaptureLag>> capture;
    private final LongSupplier ticker;

    /**
     * Composes it of what is watched.
     *
     * @param ticker the monotonic clock of the sources, in nanoseconds
     */
    public NodeReadings(List<MonitoredSource> sources, Supplier<Optional<CaptureLag>> capture, LongSupplier ticker) {
        this.sources = List.copyOf(sources);
        this.capture = capture;
        this.ticker = ticker;
    }

    /** Whether the node has what the metric is measured on. */
    public boolean has(AlertMetric metric) {
        return switch (metric.tier()) {
            case PRIMARY -> true;
            case REPLICA -> has(Source.REPLICA);
            case OLAP -> has(Source.OLAP);
        };
    }

    boolean has(Source wanted) {
        return sources.stream().anyMatch(source -> source.source() == wanted);
    }

    @Override
    public OptionalDouble read(AlertMetric metric) {
        return switch (metric) {
            case REPLICA_LAG_MS -> lag(Source.REPLICA);
            case OLAP_LAG_MS -> lag(Source.OLAP);
            case PRIMARY_UNREACHABLE -> OptionalDouble.of(lag(Source.PRIMARY).isPresent() ? 0 : 1);
            case CAPTURE_BACKLOG_BYTES -> number(capture.get().map(CaptureLag::backlogBytes));
            case CAPTURE_BACKLOG_EVENTS -> number(capture.get().map(NodeReadings::events));
            case SLOT_RETAINED_SHARE -> capture.get().map(NodeReadings::share).orElse(OptionalDouble.empty());
        };
    }

    /**
     * Of several, that of the worst. A source that cannot be reached may have been replaced: of what it was known to contain
     * nothing is left, so nothing is known of the worst either.
     */
    private OptionalDouble lag(Source wanted) {
        double worst = -1;
        for (MonitoredSource source : sources) {
            if (source.source() == wanted) {
                SourceStatus status = source.status();
                Optional<Duration> bound = status.boundAt(ticker.getAsLong());
                if (status.state() == SourceStatus.State.UNREACHABLE || bound.isEmpty()) {
                    return OptionalDouble.empty();
                }
                worst = Math.max(worst, (double) bound.get().toMillis());
            }
        }
        return worst < 0 ? OptionalDouble.empty() : OptionalDouble.of(worst);
    }

    /** Until an event has been applied nothing is known of their size: then no more than there is room for. */
    private static OptionalLong events(CaptureLag lag) {
        return lag.backlogEvents().isEmpty() && lag.backlogBytes().isPresent()
                ? OptionalLong.of(lag.backlogBytes().getAsLong() / LEAST_BYTES_OF_AN_EVENT)
                : lag.backlogEvents();
    }

    private static OptionalDouble share(CaptureLag lag) {
        return lag.retainedBytes().isPresent() && lag.limitBytes().isEmpty()
                ? OptionalDouble.of(0)
                : lag.retainedShare();
    }

    private static OptionalDouble number(Optional<OptionalLong> number) {
        OptionalLong known = number.orElse(OptionalLong.empty());
        return known.isPresent() ? OptionalDouble.of((double) known.getAsLong()) : OptionalDouble.empty();
    }
}
