package com.atlasco.atlas.bench.crash;

import com.atlasco.atlas.bench.BenchReport;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Kills Atlas or its PostgreSQL at random moments under load, and after each kill compares what is there with what was
 * acknowledged: nothing acknowledged may be missing, nothing may be half there, the pivot must equal the documents, and
 * the analytics store the primary. Run it once.
 */
public final class CrashBench {

    private static final long LONGEST_LOAD_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(10);

    /** Whom to kill. */
    public enum Target {
        /** The process of {@code atlas up}; its servers go on without it. */
        JVM,
        /** Processes of PostgreSQL; {@code atlas up} has to bring them back. */
        POSTGRES
    }

    /**
     * What to run.
     *
     * @param up the command that starts Atlas, to which options are added
     * @param dataDirectory an empty one
     * @param seed of every random choice; the moments of the operating system are its own
     */
    public record Settings(List<String> up, Path dataDirectory, Target target, int kills, long seed, int writers) {}

    private final Settings settings;
    private final Consumer<String> progress;
    private final SplittableRandom random;
    private final Ledger ledger = new Ledger();
    private final Load.Counts counts = new Load.Counts();
    private final AtomicLong writes = new AtomicLong();
    private final AtomicLong violations = new AtomicLong();
    private final ServingAgain servingAgain = new ServingAgain();
    private final Map<Victim, Integer> killed = new LinkedHashMap<>();
    private long olapDifferences;

    public CrashBench(Settings settings, Consumer<String> progress) {
        this.settings = settings;
        this.progress = progress;
        this.random = new SplittableRandom(settings.seed());
    }

    /**
     * What came of it.
     *
     * @param violations 0 when nothing was lost, half there or different anywhere
     */
    public record Result(BenchReport report, long violations) {}

    /** A kill, and how long after it a write was acknowledged. */
    private record Kill(Victim victim, long servedAgainMillis) {}

    /**
     * Runs until all kills are done; the data directory is left behind.
     *
     * @throws IOException when Atlas does not start, or does not come back
     */
    public Result run() throws IOException, InterruptedException {
        int port = AtlasUp.freePort();
        Path log =
                settings.dataDirectory().resolveSibling(settings.dataDirectory().getFileName() + ".log");
        long started = System.nanoTime();
        long longest;
        Map<String, Object> inspected;
        try (AtlasUp atlas = new AtlasUp(settings.up(), settings.dataDirectory(), port, log);
                Client client = new Client(URI.create("http://127.0.0.1:" + port))) {
            atlas.launch();
            atlas.awaitReady();
            client.register();
            Inspection inspection = new Inspection(client, ledger, this::violation);
            while (kills() < settings.kills()) {
                Load load = new Load(client, ledger, counts, writes, this::violation);
                load.start(settings.writers(), random);
                awaitAcknowledged(random.nextInt(20, 600));
                TimeUnit.MILLISECONDS.sleep(random.nextInt(50));
                Kill kill = switch (settings.target()) {
                    case JVM -> killJvm(atlas, client, load);
                    case POSTGRES -> killPostgres(atlas, client, load);
                };
                if (kill.victim().stopsWrites()) {
                    servingAgain.add(kill.servedAgainMillis());
                }
                inspection.documents();
                inspection.pivot(0);
                checkOlap(client);
                progress.accept("%d of %d kills (%s), %,d writes acknowledged, %,d unknown, %s, %d violations"
                        .formatted(
                                kills(),
                                settings.kills(),
                                kill.victim(),
                                counts.acknowledged.get(),
                                counts.unknown.get(),
                                kill.victim().stopsWrites()
                                        ? "served again after " + kill.servedAgainMillis() + " ms"
                                        : "writes went on",
                                violations.get()));
            }
            longest = client.longestMillis();
            inspected = inspection.figures();
        }
        return new Result(report((System.nanoTime() - started) / 1_000_000_000, longest, inspected), violations.get());
    }

