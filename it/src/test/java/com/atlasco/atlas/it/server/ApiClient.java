package com.atlasco.atlas.it.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Speaks to a node for one tenant. Thread-safe. */
record ApiClient(Supplier<URI> url, long tenant) {

    static final ObjectMapper MAPPER = new ObjectMapper();
    static final String TOKEN = "X-Consistency-Token";

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /** What the node answered. */
    record Answer(int status, Map<String, List<String>> headers, String body) {

        JsonNode json() {
            return parse(body);
        }

        /** The header's value; fails without one. */
        String header(String name) {
            List<String> values = headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
            assertThat(values).as("%s of %d %s", name, status, body).hasSize(1);
            return values.getFirst();
        }

        boolean has(String name) {
            return headers.containsKey(name.toLowerCase(Locale.ROOT));
        }

        /** Fails unless this is the status. */
        Answer expect(int expected) {
            assertThat(status).as(body).isEqualTo(expected);
            return this;
        }
    }

    static JsonNode parse(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (IOException malformed) {
            throw new UncheckedIOException(json, malformed);
        }
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Headers are names and values in turn. */
    Answer get(String path, String... headers) {
        return send("GET", path, BodyPublishers.noBody(), headers);
    }

    Answer delete(String path, String... headers) {
        return send("DELETE", path, BodyPublishers.noBody(), headers);
    }

    Answer put(String path, String json, String... headers) {
        return sendJson("PUT", path, json, headers);
    }

    Answer post(String path, String json, String... headers) {
        return sendJson("POST", path, json, headers);
    }

    Answer patch(String path, String json, String... headers) {
        return sendJson("PATCH", path, json, headers);
    }

    /** A filter, and any other parameters as {@code name=value}, not encoded. */
    Answer find(String filter, String... parameters) {
        StringBuilder path = new StringBuilder("/api/v1/entities?filter=").append(encode(filter));
        for (String parameter : parameters) {
            String[] parts = parameter.split("=", 2);
            path.append('&').append(parts[0]).append('=').append(encode(parts[1]));
        }
        return get(path.toString());
    }

    Answer batch(String ndjson, String... headers) {
        List<String> all = new ArrayList<>(List.of("Content-Type", "application/x-ndjson"));
        all.addAll(List.of(headers));
        return send("POST", "/api/v1/entities:batch", BodyPublishers.ofString(ndjson), all.toArray(String[]::new));
    }

    /** Registers attributes, given as {@code name:type}; returns the last one's token. */
    String register(String... attributes) {
        String token = "";
        for (String attribute : attributes) {
            String[] parts = attribute.split(":", 2);
            token = put("/api/v1/attributes/" + encode(parts[0]), "{\"data_type\":\"" + parts[1] + "\"}")
                    .expect(201)
                    .header(TOKEN);
        }
        return token;
    }

    /** The answer to a GET of one entity. */
    Answer entity(long entityId, String... headers) {
        return get("/api/v1/entities/" + entityId, headers);
    }

    private Answer sendJson(String method, String path, String json, String... headers) {
        for (int i = 0; i < headers.length; i += 2) {
            if (headers[i].equals("Content-Type")) {
                return send(method, path, BodyPublishers.ofString(json), headers);
            }
        }
        List<String> all = new ArrayList<>(List.of("Content-Type", "application/json"));
        all.addAll(List.of(headers));
        return send(method, path, BodyPublishers.ofString(json), all.toArray(String[]::new));
    }

    Answer send(String method, String path, BodyPublisher body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url.get().resolve(path))
                .timeout(TIMEOUT)
                .setHeader("X-Tenant-Id", Long.toString(tenant));
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        try {
            HttpResponse<String> response = HTTP.send(
                    request.method(method, body).build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            Map<String, List<String>> received = new TreeMap<>();
            response.headers().map().forEach((name, values) -> received.put(name.toLowerCase(Locale.ROOT), values));
            return new Answer(response.statusCode(), received, response.body());
        } catch (IOException failure) {
            throw new UncheckedIOException(method + " " + path, failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
