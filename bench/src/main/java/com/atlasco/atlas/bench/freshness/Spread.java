package com.atlasco.atlas.bench.freshness;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How measurements in milliseconds are spread, in little memory however many there are: exact below 1,024, to a sixteenth
 * above; what is negative counts as 0. Thread-safe.
 */
final class Spread {

    private static final int EXACT = 1_024;
    private static final int STEPS = 16;
    private static final int DOUBLINGS = 20;

    private final AtomicLongArray counts = new AtomicLongArray(EXACT + STEPS * DOUBLINGS);

    void add(long millis) {
        counts.incrementAndGet(slot(Math.max(0, millis)));
    }

    void add(Spread other) {
        for (int slot = 0; slot < counts.length(); slot++) {
            counts.addAndGet(slot, other.counts.get(slot));
        }
    }

    /** The nearest-rank percentile, from 0 to 100, rounded down to what is told apart; 0 without measurements. */
    long percentile(double percent) {
        long all = 0;
        for (int slot = 0; slot < counts.length(); slot++) {
            all += counts.get(slot);
        }
        long rank = Math.max(1, (long) Math.ceil(percent / 100 * all));
        long seen = 0;
        for (int slot = 0; slot < counts.length(); slot++) {
            seen += counts.get(slot);
            if (seen >= rank) {
                return least(slot);
            }
        }
        return 0;
    }

    private static int slot(long millis) {
        if (millis < EXACT) {
            return (int) millis;
        }
        int doubling = Long.SIZE - 1 - Long.numberOfLeadingZeros(millis / EXACT);
        int step = (int) ((millis >> doubling) - EXACT) * STEPS / EXACT;
        return Math.min(EXACT + doubling * STEPS + step, EXACT + STEPS * DOUBLINGS - 1);
    }

    private static long least(int slot) {
        if (slot < EXACT) {
            return slot;
        }
        int doubling = (slot - EXACT) / STEPS;
        int step = (slot - EXACT) % STEPS;
        return (long) (EXACT + step * EXACT / STEPS) << doubling;
    }
}
