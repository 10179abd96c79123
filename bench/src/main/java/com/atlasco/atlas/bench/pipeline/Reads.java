package com.atlasco.atlas.bench.pipeline;

import com.atlasco.atlas.bench.Samples;
import com.atlasco.atlas.bench.dataset.Dataset;
import com.atlasco.atlas.bench.http.HttpConnection;
import com.atlasco.atlas.bench.http.Requests;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** The reads beside the writes, and what their answers claim. Thread-safe. */
final class Reads {

    static final int AGGREGATIONS_PER_SECOND = 10;
    static final int FILTERS_PER_SECOND = 50;

    private static final List<String> ANALYTICAL = List.of("X-Freshness-Requirement: analytical");
    private static final List<String> INTERACTIVE = List.of("X-Freshness-Requirement: interactive");

    private final List<Dataset.Attribute> attributes;
    private final SplittableRandom random;
    private final Map<String, Samples> boundBySource = new TreeMap<>();

    Reads(Dataset dataset, long seed) {
        this.attributes = dataset.attributes();
        this.random = new SplittableRandom(seed);
    }

    /** By country, with a mean; or a histogram. */
    synchronized OpenLoop.Request aggregation() {
        String score = attributes.get(0).name();
        String country = attributes.get(1).name();
        String body = random.nextBoolean() ? """
                {"group_by": [{"attribute": "%s"}], "metrics": [{"op": "count"}, {"op": "avg", "attribute": "%s"}]}""".formatted(country, score) : """
                {"filter": "%s = '%s'", "metrics": [{"op": "count"}],
                 "group_by": [{"attribute": "%s", "histogram": {"min": 0, "max": 100, "buckets": 20}}]}""".formatted(country, country(), score);
        return new OpenLoop.Request(
                Requests.withBody(
                        "POST",
                        "/api/v1/analytics/aggregate",
                        PipelineSettings.TENANT,
                        "application/json",
                        ANALYTICAL,
                        body.getBytes(StandardCharsets.UTF_8)),
                1);
    }

    /** A country of sixteen, some of a score, and what eight of ten are; the first hundred. */
    synchronized OpenLoop.Request filter() {
        String filter = "%s = '%s' AND %s > %d AND %s = TRUE"
                .formatted(
                        attributes.get(1).name(),
                        country(),
                        attributes.get(0).name(),
                        85 + random.nextInt(10),
                        attributes.get(3).name());
        return new OpenLoop.Request(
                Requests.get(
                        "/api/v1/entities?limit=100&filter=" + URLEncoder.encode(filter, StandardCharsets.UTF_8),
                        PipelineSettings.TENANT,
                        INTERACTIVE),
                1);
    }

    private String country() {
        return Dataset.COUNTRIES.get(random.nextInt(Dataset.COUNTRIES.size()));
    }

    synchronized boolean heard(HttpConnection.Response response, int weight) {
        if (response.status() != 200) {
            return false;
        }
        boundBySource
                .computeIfAbsent(response.header("X-Data-Source").orElse("none"), absent -> new Samples())
                .add(response.header("X-Actual-Lag-Ms").map(Long::parseLong).orElse(-1L));
        return true;
    }

    /** The staleness bounds in milliseconds that answers of each source claimed. */
    synchronized Map<String, Samples> boundBySource() {
        return Map.copyOf(boundBySource);
    }
}
