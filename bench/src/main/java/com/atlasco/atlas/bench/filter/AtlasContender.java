package com.atlasco.atlas.bench.filter;

import com.atlasco.atlas.bench.dataset.Dataset.Attribute;
import com.atlasco.atlas.bench.http.HttpConnection;
import com.atlasco.atlas.bench.http.Requests;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Atlas over HTTP, from the primary, over one connection. Reading its JSON is not counted; all else is. */
final class AtlasContender implements Contender {

    static final String NAME = "atlas";

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final List<String> REALTIME =
            List.of("X-Freshness-Requirement: realtime", "X-Fallback-Strategy: fail");

    private final HttpConnection connection;
    private final long tenant;
    private final Map<Integer, String> paths = new HashMap<>();

    AtlasContender(URI url, long tenant) throws IOException {
        this.connection = HttpConnection.open(url);
        this.tenant = tenant;
    }

    @Override
    public String name() {
        return NAME;
    }

    /** The page that comes after another is asked for with the cursor that Atlas gave at that place. */
    @Override
    public Asked prepare(FilterCase filter, Optional<Place> after) throws IOException {
        String path = path(filter, FilterCase.PAGE);
        if (after.isPresent()) {
            HttpConnection.Response before = connection.exchange(request(path(filter, FilterCase.BEFORE_DEEP_PAGE)));
            String cursor =
                    MAPPER.readTree(before.body()).path("next_cursor").asText("");
            if (cursor.isEmpty()) {
                return new Asked(Optional.empty(), "the pages before: " + before.status() + " " + before.body());
            }
            path = path + "&cursor=" + encoded(cursor);
        }
        paths.put(filter.number(), path);
        return new Asked(Optional.of(path), "");
    }

    private byte[] request(String path) {
        return Requests.get(path, tenant, REALTIME);
    }

    static String path(FilterCase filter, int limit) {
        return "/api/v1/entities?limit=" + limit + "&filter=" + encoded(Cql2.text(filter.predicates()))
                + filter.sort().map(sort -> "&sortby=" + sortBy(sort)).orElse("")
                + "&properties="
                + filter.attributes().stream().map(Attribute::name).collect(Collectors.joining(","));
    }

    static String sortBy(FilterCase.Sort sort) {
        return (sort.descending() ? "-" : "") + sort.attribute().name();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** What Atlas says of how it would answer; empty where it does not say. */
    Optional<JsonNode> explain(FilterCase filter) throws IOException {
        String path = paths.getOrDefault(filter.number(), path(filter, FilterCase.PAGE));
        HttpConnection.Response response = connection.exchange(request(path + "&explain=true"));
        if (response.status() != 200) {
            return Optional.empty();
        }
        JsonNode answer = MAPPER.readTree(response.body());
        return answer.has("entities") ? Optional.empty() : Optional.of(answer);
    }

    final class Asked implements Question {
        private final Optional<byte[]> request;
        private final String refusal;

        Asked(Optional<String> path, String refusal) {
            this.request = path.map(AtlasContender.this::request);
            this.refusal = refusal;
        }

        /** Whether there is a page so deep. */
        boolean canBeAsked() {
            return request.isPresent();
        }

        @Override
        public Answer ask() throws IOException {
            if (request.isEmpty()) {
                return Answer.refused(0, refusal);
            }
            long began = System.nanoTime();
            HttpConnection.Response response = connection.exchange(request.get());
            long nanos = System.nanoTime() - began;
            if (response.status() != 200) {
                return Answer.refused(nanos, response.status() + " " + response.body());
            }
            List<Long> ids = new ArrayList<>();
            MAPPER.readTree(response.body())
                    .path("entities")
                    .forEach(entity -> ids.add(entity.path("entity_id").asLong()));
            return Answer.of(nanos, ids);
        }

        @Override
        public void close() {}
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
