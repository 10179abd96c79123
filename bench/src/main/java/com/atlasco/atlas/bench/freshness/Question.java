package com.atlasco.atlas.bench.freshness;

import com.atlasco.atlas.bench.http.Requests;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * One read.
 *
 * @param limitMillis what its bound has to stay below: the class's, or what the request accepts; 0 for no lag at all
 * @param promise the token that it presents
 */
record Question(
        String freshness,
        Shape shape,
        long limitMillis,
        String fallback,
        Optional<String> pinned,
        Optional<Tokens.Promise> promise) {

    static final String ENTITY_TYPE = "freshness";

    private static final List<String> CLASSES =
            List.of("realtime", "interactive", "operational", "analytical", "batch");
    private static final long[] BOUNDS = {100, 1_000, 30_000, 300_000, 3_600_000};
    private static final long[] LAGS = {0, 60, 150, 400, 900, 2_000, 10_000};
    private static final List<String> FALLBACKS = List.of("primary", "primary", "primary", "fail", "replica");
    private static final List<String> SOURCES = List.of("primary", "replica", "olap");
    private static final List<String> SOURCES_OF_POINTS = List.of("primary", "replica", "olap", "cache");

    /** Of a hundred reads; what is left are aggregations. Most are cheap, so that there are many. */
    private static final int POINTS = 96;

    private static final int FILTERS = 3;

    enum Shape {
        POINT,
        FILTER,
        AGGREGATE
    }

    static Question random(SplittableRandom random, Tokens tokens, Optional<Tokens.Promise> own) {
        int chosen = random.nextInt(CLASSES.size());
        long limit = BOUNDS[chosen];
        if (random.nextInt(5) == 0) {
            limit = Math.min(limit, LAGS[random.nextInt(LAGS.length)]);
        }
        int dice = random.nextInt(100);
        Shape shape = dice < POINTS ? Shape.POINT : dice < POINTS + FILTERS ? Shape.FILTER : Shape.AGGREGATE;
        List<String> sources = shape == Shape.POINT ? SOURCES_OF_POINTS : SOURCES;
        Optional<Tokens.Promise> promise = switch (random.nextInt(5)) {
            case 0 -> tokens.any(random);
            case 1 -> own;
            default -> Optional.empty();
        };
        return new Question(
                CLASSES.get(chosen),
                shape,
                limit,
                FALLBACKS.get(random.nextInt(FALLBACKS.size())),
                random.nextInt(12) == 0
                        ? Optional.of(sources.get(chosen == 0 ? 0 : random.nextInt(sources.size())))
                        : Optional.empty(),
                promise);
    }

    byte[] request(Subject subject) {
        long tenant = subject.tenant();
        String attribute = subject.attribute();
        List<String> headers = new ArrayList<>();
        headers.add("X-Freshness-Requirement: " + freshness);
        headers.add("X-Fallback-Strategy: " + fallback);
        headers.add("X-Max-Acceptable-Lag-Ms: " + limitMillis);
        pinned.ifPresent(source -> headers.add("X-Data-Source: " + source));
        promise.ifPresent(held -> headers.add("X-Consistency-Token: " + held.token()));
        return switch (shape) {
            case POINT -> Requests.get("/api/v1/entities/" + subject.number(), tenant, headers);
            case FILTER -> Requests.get("/api/v1/entities?limit=10&filter=" + attribute + "%3E0", tenant, headers);
            case AGGREGATE ->
                Requests.withBody(
                        "POST",
                        "/api/v1/analytics/aggregate",
                        tenant,
                        "application/json",
                        headers,
                        "{\"metrics\":[{\"op\":\"max\",\"attribute\":\"%s\"}]}"
                                .formatted(attribute)
                                .getBytes(StandardCharsets.UTF_8));
        };
    }

    /** Whether every source may serve it that is fresh enough, and the primary in the end. */
    boolean alwaysServed() {
        return fallback.equals("primary") && pinned.isEmpty();
    }

    /** Whether the replica serves it as long as it answers at all. */
    boolean servedByReplica() {
        return shape != Shape.AGGREGATE && limitMillis >= 30_000 && promise.isEmpty() && pinned.isEmpty();
    }

    /** The value that an answer shows; 0 when it shows none. */
    static long value(String body, String attribute) {
        int at = body.indexOf(attribute);
        if (at < 0) {
            return 0;
        }
        int from = body.indexOf(':', at) + 1;
        int to = from;
        while (to < body.length() && Character.isDigit(body.charAt(to))) {
            to++;
        }
        return to == from ? 0 : Long.parseLong(body.substring(from, to));
    }
}
