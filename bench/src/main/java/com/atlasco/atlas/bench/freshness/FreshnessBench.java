package com.atlasco.atlas.bench.freshness;

import com.atlasco.atlas.bench.BenchReport;
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

/**
 * Holds every answer against what was acknowledged, while the tiers are disturbed in every way that there is a fault for.
 * Run it once.
 */
public final class FreshnessBench {

    private static final long FIRST_TENANT = 501;
    private static final long WRITE_INTERVAL_MILLIS = 10;
    private static final long WRITES_UNDER_WAY = 8;
    private static final Duration QUIET = Duration.ofSeconds(3);
    private static final Duration SHORTEST_FAULT = Duration.ofSeconds(5);
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(3);

    /**
     * What to run.
     *
     * @param up the command that starts Atlas, to which options are added
     * @param directory an empty one
     * @param lasting of all faults together, about; each lasts at least five seconds
     * @param faults their names; all when empty
     * @param seed of every random choice
     * @param readers that read at once, without a pause
     */
    public record Settings(
            List<String> up,
            Path directory,
            Duration lasting,
            List<String> faults,
            long seed,
            int readers,
            int tenants) {}

    private final Settings settings;
    private final Consumer<String> progress;
    private final SplittableRandom random;
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong violations = new AtomicLong();
    private final List<Outcome> outcomes = new ArrayList<>();
    private final List<Phase> phases = new ArrayList<>();

    public FreshnessBench(Settings settings, Consumer<String> progress) {
        this.settings = settings;
        this.progress = progress;
        this.random = new SplittableRandom(settings.seed());
    }

    /**
     * What came of it.
     *
     * @param failures violations, reads that were not served although they could be, and faults that did not bite
     */
    public record Result(BenchReport report, String table, long failures) {}

    /**
     * One fault.
     *
     * @param worstMillis the greatest bound of the source concerned; empty when it was unknown at some moment
     * @param healthyAfterMillis from the fault's end until every source was healthy
     */
    record Outcome(
            Fault fault, Phase before, Phase during, Optional<Long> worstMillis, long writes, long healthyAfterMillis) {

        boolean bit() {
            return switch (fault.name()) {
                // Each writer may have had one under way.
                case "idle" -> writes <= WRITES_UNDER_WAY;
                default ->
                    fault.leastMillis() == Fault.BITES_BY_ITSELF
                            || worstMillis.isEmpty()
                            || (fault.leastMillis() > 0 && worstMillis.get() >= fault.leastMillis());
            };
        }

        /** The share of the reads that had to be served which were; empty when there was none. */
        Optional<Double> served() {
            if (fault.primaryServes()) {
                return share(during.alwaysServedDone.sum(), during.alwaysServedAsked.sum());
            }
            return fault.replicaServes()
                    ? share(during.byReplicaDone.sum(), during.byReplicaAsked.sum())
                    : Optional.empty();
        }

        private static Optional<Double> share(long done, long asked) {
            return asked == 0 ? Optional.empty() : Optional.of((double) done / asked);
        }

        /** One read in a hundred may fall into the moment in which a fault begins. */
        boolean lively() {
            return served().filter(share -> share < 0.97).isEmpty();
        }
    }

    /**
     * Runs all of it; the directory is left behind.
     *
     * @throws IOException when Atlas does not start, or does not come back
     */
    public Result run() throws Exception {
        boolean promoted = settings.faults().isEmpty() || settings.faults().contains(Faults.PROMOTION);
        boolean others = settings.faults().isEmpty() || !settings.faults().equals(List.of(Faults.PROMOTION));
        if (others) {
            run("tiers", List.of(), false);
        }
        if (promoted) {
            run("synchronous", List.of("--synchronous"), true);
        }
        FreshnessTable table = new FreshnessTable(outcomes, phases, written.get(), violations.get());
        return new Result(table.report(settings), table.text(), table.failures());
    }

