package com.atlasco.atlas.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Writes at a steady rate against a running Atlas while reading in every freshness class, and reports the staleness
 * bound that every source claimed and how long reads and writes took.
 *
 * <p>Writes are merges of entities with ten attributes in small batches; reads are points, filters with a limit, and a
 * grouped aggregate, each class in turn, on a few connections.
 */
public final class SteadyBench {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int BATCHES_PER_SECOND = 20;
    private static final int ENTITIES = 50_000;
    private static final int MAX_WRITES_UNDER_WAY = 16;
    private static final long SEED = 42;

    /**
     * What to run.
     *
     * @param url of a running Atlas
     * @param tenant a tenant of its own is wise: entities and attributes are left behind
     * @param key to present, where keys are required
     * @param entitiesPerSecond the rate of writes, in steps of 20
     */
    public record Settings(
            URI url, long tenant, Optional<String> key, Duration duration, int entitiesPerSecond, int readers) {}

    private final Settings settings;
    private final Consumer<String> progress;
    private final HttpClient client;
    private final Map<String, Samples> boundBySource = new ConcurrentHashMap<>();
    private final Map<String, Samples> readMicrosByKind = new ConcurrentHashMap<>();
    private final Samples writeMicros = new Samples();
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final AtomicBoolean stop = new AtomicBoolean();

    public SteadyBench(Settings settings, Consumer<String> progress) {
        this.settings = settings;
        this.progress = progress;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .build();
    }

