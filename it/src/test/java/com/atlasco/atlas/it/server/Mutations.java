package com.atlasco.atlas.it.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Valid requests with something of them changed at random. */
final class Mutations {

    private static final List<String> PIECES = List.of(
            "\"",
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "null",
            "-1",
            "1e400",
            "%",
            "%00",
            "%FF",
            "'",
            "\\",
            "\\u0000",
            "(",
            ")",
            " AND ",
            " OR ",
            "NOT ",
            "=",
            "<",
            ">",
            "\t",
            "\u00e4",
            "9999999999999999999999",
            "score",
            "extra",
            "true",
            "0",
            ";",
            "&",
            "?",
            "/",
            "..",
            "\"attributes\":",
            "*",
            "--");

    private final Random random;
    private final String tenant;

    Mutations(Random random, long tenant) {
        this.random = random;
        this.tenant = Long.toString(tenant);
    }

    // Never compared.
    @SuppressWarnings("ArrayRecordComponent")
    record Request(String method, String target, Map<String, String> headers, byte[] body) {
        @Override
        public String toString() {
            return "%s %s %s %s".formatted(method, target, headers, new String(body, UTF_8));
        }
    }

    Request next() {
        Request valid = valid();
        return switch (random.nextInt(4)) {
            case 0 -> new Request(valid.method, path(valid.target), valid.headers, valid.body);
            case 1 -> new Request(valid.method, valid.target, headers(valid.headers), valid.body);
            case 2 -> new Request(valid.method, valid.target, valid.headers, bytes(valid.body));
            default -> new Request(method(valid.method), valid.target, valid.headers, text(valid.body));
        };
    }

    private Request valid() {
        String entity = "{\"entity_type\":\"t\",\"attributes\":{\"score\":12.5,\"status\":\"a\",\"ok\":true,"
                + "\"seen\":\"2026-01-31T12:00:00Z\",\"extra\":{\"a\":[1,\"x\"]}}}";
        String filter =
                "status = 'a' AND (score BETWEEN 1 AND 20.5 OR ok = true) AND seen > TIMESTAMP('2020-01-01T00:00:00Z')";
        return switch (random.nextInt(9)) {
            case 0 -> request("POST", "/api/v1/entities", "application/json", entity);
            case 1 -> request("PUT", "/api/v1/entities/17", "application/json", entity);
            case 2 ->
                request(
                        "PATCH",
                        "/api/v1/entities/1",
                        "application/merge-patch+json",
                        "{\"attributes\":{\"score\":1}}");
            case 3 -> request("GET", "/api/v1/entities/1/score", "application/json", "");
            case 4 ->
                request(
                        "GET",
                        "/api/v1/entities?sortby=-score&limit=5&count=exact&filter=" + ApiClient.encode(filter),
                        "application/json",
                        "");
            case 5 ->
                request(
                        "POST",
                        "/api/v1/entities/search",
                        "application/json",
                        "{\"filter\":\"" + filter + "\",\"sortby\":\"status\",\"limit\":3}");
            case 6 ->
                request(
                        "POST",
                        "/api/v1/analytics/aggregate",
                        "application/json",
                        "{\"filter\":\"" + filter
                                + "\",\"group_by\":[{\"attribute\":\"status\"},{\"attribute\":\"score\","
                                + "\"histogram\":{\"min\":0,\"max\":10,\"buckets\":4}}],"
                                + "\"metrics\":[{\"op\":\"count\"},{\"op\":\"avg\",\"attribute\":\"score\"}],"
                                + "\"sort\":[\"-count\"],\"limit\":10}");
            case 7 ->
                request(
                        "POST",
                        "/api/v1/entities:batch",
                        random.nextBoolean() ? "application/x-ndjson" : "application/json",
                        random.nextBoolean() ? entity + "\n" + entity : "[" + entity + "," + entity + "]");
            default ->
                request(
                        "PUT",
                        "/api/v1/attributes/score",
                        "application/json",
                        "{\"data_type\":\"number\",\"unit\":\"m\"}");
        };
    }

    private Request request(String method, String target, String type, String body) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("X-Tenant-Id", tenant);
        headers.put("Content-Type", type);
        headers.put("X-Freshness-Requirement", random.nextBoolean() ? "operational" : "realtime");
        return new Request(method, target, headers, body.getBytes(UTF_8));
    }

    private String method(String method) {
        List<String> methods = List.of("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS");
        return random.nextInt(4) == 0 ? methods.get(random.nextInt(methods.size())) : method;
    }

    private Map<String, String> headers(Map<String, String> headers) {
        Map<String, String> changed = new LinkedHashMap<>(headers);
        List<String> names = List.of(
                "X-Freshness-Requirement",
                "X-Max-Acceptable-Lag-Ms",
                "X-Max-Wait-Ms",
                "X-Fallback-Strategy",
                "X-Consistency-Token",
                "Content-Type",
                "Accept",
                "If-Match");
        String name = names.get(random.nextInt(names.size()));
        changed.put(name, piecesOnly(changed.getOrDefault(name, "x")));
        return changed;
    }

    private String path(String target) {
        // A blank or a line break would only end the request line.
        return mutated(target).replaceAll("[\\s]", "+").replaceAll("[^\\x21-\\xff]", "");
    }

    private byte[] text(byte[] body) {
        return body.length == 0 ? body : mutated(new String(body, UTF_8)).getBytes(UTF_8);
    }

    private byte[] bytes(byte[] body) {
        byte[] changed = body.clone();
        for (int i = 0; i < 1 + random.nextInt(3) && changed.length > 0; i++) {
            changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
        }
        return changed;
    }

    private String piecesOnly(String value) {
        return mutated(value).replaceAll("[\\p{Cntrl}]", "");
    }

    private String mutated(String text) {
        StringBuilder changed = new StringBuilder(text);
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
            int at = random.nextInt(changed.length() + 1);
            switch (random.nextInt(3)) {
                case 0 -> changed.insert(at, PIECES.get(random.nextInt(PIECES.size())));
                case 1 -> changed.delete(at, Math.min(changed.length(), at + 1 + random.nextInt(5)));
                default -> changed.insert(at, changed.substring(at, Math.min(changed.length(), at + 12)));
            }
        }
        return changed.toString();
    }
}
