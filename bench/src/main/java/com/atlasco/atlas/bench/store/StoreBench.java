package com.atlasco.atlas.bench.store;

import com.atlasco.atlas.analytics.change.ChangeBatch;
import com.atlasco.atlas.analytics.duckdb.DuckDbSettings;
import com.atlasco.atlas.analytics.duckdb.DuckDbStore;
import com.atlasco.atlas.analytics.duckdb.PromotionSettings;
import com.atlasco.atlas.bench.BenchReport;
import com.atlasco.atlas.bench.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Updates random entities of a columnar store in a temporary directory, which is removed at the end, and takes a sample of
 * it every minute: how large its file is, and how long a batch takes.
 */
public final class StoreBench {

    private static final int LOAD = 5_000;
    private static final long NANOS = 1_000_000_000L;
    private static final long EVERY = 60 * NANOS;
    private static final long KIB = 1 << 10;

    private final StoreBenchSettings settings;
    private final Consumer<String> progress;

    public StoreBench(StoreBenchSettings settings, Consumer<String> progress) {
        this.settings = settings;
        this.progress = progress;
    }

    /**
     * What was found.
     *
     * @param table for people
     */
    public record Result(BenchReport report, String table) {}

    /** One run: what was seen of it, and what lies in the file at the end. */
    record Run(boolean history, List<StoreSample> samples, TableContents entities, TableContents past) {}

    /**
     * Runs, with history and without as the settings say.
     *
     * @throws IOException when the directory cannot be made or removed
     * @throws SQLException when the file cannot be looked at in the end
     */
    public Result run() throws IOException, SQLException {
        List<Run> runs = new ArrayList<>();
        for (boolean history : settings.histories()) {
            Path directory = Files.createTempDirectory("atlas-bench-store-");
            try {
                runs.add(run(directory.resolve("store.duckdb"), history));
            } finally {
                remove(directory);
            }
        }
        return new StoreBenchTable(settings, runs).result();
    }

    private Run run(Path file, boolean history) throws IOException, SQLException {
        List<StoreSample> samples = new ArrayList<>();
        DuckDbSettings store = DuckDbSettings.of(file)
                .withHistory(history)
                .withRetention(settings.retention())
                .withCheckpointBytes(settings.checkpointBytes())
                .withPromotion(PromotionSettings.upTo(0));
        try (DuckDbStore opened = DuckDbStore.open(store)) {
            UpdateStream stream = new UpdateStream(settings, InstantSource.system());
            opened.apply(stream.types());
            for (ChangeBatch batch = stream.load(LOAD); !batch.changes().isEmpty(); batch = stream.load(LOAD)) {
                opened.apply(batch);
            }
            progress.accept("%,d entities; history %s".formatted(settings.entities(), history ? "on" : "off"));
            update(opened, stream, file, samples);
        }
        return new Run(history, samples, TableContents.of(file, "entity"), TableContents.of(file, "history"));
    }

    private void update(DuckDbStore store, UpdateStream stream, Path file, List<StoreSample> samples)
            throws IOException {
        long begun = System.nanoTime();
        long sampled = begun;
        long end = begun + settings.duration().toNanos();
        long updates = 0;
        long before = 0;
        Samples micros = new Samples();
        samples.add(sample(store, file, 0, 0, 0, micros));
        progress.accept(StoreBenchTable.line(samples.getLast()));
        while (System.nanoTime() - end < 0) {
            ChangeBatch batch = stream.updates(settings.batch());
            long applying = System.nanoTime();
            store.apply(batch);
            micros.add((System.nanoTime() - applying) / 1_000);
            updates += settings.batch();
            if (settings.rate() > 0) {
                pauseUntil(begun + updates * NANOS / settings.rate());
            }
            long now = System.nanoTime();
            if (now - sampled >= EVERY || now - end >= 0) {
                samples.add(sample(
                        store,
                        file,
                        (now - begun) / (double) NANOS,
                        updates - before,
                        (now - sampled) / (double) NANOS,
                        micros));
                progress.accept(StoreBenchTable.line(samples.getLast()));
                sampled = now;
                before = updates;
                micros = new Samples();
            }
        }
    }

    private static void pauseUntil(long nanos) {
        for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private StoreSample sample(
            DuckDbStore store, Path file, double seconds, long updates, double duration, Samples micros)
            throws IOException {
        Path log = file.resolveSibling(file.getFileName() + ".wal");
        return new StoreSample(
                seconds,
                updates,
                duration == 0 ? 0 : updates / duration,
                micros.percentile(50) / 1_000.0,
                micros.percentile(100) / 1_000.0,
                new DistributionQuery(settings).millis(store),
                Files.size(file),
                Files.exists(log) ? Files.size(log) : 0,
                resident());
    }

    private static long resident() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIB)
                    .sum();
        }
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
