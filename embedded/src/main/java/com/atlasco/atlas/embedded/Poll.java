package com.atlasco.atlas.embedded;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Waits for a condition outside this process. An interrupt does not cut a wait short, because half a shutdown is worse
 * than a late one; it is kept for the caller.
 *
 * @param ticker monotonic nanoseconds
 */
record Poll(LongSupplier ticker) {

    private static final Duration INTERVAL = Duration.ofMillis(10);

    /** Whether the condition held before the timeout; it is looked at once at least. */
    boolean until(Duration timeout, BooleanSupplier condition) {
        long start = ticker.getAsLong();
        boolean interrupted = false;
        try {
            while (!condition.getAsBoolean()) {
                if (ticker.getAsLong() - start >= timeout.toNanos()) {
                    return false;
                }
                try {
                    TimeUnit.NANOSECONDS.sleep(INTERVAL.toNanos());
                } catch (InterruptedException exception) {
                    interrupted = true;
                }
            }
            return true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
