package com.atlasco.atlas.bench.crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** The API as the bench uses it. Thread-safe. */
final class Client implements AutoCloseable {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final int PAGE = 1_000;
    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(700);
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(10);

    /** Written to see whether writes succeed; no other writer has it. */
    static final long PROBE_ENTITY = 1_000_000;

    private final URI base;
    private final HttpClient client;
    private final AtomicLong longestMillis = new AtomicLong();

    Client(URI base) {
        this.base = base;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(2))
                .build();
    }

    /** What became of a write, as far as its sender knows. */
    sealed interface Outcome {
        record Acknowledged(long version) implements Outcome {}

        /** Told that nothing was written. */
        record Refused() implements Outcome {}

        record Unknown() implements Outcome {}

        /** An answer that a failure must not lead to. */
        record Unexpected(String answer) implements Outcome {}
    }

    Outcome write(Operation operation) throws InterruptedException {
        HttpRequest.Builder request = switch (operation.name()) {
            case "create" -> request("/api/v1/entities").POST(BodyPublishers.ofString(operation.body()));
            case "replace" -> entity(operation).PUT(BodyPublishers.ofString(operation.body()));
            case "delete" -> entity(operation).DELETE();
            default ->
                entity(operation)
                        .setHeader("Content-Type", "application/merge-patch+json")
                        .method("PATCH", BodyPublishers.ofString(operation.body()));
        };
        try {
            HttpResponse<String> response = send(request);
            String etag = response.headers().firstValue("ETag").orElse("\"0\"");
            return outcome(response.statusCode(), Long.parseLong(etag.replaceAll("\\D", "")), response.body());
        } catch (ConnectException nobodyListens) {
            return new Outcome.Refused();
        } catch (IOException broken) {
            return new Outcome.Unknown();
        }
    }

    /** In the order of the operations. */
    List<Outcome> writeBatch(List<Operation> operations) throws InterruptedException {
        HttpRequest.Builder request = request("/api/v1/entities:batch")
                .setHeader("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofString(
                        operations.stream().map(Operation::item).collect(Collectors.joining("\n"))));
        try {
            HttpResponse<String> response = send(request);
            List<Outcome> outcomes = new ArrayList<>();
            if (response.statusCode() != 200) {
                Outcome all = outcome(response.statusCode(), 0, response.body());
                operations.forEach(operation -> outcomes.add(all));
                return outcomes;
            }
            for (JsonNode result : MAPPER.readTree(response.body())) {
                outcomes.add(outcome(
                        result.path("status").intValue(), result.path("version").longValue(), result.toString()));
            }
            return outcomes;
        } catch (ConnectException nobodyListens) {
            return List.copyOf(Collections.nCopies(operations.size(), new Outcome.Refused()));
        } catch (IOException broken) {
            return List.copyOf(Collections.nCopies(operations.size(), new Outcome.Unknown()));
        }
    }

    private static Outcome outcome(int status, long version, String body) {
        return switch (status) {
            case 200, 201, 204 -> new Outcome.Acknowledged(version);
            case 429, 503 -> new Outcome.Refused();
            case 504 -> new Outcome.Unknown();
            default -> new Outcome.Unexpected(status + " " + body);
        };
    }

    void register() throws IOException, InterruptedException {
        for (var type : State.TYPES.entrySet()) {
            send(
                    request("/api/v1/attributes/" + type.getKey())
                            .PUT(BodyPublishers.ofString("{\"data_type\":\"%s\",\"filterable\":%s}"
                                    .formatted(type.getValue(), !type.getKey().equals(State.UNINDEXED)))),
                    200,
                    201);
        }
    }

    JsonNode status() throws IOException, InterruptedException {
        return MAPPER.readTree(send(request("/status").GET(), 200).body());
    }

    /**
     * All entities of a type.
     *
     * @param pinned the source that has to give them
     */
    Map<Long, JsonNode> entities(String entityType, String freshness, Optional<String> pinned)
            throws IOException, InterruptedException {
        Map<Long, JsonNode> entities = new HashMap<>();
        String cursor = "";
        do {
            String body = "{\"filter\":\"entity_type = '%s'\",\"limit\":%d%s}"
                    .formatted(
                            entityType,
                            PAGE,
                            cursor.isEmpty() ? "" : ",\"cursor\":" + MAPPER.writeValueAsString(cursor));
            HttpRequest.Builder search = request("/api/v1/entities/search")
                    .header("X-Freshness-Requirement", freshness)
                    .POST(BodyPublishers.ofString(body));
            pinned.ifPresent(source -> search.header("X-Data-Source", source));
            JsonNode page = MAPPER.readTree(send(search, 200).body());
            page.path("entities")
                    .forEach(entity -> entities.put(entity.path("entity_id").longValue(), entity));
            cursor = page.path("next_cursor").asText("");
            if (page.path("next_cursor").isNull()) {
                cursor = "";
            }
        } while (!cursor.isEmpty());
        return entities;
    }

    /** Any request, sent again while the answer is 503. */
    HttpResponse<String> call(String method, String path, String body, int... expected)
            throws IOException, InterruptedException {
        return send(request(path).method(method, BodyPublishers.ofString(body)), expected);
    }

    /**
     * Waits until writes succeed one after the other for a while.
     *
     * @param numbers gives each write its number
     * @param since by {@link System#nanoTime}
     * @return milliseconds from then to the first of these
     */
    long awaitServing(LongSupplier numbers, long since) throws IOException, InterruptedException {
        Optional<Long> firstSuccess = Optional.empty();
        for (long now = System.nanoTime(); now - since < PATIENCE_NANOS; now = System.nanoTime()) {
            long number = numbers.getAsLong();
            Operation probe = new Operation(
                    "replace",
                    PROBE_ENTITY,
                    List.of(State.NUMBER),
                    List.of(),
                    number,
                    State.ABSENT.with(List.of(State.NUMBER), List.of(), number));
            boolean served = write(probe) instanceof Outcome.Acknowledged;
            now = System.nanoTime();
            long answered = now;
            firstSuccess = served ? firstSuccess.or(() -> Optional.of(answered)) : Optional.empty();
            if (firstSuccess.isPresent() && now - firstSuccess.get() > QUIET_NANOS) {
                return (firstSuccess.get() - since) / 1_000_000;
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        throw new IOException("no write has succeeded for ten minutes");
    }

    /** One group for each text that entities hold, with its count and sums; the source is in the answer's header. */
    HttpResponse<String> groups(String freshness) throws IOException, InterruptedException {
        return send(request("/api/v1/analytics/aggregate")
                .header("X-Freshness-Requirement", freshness)
                .POST(BodyPublishers.ofString(
                        """
                        {"filter": "entity_type = '%s'", "group_by": [{"attribute": "%s"}],
                         "metrics": [{"op": "count"}, {"op": "sum", "attribute": "%s"},
                                     {"op": "sum", "attribute": "%s"}], "limit": 100000}""".formatted(Operation.ENTITY_TYPE, State.TEXT, State.NUMBER, State.UNINDEXED))));
    }

    static JsonNode json(HttpResponse<String> response) throws IOException {
        return MAPPER.readTree(response.body());
    }

    /** Of an answer of JSON lines. */
    static List<JsonNode> lines(HttpResponse<String> response) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : response.body().lines().toList()) {
            lines.add(MAPPER.readTree(line));
        }
        return lines;
    }

    /** The longest that any answer took. */
    long longestMillis() {
        return longestMillis.get();
    }

    private HttpRequest.Builder entity(Operation operation) {
        return request("/api/v1/entities/" + operation.entityId());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path)).timeout(LONGEST).header("Content-Type", "application/json");
    }

    private HttpResponse<String> send(HttpRequest.Builder request, int... expected)
            throws IOException, InterruptedException {
        HttpResponse<String> response = send(request);
        // A source that has just come back carries no bound for a moment: that is no loss, and passes.
        for (long begun = System.nanoTime();
                response.statusCode() == 503 && System.nanoTime() - begun < LONGEST.toNanos(); ) {
            TimeUnit.MILLISECONDS.sleep(200);
            response = send(request);
        }
        for (int status : expected) {
            if (response.statusCode() == status) {
                return response;
            }
        }
        throw new IOException("%s answered %d: %s".formatted(response.uri(), response.statusCode(), response.body()));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        long started = System.nanoTime();
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } finally {
            longestMillis.accumulateAndGet((System.nanoTime() - started) / 1_000_000, Math::max);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