    /**
     * Runs for the duration and returns what was measured.
     *
     * @throws IOException when Atlas cannot be reached at the start
     */
    public BenchReport run() throws IOException, InterruptedException {
        register();
        long end = System.nanoTime() + settings.duration().toNanos();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.execute(this::write);
            for (int reader = 0; reader < settings.readers(); reader++) {
                SplittableRandom random = new SplittableRandom(SEED + reader);
                threads.execute(() -> read(random));
            }
            while (System.nanoTime() < end) {
                long left = end - System.nanoTime();
                TimeUnit.NANOSECONDS.sleep(Math.min(left, Duration.ofSeconds(5).toNanos()));
                progress.accept("%d s left, %,d entities written, %,d reads"
                        .formatted(
                                Math.max(0, TimeUnit.NANOSECONDS.toSeconds(end - System.nanoTime())),
                                written.get(),
                                boundBySource.values().stream()
                                        .mapToInt(Samples::count)
                                        .sum()));
            }
            stop.set(true);
        }
        return report();
    }

    private void register() throws IOException, InterruptedException {
        for (int i = 0; i < 10; i++) {
            String type = i < 5 ? "number" : i < 8 ? "text" : i == 8 ? "bool" : "ts";
            HttpResponse<String> response = send(request("/api/v1/attributes/steady_" + i)
                    .header("Content-Type", "application/json")
                    .PUT(HttpRequest.BodyPublishers.ofString(
                            "{\"data_type\":\"%s\",\"hot\":%s}".formatted(type, i < 1 || i == 5)))
                    .build());
            if (response.statusCode() >= 300) {
                throw new IOException(
                        "registering an attribute answered " + response.statusCode() + ": " + response.body());
            }
        }
    }

    private void write() {
        SplittableRandom random = new SplittableRandom(SEED);
        int size = Math.max(1, settings.entitiesPerSecond() / BATCHES_PER_SECOND);
        long period = TimeUnit.SECONDS.toNanos(1) / BATCHES_PER_SECOND;
        long next = System.nanoTime();
        Semaphore places = new Semaphore(MAX_WRITES_UNDER_WAY);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            while (!stop.get()) {
                StringBuilder lines = new StringBuilder(size * 300);
                for (int i = 0; i < size; i++) {
                    entity(lines, random);
                }
                // A batch goes out at its time, whether or not those before it are answered.
                places.acquireUninterruptibly();
                threads.execute(() -> {
                    try {
                        write(lines.toString(), size);
                    } finally {
                        places.release();
                    }
                });
                next += period;
                LockSupport.parkNanos(Math.max(0, next - System.nanoTime()));
            }
        }
    }

    private void write(String lines, int size) {
        long started = System.nanoTime();
        try {
            HttpResponse<String> response = send(request("/api/v1/entities:batch")
                    .header("Content-Type", "application/x-ndjson")
                    .POST(HttpRequest.BodyPublishers.ofString(lines))
                    .build());
            JsonNode results = MAPPER.readTree(response.body());
            for (JsonNode result : results) {
                (result.path("status").asInt() < 300 ? written : failures).incrementAndGet();
            }
        } catch (IOException failed) {
            failures.addAndGet(size);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        writeMicros.add((System.nanoTime() - started) / 1_000);
    }

    private static void entity(StringBuilder lines, SplittableRandom random) {
        lines.append("{\"entity_id\":")
                .append(1 + random.nextInt(ENTITIES))
                .append(",\"entity_type\":\"steady\",\"attributes\":{");
        for (int i = 0; i < 10; i++) {
            lines.append(i == 0 ? "" : ",").append("\"steady_").append(i).append("\":");
            if (i < 5) {
                lines.append(random.nextInt(1000) / 10.0);
            } else if (i < 8) {
                lines.append("\"value-").append(random.nextInt(20)).append('"');
            } else if (i == 8) {
                lines.append(random.nextBoolean());
            } else {
                lines.append("\"2026-01-%02dT00:00:00Z\"".formatted(1 + random.nextInt(28)));
            }
        }
        lines.append("}}\n");
    }

    private void read(SplittableRandom random) {
        String[] classes = {"realtime", "interactive", "operational", "analytical", "batch"};
        for (int turn = random.nextInt(100); !stop.get(); turn++) {
            String freshness = classes[turn % classes.length];
            String kind = switch (turn / classes.length % 8) {
                case 0 -> "aggregate";
                case 1, 2, 3 -> "filter";
                default -> "point";
            };
            try {
                read(kind, freshness, random);
                // A pause, so that the readers leave the two cores to the writes they measure.
                TimeUnit.MILLISECONDS.sleep(10);
            } catch (IOException failed) {
                failures.incrementAndGet();
            } catch (InterruptedException interrupted) {
                return;
            }
        }
    }

    private void read(String kind, String freshness, SplittableRandom random) throws IOException, InterruptedException {
        HttpRequest.Builder request = switch (kind) {
            case "aggregate" ->
                request("/api/v1/analytics/aggregate")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("""
                        {"filter": "entity_type = 'steady'", "group_by": [{"attribute": "steady_5"},
                         {"attribute": "steady_0", "histogram": {"min": 0, "max": 100, "buckets": 10}}],
                         "metrics": [{"op": "count"}, {"op": "avg", "attribute": "steady_1"}]}"""));
            case "filter" ->
                request("/api/v1/entities?limit=20&filter=steady_5%20%3D%20'value-" + random.nextInt(20)
                        + "'%20AND%20steady_0%20%3E%2080");
            default -> request("/api/v1/entities/" + (1 + random.nextInt(ENTITIES)));
        };
        long started = System.nanoTime();
        HttpResponse<String> response =
                send(request.header("X-Freshness-Requirement", freshness).build());
        long micros = (System.nanoTime() - started) / 1_000;
        if (response.statusCode() != 200 && response.statusCode() != 404) {
            failures.incrementAndGet();
            return;
        }
        String source = response.headers().firstValue("X-Data-Source").orElse("none");
        readMicrosByKind
                .computeIfAbsent(kind + "_" + source, absent -> new Samples())
                .add(micros);
        boundBySource
                .computeIfAbsent(source, absent -> new Samples())
                .add(response.headers().firstValueAsLong("X-Actual-Lag-Ms").orElseThrow());
    }

    private BenchReport report() {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put(
                "entities_per_s",
                Math.round(written.get() / (double) settings.duration().toSeconds()));
        figures.put("failures", failures.get());
        figures.put("write_batch_p50_ms", writeMicros.percentile(50) / 1_000.0);
        figures.put("write_batch_p99_ms", writeMicros.percentile(99) / 1_000.0);
        new TreeMap<>(boundBySource).forEach((source, bounds) -> {
            figures.put(source + "_reads", bounds.count());
            figures.put(source + "_bound_p50_ms", bounds.percentile(50));
            figures.put(source + "_bound_p99_ms", bounds.percentile(99));
            figures.put(source + "_bound_max_ms", bounds.percentile(100));
        });
        new TreeMap<>(readMicrosByKind).forEach((kind, micros) -> {
            figures.put(kind + "_p50_ms", micros.percentile(50) / 1_000.0);
            figures.put(kind + "_p99_ms", micros.percentile(99) / 1_000.0);
        });
        return new BenchReport(
                "steady",
                Map.of(
                        "seconds", settings.duration().toSeconds(),
                        "entities_per_s", settings.entitiesPerSecond(),
                        "attributes", 10,
                        "readers", settings.readers()),
                figures,
                Map.of());
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(settings.url().resolve(path))
                .timeout(Duration.ofSeconds(30))
                .header("X-Tenant-Id", Long.toString(settings.tenant()));
        settings.key().ifPresent(key -> request.header("Authorization", "Bearer " + key));
        return request;
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
