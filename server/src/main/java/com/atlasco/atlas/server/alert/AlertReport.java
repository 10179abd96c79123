package com.atlasco.atlas.server.alert;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How an alert is at a moment. Immutable.
 *
 * @param state {@code ok}, {@code pending} or {@code firing}
 * @param value the newest value; empty when it is not known, or has not been looked at yet
 * @param since from when on the value has been above the threshold; empty when the state is ok. A firing alert keeps it
 *     while the value is below
 * @param changedAt when it came into this state
 * @param actionTaken whether the rule's action is in force
 * @param why what is done, or why nothing is, for people
 */
public record AlertReport(
        AlertRule rule,
        String state,
        OptionalDouble value,
        Optional<Instant> since,
        Instant changedAt,
        boolean actionTaken,
        String why) {

    public boolean firing() {
        return state.equals("firing");
    }

    /** Writes it as an object; the members of the rule are named as in a file of rules. */
    public void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", rule.name());
        json.writeStringField("state", state);
        json.writeStringField("metric", rule.metric().wireName());
        json.writeFieldName("value");
        if (value.isPresent()) {
            number(json, value.getAsDouble());
        } else {
            json.writeNull();
        }
        json.writeFieldName("threshold");
        number(json, rule.threshold());
        json.writeFieldName("for_s");
        number(json, seconds(rule.hold()));
        json.writeFieldName("resolve_threshold");
        number(json, rule.resolveThreshold());
        json.writeFieldName("resolve_for_s");
        number(json, seconds(rule.resolveHold()));
        if (since.isPresent()) {
            json.writeStringField("since", since.get().toString());
        } else {
            json.writeNullField("since");
        }
        json.writeStringField("changed_at", changedAt.toString());
        json.writeStringField("action", rule.action().wireName());
        json.writeBooleanField("action_taken", actionTaken);
        json.writeStringField("why", why);
        json.writeEndObject();
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1_000.0;
    }

    private static void number(JsonGenerator json, double number) throws IOException {
        if (number == Math.rint(number) && Math.abs(number) < Long.MAX_VALUE) {
            json.writeNumber((long) number);
        } else {
            json.writeNumber(number);
        }
    }
}
