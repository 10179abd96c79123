package com.atlasco.atlas.server.status;

import com.atlasco.atlas.analytics.duckdb.PromotionReport;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** What the columnar store says of its columns, as a part of the status page. */
final class PromotionOutput {

    private PromotionOutput() {}

    static void write(JsonGenerator json, PromotionReport report) throws IOException {
        json.writeObjectFieldStart("analytics");
        json.writeArrayFieldStart("promoted");
        for (PromotionReport.Promoted promoted : report.promoted()) {
            json.writeStartObject();
            json.writeNumberField("tenant_id", promoted.tenant().value());
            json.writeStringField("attribute", promoted.name());
            json.writeStringField("since", promoted.since().toString());
            json.writeStringField("by", promoted.automatic() ? "automatic" : "registry");
            json.writeStringField("state", promoted.complete() ? "used" : "building");
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("decisions");
        for (PromotionReport.Decision decision : report.decisions()) {
            json.writeStartObject();
            json.writeStringField("at", decision.at().toString());
            json.writeNumberField("tenant_id", decision.tenant().value());
            json.writeStringField("attribute", decision.name());
            json.writeStringField("decision", decision.promoted() ? "promoted" : "demoted");
            json.writeStringField("reason", decision.reason());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
