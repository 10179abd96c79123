package com.atlasco.atlas.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A small HTTP server that follows the contract for what the command line asks of it, and keeps entities in memory. */
public final class FakeAtlas implements AutoCloseable {

    public final Map<String, ObjectNode> attributes = new ConcurrentHashMap<>();
    public final Map<Long, ObjectNode> entities = new ConcurrentHashMap<>();
    public final List<JsonNode> requests = new CopyOnWriteArrayList<>();
    public final List<String> headers = new CopyOnWriteArrayList<>();

    /** Batches that are answered only as far as their first item, and then cut off. */
    public final AtomicInteger cutBatches = new AtomicInteger();

    /** Batches that are turned away as a whole. */
    public final AtomicInteger busyBatches = new AtomicInteger();

    /** Batches that are taken before all others are turned away. */
    public final AtomicInteger takenBatches = new AtomicInteger(Integer.MAX_VALUE);

    /** Items, by their place in a batch from 0, for which there is too much to do, once. */
    public final Set<Integer> busyItems = ConcurrentHashMap.newKeySet();

    /** Entities that there may be. */
    public final AtomicInteger mostEntities = new AtomicInteger(Integer.MAX_VALUE);

    private final ObjectMapper mapper = new ObjectMapper();
    private final AtomicLong ids = new AtomicLong(5_000_000);
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile ObjectNode answer = mapper.createObjectNode();
    private volatile int status = 200;

    public FakeAtlas() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/api/v1/attributes", this::attributes);
        server.createContext("/api/v1/entities:batch", this::batch);
        server.createContext("/", this::other);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The stored entity of that id. */
    public ObjectNode entity(long id) {
        return Objects.requireNonNull(entities.get(id), () -> "no entity " + id);
    }

    /** The registered type of an attribute. */
    public String type(String attribute) {
        return Objects.requireNonNull(attributes.get(attribute), attribute)
                .path("data_type")
                .asText();
    }

    /** What is answered to everything that is not about attributes or batches. */
    public void answers(int newStatus, String json) throws IOException {
        status = newStatus;
        answer = (ObjectNode) mapper.readTree(json);
    }

    private void attributes(HttpExchange exchange) throws IOException {
        String name = exchange.getRequestURI().getPath().replaceFirst("^/api/v1/attributes/?", "");
        if (exchange.getRequestMethod().equals("PUT")) {
            ObjectNode definition = (ObjectNode) mapper.readTree(exchange.getRequestBody());
            definition.put("name", name).put("attribute_id", attributes.size() + 1);
            boolean known = attributes.put(name, definition) != null;
            send(exchange, known ? 200 : 201, definition);
        } else {
            ObjectNode body = mapper.createObjectNode();
            ArrayNode list = body.putArray("attributes");
            attributes.values().forEach(list::add);
            send(exchange, 200, body);
        }
    }

    private void batch(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        boolean busy = busyBatches.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
        if (busy || takenBatches.getAndUpdate(left -> Math.max(0, left - 1)) == 0) {
            exchange.getResponseHeaders().add("Retry-After", "0");
            send(exchange, 503, problem("overloaded", "too much to do", 503));
            return;
        }
        boolean cut = cutBatches.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
        exchange.getResponseHeaders().add("X-Consistency-Token", "token-" + entities.size());
        exchange.sendResponseHeaders(200, 0);
        List<String> lines =
                new ArrayList<>(new String(body, StandardCharsets.UTF_8).lines().toList());
        OutputStream out = exchange.getResponseBody();
        for (int index = 0; index < lines.size(); index++) {
            out.write((write(index, mapper.readTree(lines.get(index))) + "\n").getBytes(StandardCharsets.UTF_8));
            if (cut && index == 0) {
                out.flush();
                // An exception, and not a regular end, so that the client sees the connection break.
                throw new IOException("cut off for the test");
            }
        }
        exchange.close();
    }

    private JsonNode write(int index, JsonNode item) {
        ObjectNode result = mapper.createObjectNode().put("index", index);
        if (busyItems.remove(index)) {
            return result.put("status", 429).set("error", problem("quota_exceeded", "too many writes", 429));
        }
        for (Map.Entry<String, JsonNode> member : item.path("attributes").properties()) {
            if (!attributes.containsKey(member.getKey())) {
                result.put("status", 400)
                        .set("error", problem("unknown_attribute", "no attribute '" + member.getKey() + "'", 400));
                return result;
            }
        }
        if (item.path("entity_type").asText().isBlank()) {
            return result.put("status", 400).set("error", problem("invalid_request", "entity_type is empty", 400));
        }
        long id = item.has("entity_id") ? item.path("entity_id").longValue() : ids.incrementAndGet();
        if (!entities.containsKey(id) && entities.size() >= mostEntities.get()) {
            return result.put("status", 403).set("error", problem("quota_exceeded", "too many entities", 403));
        }
        boolean[] created = {false};
        entities.compute(id, (key, old) -> {
            created[0] = old == null;
            ObjectNode entity = old == null ? mapper.createObjectNode() : old;
            entity.put("entity_type", item.path("entity_type").asText());
            entity.withObject("/attributes").setAll((ObjectNode) item.path("attributes"));
            return entity;
        });
        return result.put("entity_id", id).put("status", created[0] ? 201 : 200).put("version", 1);
    }

    private ObjectNode problem(String code, String detail, int problemStatus) {
        return mapper.createObjectNode()
                .put("type", "about:blank")
                .put("title", code)
                .put("status", problemStatus)
                .put("code", code)
                .put("detail", detail);
    }

    private void other(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (body.length > 0) {
            requests.add(mapper.readTree(body));
        }
        exchange.getRequestHeaders()
                .forEach((name, values) -> values.forEach(value -> headers.add(name + ": " + value)));
        exchange.getResponseHeaders().add("X-Data-Source", "replica");
        exchange.getResponseHeaders().add("X-Actual-Lag-Ms", "85");
        exchange.getResponseHeaders().add("X-Data-Freshness", "realtime");
        exchange.getResponseHeaders().add("X-Routing-Reason", "point read");
        send(exchange, status, answer);
    }

    private void send(HttpExchange exchange, int code, JsonNode body) {
        try (exchange) {
            byte[] bytes = mapper.writeValueAsBytes(body);
            exchange.sendResponseHeaders(code, bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
