package com.atlasco.atlas.bench.freshness;

import com.atlasco.atlas.bench.BenchReport;
import com.atlasco.atlas.bench.crash.AtlasUp;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Holds every answer against what was acknowledged, while the tiers are disturbed in every way that there is a fault for.
 * Run it once.
 */
public final class FreshnessBench {

    private static final int VIOLATIONS_TOLD = 20;

    /**
     * What to run.
     *
     * @param up the command that starts Atlas, to which options are added
     * @param directory an empty one
     * @param lasting of all faults together, about; each lasts at least five seconds
     * @param leastReads all faults are begun again until there were so many
     * @param faults their names; all when empty
     * @param seed of every random choice
     * @param readers that read at once, without a pause
     * @param writers each of which has a counter of its own
     * @param tenants among which the counters are dealt out
     */
    public record Settings(
            List<String> up,
            Path directory,
            Duration lasting,
            long leastReads,
            List<String> faults,
            long seed,
            int readers,
            int writers,
            int tenants) {}

    private final Settings settings;
    private final Consumer<String> progress;
    private final SplittableRandom random;
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong violations = new AtomicLong();
    private final Map<String, Outcome> outcomes = new LinkedHashMap<>();
    private final Map<String, String> skipped = new LinkedHashMap<>();
    private final Totals totals = new Totals();
    private final List<Phase> current = new ArrayList<>();

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
     * Runs all of it; the directory is left behind, with the data of what failed.
     *
     * @throws IllegalArgumentException when there is no fault of a name
     * @throws IOException when Atlas does not start, or does not come back
     */
    public Result run() throws Exception {
        List<Scene> scenes = List.of(
                new TierScene(),
                new NetworkScene(),
                new ClockScene(settings.directory()),
                new FailoverScene(),
                new ReplicasScene());
        try {
            Map<Scene, List<String>> chosen = chosen(scenes);
            Duration each = settings.lasting()
                    .dividedBy(chosen.values().stream().mapToInt(List::size).sum());
            for (int round = 1; round == 1 || totals.reads() < settings.leastReads(); round++) {
                for (Map.Entry<Scene, List<String>> entry : chosen.entrySet()) {
                    play(entry.getKey(), entry.getValue(), each, round);
                }
            }
        } finally {
            for (Scene scene : scenes) {
                scene.close();
            }
        }
        FreshnessTable table =
                new FreshnessTable(List.copyOf(outcomes.values()), totals, skipped, written.get(), violations.get());
        return new Result(table.report(settings), table.text(), table.failures());
    }

    private Map<Scene, List<String>> chosen(List<Scene> scenes) {
        Servers none = new Servers(
                new AtlasUp(List.of(), settings.directory(), 0, settings.directory()),
                settings.directory(),
                URI.create("http://127.0.0.1"));
        Stage stage = new Stage(new Phase("none"));
        Map<Scene, List<String>> chosen = new LinkedHashMap<>();
        List<String> known = new ArrayList<>();
        for (Scene scene : scenes) {
            List<String> names =
                    scene.faults(none, stage).stream().map(Fault::name).toList();
            known.addAll(names);
            List<String> wanted = names.stream()
                    .filter(name ->
                            settings.faults().isEmpty() || settings.faults().contains(name))
                    .toList();
            if (wanted.isEmpty()) {
                continue;
            }
            scene.missing()
                    .ifPresentOrElse(why -> wanted.forEach(name -> skip(name, why)), () -> chosen.put(scene, wanted));
        }
        none.close();
        settings.faults().stream()
                .filter(name -> !known.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException("there is no " + name + ", only " + String.join(", ", known));
                });
        if (chosen.isEmpty()) {
            throw new IllegalArgumentException("none of these can be run here: " + skipped);
        }
        return chosen;
    }

    private void skip(String name, String why) {
        skipped.put(name, why);
        progress.accept("%-30s SKIPPED: %s".formatted(name, why));
    }

    private void play(Scene scene, List<String> names, Duration each, int round) throws Exception {
        Path data = settings.directory().resolve(scene.name() + "-" + round);
        long failed = failures();
        new Performance(settings, scene, data, random.split(), written, this::violation, this::begun, this::ended)
                .play(names, each);
        fold();
        if (failures() == failed) {
            delete(data);
        }
    }

    private long failures() {
        return violations.get()
                + outcomes.values().stream()
                        .filter(outcome -> !outcome.bit() || !outcome.lively())
                        .count();
    }

    private synchronized void begun(Phase phase) {
        current.add(phase);
    }

    /** What is over is kept as sums alone: a run may have any number of phases. */
    private synchronized void fold() {
        current.forEach(totals::add);
        current.clear();
    }

    private void ended(Outcome outcome) {
        outcomes.merge(outcome.fault().name(), outcome, Outcome::plus);
        progress.accept("%-30s %,11d reads, %d violations, %s, %s; %,d reads in all"
                .formatted(
                        outcome.fault().name(),
                        outcome.reads(),
                        outcome.violations(),
                        outcome.bit() ? "bit" : "DID NOT BITE",
                        outcome.served()
                                .map(share -> "%.1f %% of what had to be served was".formatted(100 * share))
                                .orElse("nothing had to be served"),
                        reads()));
    }

    private synchronized long reads() {
        return totals.reads() + current.stream().mapToLong(Phase::reads).sum();
    }

    private void violation(String what) {
        if (violations.incrementAndGet() <= VIOLATIONS_TOLD) {
            progress.accept("VIOLATION (seed " + settings.seed() + "): " + what);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
