package com.atlasco.atlas.server.verify;

import java.time.Duration;
import java.util.function.LongSupplier;

/** How much of the time is spent on work. For one thread. */
final class Pace {

    private final double share;
    private final LongSupplier ticker;
    private final Pause pause;
    private long begun;

    /** Waits; ends early with an interrupt. */
    @FunctionalInterface
    interface Pause {
        void run(Duration duration) throws InterruptedException;
    }

    /** A wait for something else, which is no work. */
    @FunctionalInterface
    interface Waiting {
        boolean run() throws InterruptedException;
    }

    /**
     * A pace.
     *
     * @param share of the time that is spent on work, above 0; at 1 there are no pauses
     * @param ticker monotonic, in nanoseconds
     */
    Pace(double share, LongSupplier ticker, Pause pause) {
        this.share = share;
        this.ticker = ticker;
        this.pause = pause;
        this.begun = ticker.getAsLong();
    }

    /** Without pauses. */
    static Pace unlimited(LongSupplier ticker) {
        return new Pace(1, ticker, duration -> {});
    }

    /** Pauses for as long as the work since the last pause demands. */
    void rest() throws InterruptedException {
        long worked = ticker.getAsLong() - begun;
        if (share < 1 && worked > 0) {
            pause.run(Duration.ofNanos((long) (worked * (1 - share) / share)));
        }
        begun = ticker.getAsLong();
    }

    /** Waits for something; that time is no work. */
    boolean waiting(Waiting waiting) throws InterruptedException {
        long before = ticker.getAsLong();
        try {
            return waiting.run();
        } finally {
            begun += ticker.getAsLong() - before;
        }
    }
}
