package com.atlasco.atlas.server.status;

import com.atlasco.atlas.capture.lag.CaptureLag;
import com.atlasco.atlas.capture.lag.SlotState;
import com.atlasco.atlas.capture.lag.SlotStatus;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** How capture's lag and its slot are told: in the status, and in the report of health. */
final class LagReport {

    private LagReport() {}

    /** Into the object that is open. */
    static void write(JsonGenerator json, CaptureLag lag) throws IOException {
        SlotStatus slot = lag.slot();
        json.writeObjectFieldStart("slot");
        json.writeStringField("name", slot.name());
        json.writeStringField("state", slot.state().wireName());
        json.writeStringField("since", slot.since().toString());
        json.writeStringField("why", slot.why());
        write(json, "retained_bytes", lag.retainedBytes());
        write(json, "safe_bytes", lag.safeBytes());
        write(json, "limit_bytes", lag.limitBytes());
        json.writeEndObject();
        json.writeObjectFieldStart("lag");
        write(json, "backlog_bytes", lag.backlogBytes());
        write(json, "backlog_events", lag.backlogEvents());
        write(json, "events_per_second", lag.eventsPerSecond());
        write(json, "bytes_per_second", lag.bytesPerSecond());
        write(
                json,
                "catch_up_ms",
                lag.catchUp().map(Duration::toMillis).map(OptionalLong::of).orElse(OptionalLong.empty()));
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, String name, OptionalLong value) throws IOException {
        if (value.isPresent()) {
            json.writeNumberField(name, value.getAsLong());
        } else {
            json.writeNullField(name);
        }
    }

    private static void write(JsonGenerator json, String name, OptionalDouble value) throws IOException {
        if (value.isPresent()) {
            json.writeNumberField(name, BigDecimal.valueOf(value.getAsDouble()).setScale(1, RoundingMode.HALF_UP));
        } else {
            json.writeNullField(name);
        }
    }

    /** Backlog and rate, in words. */
    static String backlog(CaptureLag lag) {
        if (lag.backlogBytes().isEmpty()) {
            return "backlog unknown";
        }
        String events = lag.backlogEvents().isPresent()
                ? " (about %,d events)".formatted(lag.backlogEvents().getAsLong())
                : "";
        String rate = lag.eventsPerSecond().isPresent()
                ? ", %,.0f events applied a second"
                        .formatted(lag.eventsPerSecond().getAsDouble())
                : "";
        return "%,d bytes of log behind%s%s".formatted(lag.backlogBytes().getAsLong(), events, rate);
    }

    /**
     * Whether the slot is in danger. Like a source's bound, what is not known is not up. A slot that is missing is no
     * danger while capture is about to make one.
     */
    static HealthReport.Component slot(CaptureLag lag) {
        SlotState state = lag.slot().state();
        boolean up = switch (state) {
            case STREAMING, INACTIVE -> !lag.retainsTooMuch();
            case MISSING -> !lag.slot().wanted();
            case LOST, UNKNOWN -> false;
        };
        return new HealthReport.Component(
                "slot",
                up,
                state.wireName(),
                Optional.empty(),
                Optional.empty(),
                lag.slot().why() + retained(lag));
    }

    private static String retained(CaptureLag lag) {
        if (lag.retainedBytes().isEmpty()) {
            return "";
        }
        String limit = lag.limitBytes().isPresent()
                ? "%,d may be retained, and more than %.0f %% of that is too much"
                        .formatted(lag.limitBytes().getAsLong(), 100 * CaptureLag.ALARMING_SHARE)
                : "there is no limit";
        return "; %,d bytes of log retained; %s".formatted(lag.retainedBytes().getAsLong(), limit);
    }
}
