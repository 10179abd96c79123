package com.atlasco.atlas.bench.aggregate;

import com.atlasco.atlas.bench.aggregate.AggregateCase.Key;
import com.atlasco.atlas.bench.aggregate.AggregateCase.Metric;
import com.atlasco.atlas.bench.filter.Cql2;
import com.atlasco.atlas.bench.http.HttpConnection;
import com.atlasco.atlas.bench.http.Requests;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Atlas over HTTP, from its columnar store. Reading its JSON is not counted; all else is. */
final class AtlasAggregate implements Contender {

    static final String NAME = "atlas";

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final List<String> ANALYTICAL =
            List.of("X-Freshness-Requirement: analytical", "X-Fallback-Strategy: fail");

    private final HttpConnection connection;
    private final long tenant;

    AtlasAggregate(URI url, long tenant) throws IOException {
        this.connection = HttpConnection.open(url);
        this.tenant = tenant;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Question prepare(AggregateCase aggregate) {
        byte[] request = Requests.withBody(
                "POST",
                "/api/v1/analytics/aggregate",
                tenant,
                "application/json",
                ANALYTICAL,
                body(aggregate).getBytes(StandardCharsets.UTF_8));
        return new Asked(request, aggregate);
    }

    static String body(AggregateCase aggregate) {
        ObjectNode body = MAPPER.createObjectNode();
        if (!aggregate.predicates().isEmpty()) {
            body.put("filter", Cql2.text(aggregate.predicates()));
        }
        ArrayNode keys = body.putArray("group_by");
        for (Key key : aggregate.keys()) {
            ObjectNode one = keys.addObject().put("attribute", key.attribute().name());
            switch (key) {
                case Key.ByValue _ -> {}
                case Key.ByInterval(var _, String unit) -> one.put("interval", unit);
                case Key.Histogram(var _, double min, double max, int buckets) ->
                    one.putObject("histogram").put("min", min).put("max", max).put("buckets", buckets);
            }
        }
        ArrayNode metrics = body.putArray("metrics");
        for (Metric metric : aggregate.metrics()) {
            ObjectNode one = metrics.addObject().put("op", metric.operation().word());
            metric.attribute().ifPresent(attribute -> one.put("attribute", attribute.name()));
        }
        return body.toString();
    }

    private final class Asked implements Question {
        private final byte[] request;
        private final AggregateCase aggregate;

        Asked(byte[] request, AggregateCase aggregate) {
            this.request = request;
            this.aggregate = aggregate;
        }

        @Override
        public Answer ask() throws IOException {
            long began = System.nanoTime();
            HttpConnection.Response response = connection.exchange(request);
            long nanos = System.nanoTime() - began;
            String source = response.header("X-Data-Source").orElse("nowhere");
            if (response.status() != 200 || !source.equals("olap")) {
                throw new IOException("%s was answered %d by %s: %s"
                        .formatted(aggregate.name(), response.status(), source, response.body()));
            }
            return new Answer(nanos, Optional.of(groups(MAPPER.readTree(response.body()))));
        }

        private Groups groups(JsonNode answer) {
            Map<List<String>, List<Double>> groups = new HashMap<>();
            for (JsonNode group : answer.path("groups")) {
                List<String> key = new ArrayList<>();
                for (Key part : aggregate.keys()) {
                    key.add(part(part, group.path("key").path(part.attribute().name())));
                }
                List<Double> figures = new ArrayList<>();
                for (Metric metric : aggregate.metrics()) {
                    figures.add(group.path("metrics").path(metric.name()).asDouble());
                }
                groups.put(key, figures);
            }
            return new Groups(groups);
        }

        private static String part(Key key, JsonNode value) {
            return switch (key) {
                case Key.ByValue _ -> value.asText();
                case Key.ByInterval _ ->
                    Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(value.asText())));
                case Key.Histogram _ -> value.path("bucket").asText();
            };
        }

        @Override
        public void close() {}
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
