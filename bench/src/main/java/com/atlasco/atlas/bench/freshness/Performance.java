package com.atlasco.atlas.bench.freshness;

import com.atlasco.atlas.bench.crash.AtlasUp;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** One scene, played once against an Atlas of its own. For use by one thread. */
final class Performance {

    private static final long WRITE_INTERVAL_MILLIS = 10;
    private static final Duration QUIET = Duration.ofSeconds(3);
    private static final Duration SHORTEST_FAULT = Duration.ofSeconds(5);
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(3);

    private final FreshnessBench.Settings settings;
    private final Scene scene;
    private final Path data;
    private final SplittableRandom random;
    private final AtomicLong written;
    private final Consumer<String> violation;
    private final Consumer<Phase> phases;
    private final Consumer<Outcome> outcomes;

    /**
     * Plays nothing yet.
     *
     * @param data a directory that does not exist yet; it is left behind
     * @param written counts writes
     * @param violation hears of each
     * @param phases hears of each when it begins
     * @param outcomes hears of each fault when it is over
     */
    Performance(
            FreshnessBench.Settings settings,
            Scene scene,
            Path data,
            SplittableRandom random,
            AtomicLong written,
            Consumer<String> violation,
            Consumer<Phase> phases,
            Consumer<Outcome> outcomes) {
        this.settings = settings;
        this.scene = scene;
        this.data = data;
        this.random = random;
        this.written = written;
        this.violation = violation;
        this.phases = phases;
        this.outcomes = outcomes;
    }

    /**
     * Plays the faults of those names, each as long as that.
     *
     * @throws IOException when Atlas does not start, or does not come back
     */
    void play(List<String> names, Duration each) throws Exception {
        int port = AtlasUp.freePort();
        URI url = URI.create("http://127.0.0.1:" + port);
        List<String> command = new ArrayList<>(settings.up());
        command.addAll(scene.options());
        try (AtlasUp atlas = new AtlasUp(
                command, data, port, data.resolveSibling(data.getFileName() + ".log"), scene.environment())) {
            atlas.launch();
            atlas.awaitReady();
            List<Subject> subjects = subjects(url);
            Stage stage = new Stage(phase("warming up"));
            List<Thread> threads = threads(url, subjects, stage);
            try (Servers servers = new Servers(atlas, data, url)) {
                servers.look();
                TimeUnit.MILLISECONDS.sleep(QUIET.toMillis());
                Duration lasting = each.minus(QUIET);
                for (Fault fault : scene.faults(servers, stage)) {
                    if (names.contains(fault.name())) {
                        disturb(
                                fault,
                                servers,
                                stage,
                                lasting.compareTo(SHORTEST_FAULT) < 0 ? SHORTEST_FAULT : lasting);
                    }
                }
            } finally {
                stage.end();
                for (Thread thread : threads) {
                    thread.join();
                }
            }
        }
    }

    private List<Subject> subjects(URI url) throws IOException, InterruptedException {
        List<Subject> subjects = new ArrayList<>();
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (int index = 0; index < settings.writers(); index++) {
                Subject subject = Subject.of(index, settings.tenants());
                var answer = client.send(
                        HttpRequest.newBuilder(url.resolve("/api/v1/attributes/" + subject.attribute()))
                                .header("X-Tenant-Id", Long.toString(subject.tenant()))
                                .header("Content-Type", "application/json")
                                .PUT(HttpRequest.BodyPublishers.ofString("{\"data_type\":\"number\"}"))
                                .build(),
                        BodyHandlers.ofString());
                if (answer.statusCode() != 201) {
                    throw new IOException("the attribute cannot be registered: " + answer.body());
                }
                subjects.add(subject);
            }
        }
        return subjects;
    }

    private List<Thread> threads(URI url, List<Subject> subjects, Stage stage) {
        List<Thread> threads = new ArrayList<>();
        for (Subject subject : subjects) {
            Counter counter = new Counter(url, subject, WRITE_INTERVAL_MILLIS, stage, random.split(), written);
            threads.add(Thread.ofPlatform().name("bench-counter").start(counter));
        }
        for (int i = 0; i < settings.readers(); i++) {
            Reader reader = new Reader(url, subjects, stage, random.split(), violation);
            threads.add(Thread.ofPlatform().name("bench-reader").start(reader));
        }
        return threads;
    }

    private void disturb(Fault fault, Servers servers, Stage stage, Duration lasting) throws Exception {
        awaitHealthy(servers, System.nanoTime());
        stage.enter(phase("before " + fault.name()));
        TimeUnit.MILLISECONDS.sleep(QUIET.toMillis());
        Phase during = phase(fault.name());
        stage.enter(during);
        long writtenBefore = written.get();
        fault.begin().run();
        long begun = System.nanoTime();
        boolean unknown = false;
        long worst = 0;
        while (System.nanoTime() - begun < lasting.toNanos()) {
            Optional<Long> bound = bound(servers, fault.source());
            unknown |= bound.isEmpty();
            worst = Math.max(worst, bound.orElse(0L));
            TimeUnit.MILLISECONDS.sleep(50);
        }
        Optional<Long> worstMillis = unknown ? Optional.empty() : Optional.of(worst);
        boolean bit = fault.name().equals(Faults.IDLE)
                // Each writer may have had one under way.
                ? written.get() - writtenBefore <= settings.writers()
                : fault.evidence().isPresent() ? fault.evidence().get().found() : Outcome.isInBound(fault, worstMillis);
        Phase after = phase("after " + fault.name());
        stage.enter(after);
        long ended = System.nanoTime();
        fault.end().run();
        long healthyAfter = awaitHealthy(servers, ended);
        outcomes.accept(Outcome.of(fault, bit, worstMillis, during, after, healthyAfter));
    }

    private Phase phase(String name) {
        Phase phase = new Phase(name);
        phases.accept(phase);
        return phase;
    }

    /** The bound that the node tells of a source now; empty when it is not known, 0 without a source. */
    private static Optional<Long> bound(Servers servers, String source) throws InterruptedException {
        if (source.isEmpty()) {
            return Optional.of(0L);
        }
        Optional<JsonNode> status = servers.status();
        if (status.isEmpty()) {
            return Optional.empty();
        }
        for (JsonNode known : status.get().path("sources")) {
            if (known.path("name").asText().equals(source)) {
                boolean serves = !known.path("state").asText().equals("unreachable");
                return serves && known.path("bound_ms").isNumber()
                        ? Optional.of(known.path("bound_ms").longValue())
                        : Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static long awaitHealthy(Servers servers, long since) throws IOException, InterruptedException {
        while (!servers.isHealthy()) {
            if (System.nanoTime() - since > PATIENCE_NANOS) {
                throw new IOException("the sources are not healthy after three minutes: " + servers.status());
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return (System.nanoTime() - since) / 1_000_000;
    }
}
