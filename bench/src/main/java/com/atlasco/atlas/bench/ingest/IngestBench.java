package com.atlasco.atlas.bench.ingest;

import com.atlasco.atlas.bench.BenchReport;
import com.atlasco.atlas.bench.WarmUp;
import com.atlasco.atlas.bench.cluster.Cluster;
import com.atlasco.atlas.bench.cluster.TierSet;
import com.atlasco.atlas.bench.cluster.Workplace;
import com.atlasco.atlas.bench.dataset.Dataset;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Measures how fast Atlas takes and gives entities, beside hand-written ways to do the same on the same PostgreSQL: in
 * one run, in turns, on servers with the same settings and on fresh directories that are removed at the end.
 */
public final class IngestBench {

    /** At most so long on each set of tiers. */
    private static final Duration WARM_UP = Duration.ofSeconds(18);

    // Of one round of the warm-up, which takes about a second.
    private static final int WARM_UP_BATCH = 2_000;
    private static final int WARM_UP_SINGLES = 2_000;
    private static final int WARM_UP_READS = 3_000;
    private static final Duration CATCH_UP = Duration.ofSeconds(20);

    private final IngestSettings settings;
    private final Consumer<String> progress;
    private final long started = System.nanoTime();

    public IngestBench(IngestSettings settings, Consumer<String> progress) {
        this.settings = settings;
        this.progress = progress;
    }

    /**
     * What was found.
     *
     * @param table for people
     */
    public record Result(BenchReport report, String table) {}

    /**
     * Runs everything.
     *
     * @throws Exception when Atlas cannot be started, anything that was sent to it or to PostgreSQL was refused, or Atlas
     *     and the limit have not stored the same
     */
    public Result run() throws Exception {
        Map<TierSet, TierResult> results = new EnumMap<>(TierSet.class);
        try (Workplace workplace = Workplace.open()) {
            try {
                for (TierSet tiers : settings.tiers()) {
                    progress.accept("starting Atlas with " + tiers.description());
                    Cluster cluster = workplace.start(settings.command(), tiers);
                    try (HeapWatch heap = HeapWatch.start(cluster)) {
                        results.put(tiers, measure(cluster, heap));
                    }
                    workplace.remove(cluster);
                }
            } catch (Exception failed) {
                workplace.parkWhenEnding();
                throw failed;
            }
        }
        IngestFigures figures = new IngestFigures(results);
        return new Result(
                new BenchReport("ingest", scale(), figures.figures(), figures.ratios()),
                new IngestTable(settings, results).text() + figures.text());
    }

    private TierResult measure(Cluster cluster, HeapWatch heap) throws Exception {
        TierSet tiers = cluster.tiers();
        Dataset dataset = new Dataset(settings.seed(), settings.attributes());
        Map<Contestant, Measurement> all = new LinkedHashMap<>();
        Round rounds = new Round(cluster, settings.repeat(), this::say);
        try (Field field = Field.open(cluster, dataset, settings.tenants(), settings.seed())) {
            BatchContestants batch = new BatchContestants(field, settings);
            SingleContestants single = new SingleContestants(field, settings);
            ReadContestants read = new ReadContestants(field, settings);
            List<Contestant> reads = read.all();
            if (settings.atlasTakesPart()) {
                new WarmUp("entities written and read", WARM_UP, System::nanoTime, line -> say(tiers, line)).run(() -> {
                    Contestant.Outcome outcome = mixed(batch, single, read);
                    return outcome.count() / outcome.seconds();
                });
                cluster.awaitCaughtUp(CATCH_UP);
            }
            all.putAll(rounds.run(batch.all()));
            boolean compared = settings.has("atlas_batch") && settings.has("limit");
            if (compared) {
                SameContent.require(field);
            }
            all.putAll(rounds.run(single.closedLoop()));
            all.putAll(rounds.run(single.openLoop()));
            if (!reads.isEmpty() && field.isEmpty(BatchContestants.ATLAS)) {
                batch.atlas(1, settings.entities()).run();
            }
            all.putAll(rounds.run(reads));
            return new TierResult(all, heap.most(), compared);
        }
    }

    /** Of everything that Atlas is measured by, a bit, over as many connections as then. */
    private static Contestant.Outcome mixed(BatchContestants batch, SingleContestants single, ReadContestants read)
            throws Exception {
        List<Contestant.Outcome> all = new ArrayList<>(List.of(
                batch.atlas(1, WARM_UP_BATCH).run(),
                single.atlas(WARM_UP_SINGLES).run(),
                batch.atlas(2, WARM_UP_BATCH).run()));
        // Only now, when there is something to read.
        for (Contestant.Turn turn : read.warmUp(WARM_UP_READS)) {
            all.add(turn.run());
        }
        return Contestant.Outcome.sum(all);
    }

    private void say(TierSet tiers, String line) {
        progress.accept("%5.0f s  %s  %s"
                .formatted((System.nanoTime() - started) / 1e9, tiers.name().toLowerCase(Locale.ROOT), line));
    }

    private Map<String, Object> scale() {
        Map<String, Object> scale = new LinkedHashMap<>();
        scale.put("entities_per_turn", settings.entities());
        scale.put("attributes", settings.attributes());
        scale.put("tenants", settings.tenants());
        scale.put("entities_per_transaction", Field.TRANSACTION);
        scale.put("repeat", settings.repeat());
        scale.put("seed", settings.seed());
        scale.put("tiers", settings.tiers().stream().map(Enum::name).toList());
        scale.put("fsync", "on");
        return scale;
    }

    /** Looks every second at the heap of the server. */
    private static final class HeapWatch implements AutoCloseable {
        private final Thread thread;
        private volatile boolean closed;
        private volatile long most;

        private HeapWatch(Cluster cluster) {
            this.thread = Thread.ofPlatform().daemon().name("bench-heap").unstarted(() -> watch(cluster));
        }

        static HeapWatch start(Cluster cluster) {
            HeapWatch watch = new HeapWatch(cluster);
            watch.thread.start();
            return watch;
        }

        private void watch(Cluster cluster) {
            while (!closed) {
                try {
                    most = Math.max(most, cluster.heapUsed());
                } catch (IOException away) {
                    // It is being stopped.
                }
                LockSupport.parkNanos(1_000_000_000);
            }
        }

        long most() {
            return most;
        }

        @Override
        public void close() throws InterruptedException {
            closed = true;
            LockSupport.unpark(thread);
            thread.join();
        }
    }
}
