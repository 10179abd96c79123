package com.atlasco.atlas.bench.pipeline;

import java.util.List;
import java.util.function.Consumer;

/** Finds the highest rate that is borne, by halving what is not known. */
final class RateSearch {

    private static final int PROBES = 5;
    private static final int STEP = 100;

    private final Consumer<String> progress;

    /** Tries a rate. */
    interface Probe {
        /** Why it is too high; empty when it is not. */
        List<String> complaints(int rate) throws Exception;
    }

    RateSearch(Consumer<String> progress) {
        this.progress = progress;
    }

    /**
     * Searches.
     *
     * @param guess where to begin, in entities a second: what is above twice of it is not tried
     * @return a rate that was borne, in steps of 100; the lowest that was tried when none was
     */
    int search(int guess, Probe probe) throws Exception {
        int borne = 0;
        int tooHigh = 2 * guess;
        int rate = rounded(guess);
        for (int turn = 1; turn <= PROBES; turn++) {
            List<String> complaints = probe.complaints(rate);
            progress.accept("probe %d of %d: %,d entities/s %s"
                    .formatted(
                            turn,
                            PROBES,
                            rate,
                            complaints.isEmpty() ? "borne" : "too many: " + String.join(", ", complaints)));
            if (complaints.isEmpty()) {
                borne = rate;
            } else {
                tooHigh = rate;
            }
            int middle = rounded((borne + tooHigh) / 2);
            if (middle <= borne || middle >= tooHigh) {
                break;
            }
            rate = middle;
        }
        return borne > 0 ? borne : tooHigh;
    }

    private static int rounded(int rate) {
        return Math.max(STEP, rate / STEP * STEP);
    }
}
