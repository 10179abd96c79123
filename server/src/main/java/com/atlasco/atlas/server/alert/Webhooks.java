package com.atlasco.atlas.server.alert;

import com.atlasco.atlas.server.json.Json;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/** Tells all addresses of every change of an alert. Thread-safe. */
final class Webhooks implements AlertListener, AutoCloseable {

    private final List<Webhook> webhooks;
    private final Supplier<String> node;

    private Webhooks(List<Webhook> webhooks, Supplier<String> node) {
        this.webhooks = webhooks;
        this.node = node;
    }

    /**
     * Starts a thread for each address.
     *
     * @param node the base URL of this node, known once it serves
     */
    static Webhooks start(List<URI> addresses, WebhookSettings settings, MeterRegistry meters, Supplier<String> node) {
        Webhook.Deliveries counted = counted(meters);
        return new Webhooks(
                addresses.stream()
                        .map(address -> Webhook.start(address, settings, counted))
                        .toList(),
                node);
    }

    private static Webhook.Deliveries counted(MeterRegistry meters) {
        Counter delivered = counter(meters, "delivered");
        Counter retried = counter(meters, "retried");
        Counter lost = counter(meters, "lost");
        return new Webhook.Deliveries() {
            @Override
            public void delivered() {
                delivered.increment();
            }

            @Override
            public void retried() {
                retried.increment();
            }

            @Override
            public void lost() {
                lost.increment();
            }
        };
    }

    private static Counter counter(MeterRegistry meters, String outcome) {
        return Counter.builder("atlas.alert.webhook")
                .description("Messages to webhooks that were delivered, tried again, or given up")
                .tag("outcome", outcome)
                .register(meters);
    }

    @Override
    public void changed(AlertReport report) {
        if (webhooks.isEmpty()) {
            return;
        }
        byte[] message = message(UUID.randomUUID().toString(), node.get(), report);
        webhooks.forEach(webhook -> webhook.post(message));
    }

    /** The body; the id is the same on every attempt. */
    static byte[] message(String id, String node, AlertReport report) {
        return Json.bytes(json -> {
            json.writeStartObject();
            json.writeStringField("id", id);
            json.writeStringField("event", report.firing() ? "firing" : "resolved");
            json.writeStringField("at", report.changedAt().toString());
            json.writeStringField("node", node);
            json.writeFieldName("alert");
            report.write(json);
            json.writeEndObject();
        });
    }

    @Override
    public void close() {
        webhooks.forEach(Webhook::close);
    }
}
