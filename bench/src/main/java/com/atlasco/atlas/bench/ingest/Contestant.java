package com.atlasco.atlas.bench.ingest;

import com.atlasco.atlas.bench.Samples;
import com.atlasco.atlas.bench.http.RequestLoad;
import java.util.List;
import java.util.Optional;

/**
 * Something whose speed is measured, in turns.
 *
 * @param name what it competes as
 * @param way the way it does it; the best of a name's ways counts
 * @param warmUp the size of its first turn, which does not count, as a share of the full size
 * @param repeated whether it takes part in every round, or counts once
 * @param preparation makes the next turn ready
 */
record Contestant(String name, String way, double warmUp, boolean repeated, Preparation preparation) {

    /** One that takes part in every round. */
    Contestant(String name, String way, double warmUp, Preparation preparation) {
        this(name, way, warmUp, true, preparation);
    }

    /** Makes everything ready that is not part of the measured time. */
    @FunctionalInterface
    interface Preparation {
        /**
         * Prepares a turn.
         *
         * @param share of the full size, for a warming up
         */
        Turn prepare(double share) throws Exception;
    }

    /** What is measured. */
    @FunctionalInterface
    interface Turn {
        Outcome run() throws Exception;
    }

    /**
     * How a turn went.
     *
     * @param count what was written or read
     * @param refused what was sent besides, and not taken
     * @param micros of each, where they were measured one by one
     */
    record Outcome(int count, int refused, double seconds, Optional<Samples> micros) {

        /** Of requests over HTTP. */
        static Outcome of(RequestLoad.Outcome load) {
            return new Outcome(load.micros().count(), load.refused(), load.seconds(), Optional.of(load.micros()));
        }

        /** Of something that is never refused. */
        static Outcome of(int count, double seconds, Samples micros) {
            return new Outcome(count, 0, seconds, Optional.of(micros));
        }

        /** Of turns one after another. */
        static Outcome sum(List<Outcome> turns) {
            return new Outcome(
                    turns.stream().mapToInt(Outcome::count).sum(),
                    turns.stream().mapToInt(Outcome::refused).sum(),
                    turns.stream().mapToDouble(Outcome::seconds).sum(),
                    Optional.empty());
        }

        /** Of something that is never refused, measured as a whole. */
        static Outcome of(int count, double seconds) {
            return new Outcome(count, 0, seconds, Optional.empty());
        }
    }
}
