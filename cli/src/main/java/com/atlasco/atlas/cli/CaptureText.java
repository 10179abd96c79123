package com.atlasco.atlas.cli;

import com.atlasco.atlas.cli.text.Durations;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the status says of change capture, in two lines for people. */
final class CaptureText {

    private static final double MIB = 1 << 20;

    private final JsonNode capture;

    CaptureText(JsonNode capture) {
        this.capture = capture;
    }

    /** How far capture is behind. */
    String lag() {
        JsonNode lag = capture.path("lag");
        List<String> parts = new ArrayList<>();
        parts.add(capture.path("state").asText()
                + (capture.has("failure") ? ": " + capture.path("failure").asText() : ""));
        if (capture.has("remedy")) {
            parts.add(capture.path("remedy").asText());
        }
        if (capture.has("snapshot")) {
            parts.add(snapshot(capture.path("snapshot")));
        }
        JsonNode events = lag.path("backlog_events");
        parts.add(
                lag.path("backlog_bytes").isNumber()
                        ? "behind by " + mebibytes(lag.path("backlog_bytes")) + " of log"
                                + (events.isNumber()
                                        ? String.format(Locale.ROOT, ", about %,d events", events.asLong())
                                        : "")
                        : "backlog unknown");
        if (lag.path("events_per_second").isNumber()) {
            parts.add(String.format(
                    Locale.ROOT,
                    "%,d events/s applied",
                    Math.round(lag.path("events_per_second").asDouble())));
        }
        // Of a backlog of a moment there is nothing to tell.
        if (lag.path("catch_up_ms").asLong() >= 1_000) {
            parts.add("caught up in " + Durations.of(lag.path("catch_up_ms").asLong() / 1_000.0));
        }
        return String.join("; ", parts);
    }

    /** How far a snapshot is. */
    static String snapshot(JsonNode snapshot) {
        String percent = snapshot.path("percent").isNumber()
                ? String.format(
                        Locale.ROOT, ", %.1f %%", snapshot.path("percent").asDouble())
                : "";
        return String.format(
                Locale.ROOT,
                "snapshot of %s: %,d rows%s%s",
                snapshot.path("scope").asText(),
                snapshot.path("rows").asLong(),
                percent,
                snapshot.path("percent").asDouble() >= 100 ? ", waiting for the log" : "");
    }

    /** The slot, and what it retains; where it does not work, why. */
    String slot() {
        JsonNode slot = capture.path("slot");
        String state = slot.path("state").asText();
        if (!slot.path("retained_bytes").isNumber()) {
            return state + ": " + slot.path("why").asText();
        }
        StringBuilder text =
                new StringBuilder(state).append("; retains ").append(mebibytes(slot.path("retained_bytes")));
        if (slot.path("limit_bytes").isNumber()) {
            text.append(" of at most ").append(mebibytes(slot.path("limit_bytes")));
        }
        if (slot.path("safe_bytes").isNumber()) {
            text.append("; ").append(mebibytes(slot.path("safe_bytes"))).append(" until it may be lost");
        }
        return text.toString();
    }

    private static String mebibytes(JsonNode bytes) {
        return String.format(Locale.ROOT, "%.1f MiB", bytes.asLong() / MIB);
    }
}
