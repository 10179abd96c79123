package com.atlasco.atlas.server.http;

import com.atlasco.atlas.query.Explanation;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Map;

/** Writes how a page is found as JSON. */
final class ExplanationOutput {

    private ExplanationOutput() {}

    /**
     * Writes an explanation.
     *
     * @param headers of the answer: they name the source, and why it is that one
     */
    static void write(JsonGenerator json, Explanation explanation, Map<String, String> headers) throws IOException {
        json.writeStartObject();
        json.writeStringField("source", headers.getOrDefault("X-Data-Source", ""));
        json.writeStringField("reason", headers.getOrDefault("X-Routing-Reason", ""));
        json.writeStringField("plan", explanation.plan());
        json.writeStringField("basis", explanation.basis());
        json.writeFieldName("cost_limit_ms");
        if (explanation.costLimitMs().isPresent()) {
            json.writeNumber(rounded(explanation.costLimitMs().get()));
        } else {
            json.writeNull();
        }
        json.writeArrayFieldStart("alternatives");
        for (Explanation.Alternative alternative : explanation.alternatives()) {
            json.writeStartObject();
            json.writeStringField("plan", alternative.plan());
            json.writeNumberField("cost_ms", rounded(alternative.costMs()));
            json.writeNumberField("rows", Math.round(alternative.rows()));
            json.writeNumberField("index_entries", Math.round(alternative.entries()));
            json.writeNumberField("documents", Math.round(alternative.documents()));
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeFieldName("actual");
        if (explanation.actual().isPresent()) {
            Explanation.Actual actual = explanation.actual().get();
            json.writeStartObject();
            json.writeNumberField("rows", actual.rows());
            json.writeNumberField("index_entries", actual.entries());
            json.writeNumberField("documents", actual.documents());
            json.writeNumberField("statements", actual.statements());
            json.writeNumberField("ms", rounded(actual.millis()));
            json.writeEndObject();
        } else {
            json.writeNull();
        }
        json.writeArrayFieldStart("detail");
        for (String line : explanation.detail()) {
            json.writeString(line);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static double rounded(double millis) {
        return Math.round(millis * 1_000) / 1e3;
    }
}
