package com.atlasco.atlas.bench.ingest;

import com.atlasco.atlas.bench.Medians;
import com.atlasco.atlas.bench.Samples;
import com.atlasco.atlas.bench.cluster.CpuSeconds;
import java.util.List;
import java.util.Optional;

/**
 * What one turn showed.
 *
 * @param refused how many requests were not taken; those that were make the rate and the times
 * @param cpuPerThousand seconds of the cores for 1,000 entities, requests or reads, until replica and columnar store had
 *     caught up
 * @param catchUpSeconds from the last answer until then
 */
record Measurement(
        double perSecond,
        double refused,
        Optional<Double> p50Millis,
        Optional<Double> p99Millis,
        CpuSeconds cpuPerThousand,
        double catchUpSeconds) {

    static Measurement of(Contestant.Outcome outcome, CpuSeconds cpu, double catchUpSeconds) {
        return new Measurement(
                outcome.count() / outcome.seconds(),
                outcome.refused(),
                outcome.micros().map(micros -> millis(micros, 50)),
                outcome.micros().map(micros -> millis(micros, 99)),
                cpu.per(Math.max(1, outcome.count()) / 1_000.0),
                catchUpSeconds);
    }

    private static double millis(Samples micros, double percent) {
        return micros.percentile(percent) / 1_000.0;
    }

    /** Each figure's own median. */
    static Measurement median(List<Measurement> turns) {
        return new Measurement(
                Medians.of(turns, Measurement::perSecond),
                Medians.of(turns, Measurement::refused),
                turns.getFirst()
                        .p50Millis()
                        .map(any -> Medians.of(turns, turn -> turn.p50Millis().orElse(0.0))),
                turns.getFirst()
                        .p99Millis()
                        .map(any -> Medians.of(turns, turn -> turn.p99Millis().orElse(0.0))),
                CpuSeconds.median(turns, Measurement::cpuPerThousand),
                Medians.of(turns, Measurement::catchUpSeconds));
    }
}
