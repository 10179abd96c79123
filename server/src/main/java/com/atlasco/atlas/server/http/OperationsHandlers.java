package com.atlasco.atlas.server.http;

import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.server.alert.AlertReport;
import com.atlasco.atlas.server.json.Json;
import com.atlasco.atlas.server.status.HealthReport;
import com.atlasco.atlas.server.status.StatusService;
import com.fasterxml.jackson.core.JsonGenerator;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Health, status, metrics and the contract itself over HTTP. */
final class OperationsHandlers {

    private final StatusService status;
    private final Supplier<List<AlertReport>> alerts;
    private final PrometheusMeterRegistry meters;
    private final Supplier<String> url;

    OperationsHandlers(
            StatusService status,
            Supplier<List<AlertReport>> alerts,
            PrometheusMeterRegistry meters,
            Supplier<String> url) {
        this.status = status;
        this.alerts = alerts;
        this.meters = meters;
        this.url = url;
    }

    Reply live(Exchange exchange) {
        return reply(new HealthReport(List.of()));
    }

    Reply ready(Exchange exchange) {
        return reply(status.ready());
    }

    Reply replication(Exchange exchange) {
        return reply(status.replication());
    }

    Reply status(Exchange exchange) {
        return Reply.json(200, json -> status.write(json, url.get()));
    }

    Reply alerts(Exchange exchange) {
        return Reply.json(200, json -> {
                    json.writeStartObject();
                    json.writeArrayFieldStart("alerts");
                    for (AlertReport alert : alerts.get()) {
                        alert.write(json);
                    }
                    json.writeEndArray();
                    json.writeEndObject();
                })
                .with("Cache-Control", "no-store");
    }

    Reply metrics(Exchange exchange) {
        return new Reply(200, "text/plain; version=0.0.4; charset=utf-8", Map.of(), Buffer.buffer(meters.scrape()));
    }

    Reply openapi(Exchange exchange) {
        return new Reply(200, "application/yaml", Map.of(), Buffer.buffer(Contract.asYaml(url.get())));
    }

    private static Reply reply(HealthReport report) {
        Json.Writer writer = json -> write(json, report);
        return Reply.json(report.up() ? 200 : 503, writer).with("Cache-Control", "no-store");
    }

    private static void write(JsonGenerator json, HealthReport report) throws IOException {
        json.writeStartObject();
        json.writeStringField("status", report.up() ? "up" : "down");
        json.writeArrayFieldStart("components");
        for (HealthReport.Component component : report.components()) {
            json.writeStartObject();
            json.writeStringField("name", component.name());
            json.writeStringField("status", component.up() ? "up" : "down");
            json.writeStringField("state", component.state());
            if (component.position().isPresent()) {
                Position reached = component.position().get();
                json.writeStringField("position", reached.lsn().toString());
                json.writeNumberField("timeline", reached.timeline());
            }
            if (component.since().isPresent()) {
                json.writeStringField("since", component.since().get().toString());
            }
            if (component.threshold().isPresent()) {
                if (component.lag().isPresent()) {
                    json.writeNumberField("lag_ms", component.lag().get().toMillis());
                } else {
                    json.writeNullField("lag_ms");
                }
                json.writeNumberField(
                        "threshold_ms", component.threshold().get().toMillis());
            }
            json.writeStringField("detail", component.detail());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
