package com.atlasco.atlas.bench.crash;

import com.atlasco.atlas.bench.BenchReport;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Writes for a long time while the tiers are killed, stopped, paused, deprived of their slot, filled anew, and given other
 * attributes. After each disturbance the primary has to be what was acknowledged, the pivot what the documents say, and
 * the columnar store, by itself, what the model says; now and then all tiers are compared row by row. Run it once.
 */
public final class SoakBench {

    private static final long LONGEST_LOAD_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long LONGEST_SNAPSHOT_NANOS = Duration.ofMinutes(10).toNanos();
    private static final long PIVOT_PATIENCE_SECONDS = 60;

    /**
     * What to run.
     *
     * @param up the command that starts Atlas, to which options are added
     * @param dataDirectory an empty one
     * @param lasting how long to disturb; the last disturbance and the comparisons come on top
     * @param seed of every random choice; the moments of the operating system are its own
     */
    public record Settings(List<String> up, Path dataDirectory, Duration lasting, long seed, int writers) {}

    private final Settings settings;
    private final Consumer<String> progress;
    private final SplittableRandom random;
    private final Ledger ledger = new Ledger();
    private final Load.Counts counts = new Load.Counts();
    private final AtomicLong writes = new AtomicLong();
    private final AtomicLong violations = new AtomicLong();
    private final Map<Disturbance, Integer> done = new EnumMap<>(Disturbance.class);
    private final List<Long> caughtUpMillis = new ArrayList<>();
    private long historyChanges;
    private long comparisons;
    private long comparedEntities;
    private long findings;

    public SoakBench(Settings settings, Consumer<String> progress) {
        this.settings = settings;
        this.progress = progress;
        this.random = new SplittableRandom(settings.seed());
    }

    /**
     * What came of it.
     *
     * @param violations 0 when nothing was lost, half there, twice there or different anywhere
     */
    public record Result(BenchReport report, long violations) {}

    /**
     * Runs until the time is up; the data directory is left behind.
     *
     * @throws IOException when Atlas does not start, or does not come back
     */
    public Result run() throws IOException, InterruptedException {
        int port = AtlasUp.freePort();
        Path log =
                settings.dataDirectory().resolveSibling(settings.dataDirectory().getFileName() + ".log");
        long begun;
        Map<String, Object> inspected;
        try (AtlasUp atlas = new AtlasUp(settings.up(), settings.dataDirectory(), port, log);
                Client client = new Client(URI.create("http://127.0.0.1:" + port))) {
            atlas.launch();
            atlas.awaitReady();
            client.register();
            RegistryChanges registry = new RegistryChanges(client, random.split());
            Inspection inspection = new Inspection(client, ledger, this::violation);
            ColumnarModel model = new ColumnarModel(client, ledger, registry, this::violation);
            Deque<Disturbance> deck = new ArrayDeque<>();
            begun = System.nanoTime();
            while (System.nanoTime() - begun < settings.lasting().toNanos()) {
                if (deck.isEmpty()) {
                    deck.addAll(shuffled());
                }
                Disturbance next = deck.pop();
                long at = System.nanoTime();
                Load load = new Load(client, ledger, counts, writes, this::violation);
                load.start(settings.writers(), random);
                awaitAcknowledged(random.nextInt(50, 800));
                disturb(next, atlas, client, registry);
                client.awaitServing(writes::incrementAndGet, at);
                // Some changes come after whatever it was.
                awaitAcknowledged(random.nextInt(50, 400));
                load.stop();
                done.merge(next, 1, Integer::sum);
                inspection.documents();
                inspection.pivot(PIVOT_PATIENCE_SECONDS);
                long caughtUp = model.await();
                caughtUpMillis.add(caughtUp);
                historyChanges += model.histories(random);
                if (deck.isEmpty()) {
                    compareTiers(client);
                }
                progress.accept(
                        "%d s: %s; %,d writes acknowledged, %,d unknown; the columnar store equal after %,d ms; %d violations"
                                .formatted(
                                        (System.nanoTime() - begun) / 1_000_000_000,
                                        next.figure(),
                                        counts.acknowledged.get(),
                                        counts.unknown.get(),
                                        caughtUp,
                                        violations.get()));
            }
            compareTiers(client);
            inspected = inspection.figures();
        }
        return new Result(report((System.nanoTime() - begun) / 1_000_000_000, inspected), violations.get());
    }

    private List<Disturbance> shuffled() {
        List<Disturbance> all = new ArrayList<>(List.of(Disturbance.values()));
        for (int i = all.size() - 1; i > 0; i--) {
            Collections.swap(all, i, random.nextInt(i + 1));
        }
        return all;
    }

