package com.atlasco.atlas.server;

import com.atlasco.atlas.capture.lag.CaptureLag;
import com.atlasco.atlas.capture.lag.SlotState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** What is known of capture's lag and of its slot, as gauges: NaN where it is not known. */
final class LagMeters {

    private final MeterRegistry meters;
    private final Supplier<CaptureLag> lag;

    private LagMeters(MeterRegistry meters, Supplier<CaptureLag> lag) {
        this.meters = meters;
        this.lag = lag;
    }

    static void register(MeterRegistry meters, Supplier<CaptureLag> lag) {
        LagMeters gauges = new LagMeters(meters, lag);
        gauges.gauge(
                "atlas.capture.backlog.bytes",
                "Log that the analytics store has yet to apply",
                known -> orNaN(known.backlogBytes()));
        gauges.gauge(
                "atlas.capture.backlog.events",
                "About how many events the backlog is: an estimate",
                known -> orNaN(known.backlogEvents()));
        gauges.gauge(
                "atlas.capture.applied.rate",
                "Events applied a second, over about the last 10 s",
                known -> orNaN(known.eventsPerSecond()));
        gauges.gauge(
                "atlas.capture.catch.up.seconds",
                "Until the backlog is gone at the present rates; NaN when it does not shrink",
                known -> known.catchUp()
                        .map(Duration::toMillis)
                        .map(millis -> millis / 1_000.0)
                        .orElse(Double.NaN));
        gauges.gauge(
                "atlas.capture.slot.retained.bytes",
                "Log that the primary keeps because of the slot",
                known -> orNaN(known.retainedBytes()));
        gauges.gauge(
                "atlas.capture.slot.safe.bytes",
                "Log that can still be written before the slot may be lost; NaN without a limit",
                known -> orNaN(known.safeBytes()));
        gauges.gauge(
                "atlas.capture.slot.limit.bytes",
                "What a slot may retain at most; NaN without a limit",
                known -> orNaN(known.limitBytes()));
        for (SlotState state : SlotState.values()) {
            Gauge.builder(
                            "atlas.capture.slot.state",
                            () -> indicator(lag.get().slot().state(), state))
                    .description("1 for the state that the slot is in; NaN for the others while it is unknown")
                    .tag("state", state.wireName())
                    .register(meters);
        }
    }

    private void gauge(String name, String description, ToDoubleFunction<CaptureLag> value) {
        Gauge.builder(name, () -> value.applyAsDouble(lag.get()))
                .description(description)
                .register(meters);
    }

    private static double indicator(SlotState now, SlotState state) {
        if (now == state) {
            return 1;
        }
        return now == SlotState.UNKNOWN ? Double.NaN : 0;
    }

    private static double orNaN(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : Double.NaN;
    }

    private static double orNaN(OptionalDouble value) {
        return value.orElse(Double.NaN);
    }
}
