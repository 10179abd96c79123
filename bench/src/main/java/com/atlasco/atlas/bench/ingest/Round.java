package com.atlasco.atlas.bench.ingest;

import com.atlasco.atlas.bench.cluster.Cluster;
import com.atlasco.atlas.bench.cluster.CpuSeconds;
import com.atlasco.atlas.bench.cluster.TierSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Lets contestants take turns, round after round; the first round, a short one, does not count. */
final class Round {

    /** For an autovacuum under way: it would cost whoever comes next, but there is always another one to come. */
    private static final Duration QUIET_PATIENCE = Duration.ofSeconds(4);

    private static final Duration CATCH_UP_PATIENCE = Duration.ofSeconds(20);

    private final Cluster cluster;
    private final int repeat;
    private final BiConsumer<TierSet, String> progress;

    /** Rounds on one cluster. */
    Round(Cluster cluster, int repeat, BiConsumer<TierSet, String> progress) {
        this.cluster = cluster;
        this.repeat = repeat;
        this.progress = progress;
    }

    /** The medians, in the order of the contestants. */
    Map<Contestant, Measurement> run(List<Contestant> contestants) throws Exception {
        Map<Contestant, List<Measurement>> turns = new HashMap<>();
        for (int round = 0; round <= repeat; round++) {
            List<Contestant> order = new ArrayList<>(contestants);
            Collections.rotate(order, -round);
            for (Contestant contestant : order) {
                if (round > 1 && !contestant.repeated()) {
                    continue;
                }
                Measurement measured = turn(contestant, round == 0 ? contestant.warmUp() : 1);
                if (round > 0) {
                    turns.computeIfAbsent(contestant, absent -> new ArrayList<>())
                            .add(measured);
                }
                progress.accept(
                        cluster.tiers(),
                        "round %d of %d  %s, %s: %,.0f/s, %.3f CPU s per 1,000"
                                .formatted(
                                        round,
                                        repeat,
                                        contestant.name(),
                                        contestant.way(),
                                        measured.perSecond(),
                                        measured.cpuPerThousand().total()));
            }
        }
        Map<Contestant, Measurement> medians = new LinkedHashMap<>();
        contestants.forEach(
                contestant -> medians.put(contestant, Measurement.median(turns.getOrDefault(contestant, List.of()))));
        return medians;
    }

    private Measurement turn(Contestant contestant, double share) throws Exception {
        Contestant.Turn turn = contestant.preparation().prepare(share);
        cluster.awaitQuiet(QUIET_PATIENCE);
        CpuSeconds before = cluster.cpu();
        Contestant.Outcome outcome = turn.run();
        long ended = System.nanoTime();
        cluster.awaitCaughtUp(CATCH_UP_PATIENCE);
        double catchUp = (System.nanoTime() - ended) / 1e9;
        return Measurement.of(outcome, cluster.cpu().minus(before), catchUp);
    }
}