    private void awaitAcknowledged(int more) throws InterruptedException {
        long begun = System.nanoTime();
        long enough = counts.acknowledged.get() + more;
        while (counts.acknowledged.get() < enough && System.nanoTime() - begun < LONGEST_LOAD_NANOS) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    private void disturb(Disturbance what, AtlasUp atlas, Client client, RegistryChanges registry)
            throws IOException, InterruptedException {
        CommitWatch commits =
                new CommitWatch(settings.dataDirectory().resolve("analytics").resolve("atlas.duckdb.wal"));
        switch (what) {
            case KILL_BEFORE_COMMIT -> {
                commits.awaitQuiet();
                killJvm(atlas);
            }
            case KILL_DURING_COMMIT -> {
                commits.awaitGrowth();
                killJvm(atlas);
            }
            case KILL_AFTER_COMMIT -> {
                commits.awaitGrowth();
                commits.awaitQuiet();
                killJvm(atlas);
            }
            case RESTART -> {
                atlas.stop();
                launch(atlas);
            }
            case KILL_PRIMARY -> atlas.killServer("primary");
            case KILL_REPLICA -> atlas.killServer("replica");
            case PAUSE_REPLICA -> atlas.pauseReplica(random.nextInt(500, 8_000));
            case LOSE_SLOT -> {
                SlotSabotage slot = sabotage(client);
                atlas.kill();
                slot.lose();
                launch(atlas);
            }
            case DROP_SLOT -> {
                SlotSabotage slot = sabotage(client);
                atlas.kill();
                slot.drop();
                launch(atlas);
            }
            case CHANGE_REGISTRY -> registry.change();
            case RESYNC_EVERYTHING -> resync(client, "{}");
            case RESYNC_TENANT -> resync(client, "{\"tenant_id\":1}");
        }
    }

    /** Once the snapshot that may still be under way, of the start or of a lost slot, is whole. */
    private static void resync(Client client, String what) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        while (client.call("POST", "/api/v1/resync", what, 202, 409).statusCode() == 409) {
            if (System.nanoTime() - begun > LONGEST_SNAPSHOT_NANOS) {
                throw new IOException("another snapshot has been under way for ten minutes");
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private SlotSabotage sabotage(Client client) throws IOException, InterruptedException {
        return new SlotSabotage(new ServerAccess(settings.dataDirectory(), client.status()));
    }

    private static void killJvm(AtlasUp atlas) throws IOException, InterruptedException {
        atlas.kill();
        launch(atlas);
    }

    private static void launch(AtlasUp atlas) throws IOException {
        atlas.launch();
        atlas.awaitReady();
    }

    /** Row by row, the pivot, the replica and the columnar store with the primary. */
    private void compareTiers(Client client) throws IOException, InterruptedException {
        comparisons++;
        JsonNode summary = null;
        for (JsonNode line : Client.lines(client.call("POST", "/api/v1/verify", "{}", 200))) {
            switch (line.path("type").asText()) {
                case "finding" -> {
                    findings++;
                    violation("the tiers differ: " + line);
                }
                case "summary" -> summary = line;
                default -> {}
            }
        }
        if (summary == null || !summary.path("done").booleanValue()) {
            violation("the tiers could not be compared: " + summary);
            return;
        }
        comparedEntities = summary.path("entities").longValue();
        for (JsonNode source : summary.path("sources")) {
            if (!source.path("compared").booleanValue()
                    || source.path("undecided").longValue() > 0) {
                violation("a source could not be compared: " + source);
            }
        }
    }

    private void violation(String what) {
        if (violations.incrementAndGet() <= 20) {
            progress.accept("VIOLATION (seed " + settings.seed() + "): " + what);
        }
    }

    private BenchReport report(long seconds, Map<String, Object> inspected) {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put(
                "disturbances",
                done.values().stream().mapToInt(Integer::intValue).sum());
        done.forEach((what, times) -> figures.put(what.figure(), times));
        figures.put("acknowledged_writes", counts.acknowledged.get());
        figures.put("refused_writes", counts.refused.get());
        figures.put("unknown_writes", counts.unknown.get());
        figures.put("unexpected_answers", counts.unexpected.get());
        figures.putAll(inspected);
        Collections.sort(caughtUpMillis);
        figures.put("columnar_equal_after_p50_ms", caughtUpMillis.get(caughtUpMillis.size() / 2));
        figures.put("columnar_equal_after_max_ms", caughtUpMillis.getLast());
        figures.put("history_changes_checked", historyChanges);
        figures.put("comparisons_of_all_tiers", comparisons);
        figures.put("entities_compared", comparedEntities);
        figures.put("findings", findings);
        figures.put("violations", violations.get());
        figures.put("seconds", seconds);
        return new BenchReport(
                "soak",
                Map.of(
                        "minutes",
                        settings.lasting().toSeconds() / 60.0,
                        "seed",
                        settings.seed(),
                        "writers",
                        settings.writers()),
                figures,
                Map.of());
    }
}