    /** So many more writes, rather than so much time: a slow machine is killed in the middle of as much work. */
    private void awaitAcknowledged(int more) throws InterruptedException {
        long begun = System.nanoTime();
        long enough = counts.acknowledged.get() + more;
        while (counts.acknowledged.get() < enough && System.nanoTime() - begun < LONGEST_LOAD_NANOS) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    private int kills() {
        return killed.values().stream().mapToInt(Integer::intValue).sum();
    }

    private Kill killJvm(AtlasUp atlas, Client client, Load load) throws IOException, InterruptedException {
        atlas.kill();
        load.stop();
        Victim victim = Victim.JVM_UNDER_LOAD;
        killed.merge(victim, 1, Integer::sum);
        // Sometimes in the middle of coming back, too.
        while (kills() < settings.kills() && random.nextInt(4) == 0) {
            atlas.launch();
            TimeUnit.MILLISECONDS.sleep(random.nextInt(100, 6_000));
            atlas.kill();
            victim = Victim.JVM_WHILE_STARTING;
            killed.merge(victim, 1, Integer::sum);
        }
        long launched = System.nanoTime();
        atlas.launch();
        Kill kill = new Kill(victim, client.awaitServing(writes::incrementAndGet, launched));
        atlas.awaitReady();
        return kill;
    }

    private Kill killPostgres(AtlasUp atlas, Client client, Load load) throws IOException, InterruptedException {
        long at = System.nanoTime();
        Victim victim = atlas.killPostgres(random);
        killed.merge(victim, 1, Integer::sum);
        Kill kill = new Kill(victim, client.awaitServing(writes::incrementAndGet, at));
        load.stop();
        if (!atlas.alive()) {
            throw new IOException("atlas up ended when a process of PostgreSQL was killed");
        }
        return kill;
    }

    /** The columnar store has to come to what the primary has, by itself. */
    private void checkOlap(Client client) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        List<JsonNode> expected = groups(client.groups("realtime"));
        while (true) {
            HttpResponse<String> olap = client.groups("analytical");
            boolean fromOlap = olap.headers()
                    .firstValue("X-Data-Source")
                    .filter("olap"::equals)
                    .isPresent();
            if (fromOlap && groups(olap).equals(expected)) {
                return;
            }
            if (System.nanoTime() - begun > PATIENCE_NANOS) {
                olapDifferences++;
                violation("the analytics store differs from the primary after ten minutes; it answers "
                        + olap.statusCode() + " "
                        + olap.body().substring(0, Math.min(300, olap.body().length())));
                return;
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private static List<JsonNode> groups(HttpResponse<String> answer) throws IOException {
        List<JsonNode> groups = new ArrayList<>();
        Client.json(answer).path("groups").forEach(groups::add);
        groups.sort(Comparator.comparing(JsonNode::toString));
        return groups;
    }

    private void violation(String what) {
        if (violations.incrementAndGet() <= 20) {
            progress.accept("VIOLATION (seed " + settings.seed() + "): " + what);
        }
    }

    private BenchReport report(long seconds, long longestAnswerMillis, Map<String, Object> inspected) {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put(
                "kills", killed.values().stream().mapToInt(Integer::intValue).sum());
        killed.forEach((what, times) -> figures.put("kills_" + what.toString().replace(' ', '_'), times));
        figures.put("acknowledged_writes", counts.acknowledged.get());
        figures.put("refused_writes", counts.refused.get());
        figures.put("unknown_writes", counts.unknown.get());
        figures.putAll(inspected);
        figures.put("olap_differences", olapDifferences);
        figures.put("unexpected_answers", counts.unexpected.get());
        figures.putAll(servingAgain.figures());
        figures.put("longest_answer_ms", longestAnswerMillis);
        figures.put("seconds", seconds);
        return new BenchReport(
                "crash",
                Map.of(
                        "target",
                        settings.target().name().toLowerCase(Locale.ROOT),
                        "kills",
                        settings.kills(),
                        "seed",
                        settings.seed(),
                        "writers",
                        settings.writers()),
                figures,
                Map.of());
    }
}
