package com.atlasco.atlas.bench.pipeline;

import com.atlasco.atlas.bench.BenchReport;
import com.atlasco.atlas.bench.cluster.Cluster;
import com.atlasco.atlas.bench.cluster.Registration;
import com.atlasco.atlas.bench.cluster.TierSet;
import com.atlasco.atlas.bench.cluster.Workplace;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Measures the highest rate of writes that all tiers bear with reads beside, how stale the replica and the columnar store
 * are then, and what an event per entity is worth beside one per value. On servers of its own, in a fresh directory that
 * is removed at the end.
 */
public final class PipelineBench {

    private static final Duration PROBE = Duration.ofSeconds(20);

    /** Loading runs no reads; their code would still be compiled, on the same processors, while the first rates are tried. */
    private static final Duration WARM_UP = Duration.ofSeconds(40);

    private static final int WARM_UP_RATE = 500;
    private static final Duration CATCH_UP = Duration.ofSeconds(60);

    /** How often the long run is made anew, slower, when it was more than was borne. */
    private static final int SLOWER = 2;

    private static final double SLOWER_BY = 0.85;

    private final PipelineSettings settings;
    private final Consumer<String> progress;
    private final long started = System.nanoTime();

    public PipelineBench(PipelineSettings settings, Consumer<String> progress) {
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
     * @throws Exception when Atlas cannot be started, or the row per value was not captured right
     */
    public Result run() throws Exception {
        try (Workplace workplace = Workplace.open()) {
            try {
                say("starting Atlas with " + TierSet.ALL.description());
                Cluster cluster = workplace.start(settings.command(), TierSet.ALL);
                Result result = measure(cluster, workplace);
                workplace.remove(cluster);
                return result;
            } catch (Exception failed) {
                workplace.parkWhenEnding();
                throw failed;
            }
        }
    }

    private Result measure(Cluster cluster, Workplace workplace) throws Exception {
        EntityMix mix = new EntityMix(settings.seed(), settings.attributes());
        Registration.register(cluster, mix.first(), PipelineSettings.TENANT);
        double loaded = load(cluster, mix);
        say("%,d entities loaded and captured, %,.0f/s".formatted(settings.entities(), loaded));
        say("reads, %,d s for warm-up".formatted(WARM_UP.toSeconds()));
        Stretch.run(cluster, mix, WARM_UP_RATE, WARM_UP, settings.seed() + 2);
        int rate = settings.rate().isPresent() ? settings.rate().getAsInt() : search(cluster, mix, (int) loaded);
        Stretch run = longRun(cluster, mix, rate);
        for (int slower = 0;
                slower < SLOWER
                        && settings.rate().isEmpty()
                        && !run.complaints().isEmpty();
                slower++) {
            say("%,d entities/s are too many for long: %s".formatted(rate, String.join(", ", run.complaints())));
            rate = (int) (rate * SLOWER_BY) / 100 * 100;
            run = longRun(cluster, mix, rate);
        }
        Optional<Stretch> withinBars =
                run.complaintsOfBars().isEmpty() ? Optional.of(run) : withinBars(cluster, mix, run.offered());
        cluster.awaitCaughtUp(CATCH_UP);
        say("the same entities as fast as they go: an event per entity, then a row and an event per value");
        Comparison.Outcome comparison = new Comparison(cluster, settings).run(mix, workplace);
        return new PipelineTable(settings, run, withinBars, comparison).result();
    }

    /** The highest rate below this one at which bounds stay below their bars. */
    private Optional<Stretch> withinBars(Cluster cluster, EntityMix mix, int rate) throws Exception {
        if (settings.rate().isPresent()) {
            return Optional.empty();
        }
        say("rates at which both bounds stay below their bars");
        // In the order of their rates: the search only goes up after one that was borne.
        List<Stretch> borne = new ArrayList<>();
        new RateSearch(this::say).search(rate / 2, lower -> {
            Stretch probe = Stretch.run(cluster, mix, lower, PROBE, settings.seed() + 3);
            cluster.awaitCaughtUp(CATCH_UP);
            List<String> complaints = probe.complaintsOfBars();
            if (complaints.isEmpty()) {
                borne.add(probe);
            }
            return complaints;
        });
        return borne.isEmpty() ? Optional.empty() : Optional.of(borne.getLast());
    }

    /** New entities over two connections, until they are in the columnar store: warms everything up, too. */
    private double load(Cluster cluster, EntityMix mix) throws IOException, SQLException, InterruptedException {
        List<EntityMix.Batch> batches = new ArrayList<>();
        for (int i = 0; i < settings.entities(); i += Comparison.TRANSACTION) {
            batches.add(mix.created(Comparison.TRANSACTION));
        }
        long began = System.nanoTime();
        new EntityWrites(cluster, mix).run(batches);
        cluster.awaitCaughtUp(CATCH_UP);
        return settings.entities() / ((System.nanoTime() - began) / 1e9);
    }

    private int search(Cluster cluster, EntityMix mix, int guess) throws Exception {
        return new RateSearch(this::say).search(guess, rate -> {
            Stretch probe = Stretch.run(cluster, mix, rate, PROBE, settings.seed());
            cluster.awaitCaughtUp(CATCH_UP);
            return probe.complaints();
        });
    }

    private Stretch longRun(Cluster cluster, EntityMix mix, int rate)
            throws IOException, SQLException, InterruptedException {
        cluster.awaitCaughtUp(CATCH_UP);
        say("%,d entities/s for %,d s".formatted(rate, settings.length().toSeconds()));
        return Stretch.run(cluster, mix, rate, settings.length(), settings.seed() + 1);
    }

    private void say(String line) {
        progress.accept("%5.0f s  %s".formatted((System.nanoTime() - started) / 1e9, line));
    }
}
