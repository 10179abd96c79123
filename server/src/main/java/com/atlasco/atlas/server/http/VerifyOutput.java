package com.atlasco.atlas.server.http;

import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.server.json.Json;
import com.atlasco.atlas.server.json.ProblemJson;
import com.atlasco.atlas.server.verify.ComparedSource;
import com.atlasco.atlas.server.verify.Finding;
import com.atlasco.atlas.server.verify.SourceResult;
import com.atlasco.atlas.server.verify.VerifyProgress;
import com.atlasco.atlas.server.verify.VerifySummary;
import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** The lines in which a comparison is told. */
final class VerifyOutput {

    private VerifyOutput() {}

    static Buffer progress(VerifyProgress progress) {
        return line("progress", json -> {
            json.writeNumberField("entities", progress.entities());
            json.writeNumberField("findings", progress.findings());
            json.writeNumberField("percent", Math.round(progress.percent() * 10) / 10.0);
        });
    }

    static Buffer finding(Finding finding) {
        return line("finding", json -> {
            json.writeNumberField("tenant", finding.tenant().value());
            json.writeStringField("source", finding.source().wireName());
            json.writeStringField("kind", finding.kind().wireName());
            if (finding.entityId().isPresent()) {
                json.writeNumberField("entity_id", finding.entityId().getAsLong());
            }
            text(json, "attribute", finding.attribute());
            text(json, "property", finding.property());
            text(json, "expected", finding.expected());
            text(json, "actual", finding.actual());
            json.writeBooleanField("repaired", finding.repaired());
            text(json, "detail", finding.detail());
        });
    }

    static Buffer summary(VerifySummary summary) {
        return line("summary", json -> {
            json.writeBooleanField("done", true);
            json.writeNumberField("tenants", summary.tenants());
            json.writeNumberField("entities", summary.entities());
            json.writeNumberField("findings", summary.findings());
            json.writeNumberField("repaired", summary.repaired());
            json.writeNumberField("undecided", summary.undecided());
            json.writeNumberField("elapsed_ms", summary.elapsed().toMillis());
            json.writeArrayFieldStart("sources");
            for (Map.Entry<ComparedSource, SourceResult> source :
                    summary.sources().entrySet()) {
                SourceResult result = source.getValue();
                json.writeStartObject();
                json.writeStringField("source", source.getKey().wireName());
                json.writeBooleanField("compared", result.notCompared().isEmpty());
                text(json, "not_compared", result.notCompared());
                json.writeNumberField("entities", result.entities());
                json.writeNumberField("findings", result.findings());
                json.writeNumberField("repaired", result.repaired());
                json.writeNumberField("divergent_rows", result.divergentRows());
                json.writeNumberField("undecided", result.undecided());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    /** The end of a comparison that could not go on. */
    static Buffer failure(Problem problem) {
        return line("summary", json -> {
            json.writeBooleanField("done", false);
            json.writeFieldName("error");
            ProblemJson.write(json, problem);
        });
    }

    private static void text(JsonGenerator json, String name, Optional<String> text) throws IOException {
        if (text.isPresent()) {
            json.writeStringField(name, text.get());
        }
    }

    private static Buffer line(String type, Json.Writer members) {
        return Buffer.buffer(Json.bytes(json -> {
                    json.writeStartObject();
                    json.writeStringField("type", type);
                    members.write(json);
                    json.writeEndObject();
                }))
                .appendString("\n");
    }
}