    private void run(String name, List<String> more, boolean promotion) throws Exception {
        int port = AtlasUp.freePort();
        URI url = URI.create("http://127.0.0.1:" + port);
        List<String> command = new ArrayList<>(settings.up());
        command.addAll(more);
        Path data = settings.directory().resolve(name);
        try (AtlasUp atlas =
                new AtlasUp(command, data, port, settings.directory().resolve(name + ".log"))) {
            atlas.launch();
            atlas.awaitReady();
            List<Reader.Tenant> tenants = tenants(url);
            Stage stage = new Stage(phase("warming up"));
            List<Thread> threads = threads(url, tenants, stage);
            try (Servers servers = new Servers(atlas, data, url)) {
                Faults faults = new Faults(servers, stage);
                List<Fault> chosen = (promotion ? List.of(faults.promotion()) : faults.all())
                        .stream()
                                .filter(fault -> settings.faults().isEmpty()
                                        || settings.faults().contains(fault.name()))
                                .toList();
                if (chosen.isEmpty()) {
                    throw new IllegalArgumentException("there is no such fault; there are "
                            + faults.all().stream().map(Fault::name).toList() + " and " + Faults.PROMOTION);
                }
                TimeUnit.MILLISECONDS.sleep(QUIET.toMillis());
                Duration each = settings.lasting().dividedBy(chosen.size()).minus(QUIET);
                for (Fault fault : chosen) {
                    disturb(fault, servers, stage, each.compareTo(SHORTEST_FAULT) < 0 ? SHORTEST_FAULT : each);
                }
            } finally {
                stage.end();
                for (Thread thread : threads) {
                    thread.join();
                }
            }
        }
    }

    private List<Reader.Tenant> tenants(URI url) throws IOException, InterruptedException {
        List<Reader.Tenant> tenants = new ArrayList<>();
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (long id = FIRST_TENANT; id < FIRST_TENANT + settings.tenants(); id++) {
                var answer = client.send(
                        HttpRequest.newBuilder(url.resolve("/api/v1/attributes/" + Question.ATTRIBUTE))
                                .header("X-Tenant-Id", Long.toString(id))
                                .header("Content-Type", "application/json")
                                .PUT(HttpRequest.BodyPublishers.ofString("{\"data_type\":\"number\"}"))
                                .build(),
                        BodyHandlers.ofString());
                if (answer.statusCode() != 201) {
                    throw new IOException("the attribute cannot be registered: " + answer.body());
                }
                tenants.add(new Reader.Tenant(id, new AckLog(), new Tokens()));
            }
        }
        return tenants;
    }

    private List<Thread> threads(URI url, List<Reader.Tenant> tenants, Stage stage) {
        List<Thread> threads = new ArrayList<>();
        for (Reader.Tenant tenant : tenants) {
            Counter counter = new Counter(
                    url,
                    tenant.id(),
                    WRITE_INTERVAL_MILLIS,
                    tenant.log(),
                    tenant.tokens(),
                    stage,
                    random.split(),
                    written);
            threads.add(Thread.ofPlatform().name("bench-counter").start(counter));
        }
        for (int i = 0; i < settings.readers(); i++) {
            Reader reader = new Reader(url, tenants, stage, random.split(), this::violation);
            threads.add(Thread.ofPlatform().name("bench-reader").start(reader));
        }
        return threads;
    }

    private void disturb(Fault fault, Servers servers, Stage stage, Duration lasting) throws Exception {
        awaitHealthy(servers, System.nanoTime());
        Phase before = phase("before " + fault.name());
        stage.enter(before);
        TimeUnit.MILLISECONDS.sleep(QUIET.toMillis());
        Phase during = phase(fault.name());
        stage.enter(during);
        long writtenBefore = written.get();
        long begun = System.nanoTime();
        fault.begin().run();
        boolean unknown = false;
        long worst = 0;
        while (System.nanoTime() - begun < lasting.toNanos()) {
            Optional<Long> bound = bound(servers, fault.source());
            unknown |= bound.isEmpty();
            worst = Math.max(worst, bound.orElse(0L));
            TimeUnit.MILLISECONDS.sleep(50);
        }
        long writes = written.get() - writtenBefore;
        Phase after = phase("after " + fault.name());
        stage.enter(after);
        long ended = System.nanoTime();
        fault.end().run();
        long healthyAfter = awaitHealthy(servers, ended);
        Outcome outcome = new Outcome(
                fault, before, during, unknown ? Optional.empty() : Optional.of(worst), writes, healthyAfter);
        outcomes.add(outcome);
        progress.accept("%-26s %,9d reads, %d violations, %s, %s"
                .formatted(
                        fault.name(),
                        during.reads(),
                        during.violations() + after.violations(),
                        outcome.bit() ? "bit" : "DID NOT BITE",
                        outcome.served()
                                .map(share -> "%.1f %% of what had to be served was".formatted(100 * share))
                                .orElse("nothing had to be served")));
    }

    private Phase phase(String name) {
        Phase phase = new Phase(name);
        phases.add(phase);
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

    private void violation(String what) {
        if (violations.incrementAndGet() <= 20) {
            progress.accept("VIOLATION (seed " + settings.seed() + "): " + what);
        }
    }
}
