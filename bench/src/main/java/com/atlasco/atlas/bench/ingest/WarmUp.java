package com.atlasco.atlas.bench.ingest;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Keeps Atlas busy until it no longer gets faster: a server runs for days, and what is measured is not how it starts. What
 * the peers use is PostgreSQL's own code, which is compiled already.
 */
final class WarmUp {

    /** Two rounds are as fast as each other when they differ by at most so much. */
    private static final double SAME = 0.05;

    private final Duration longest;
    private final LongSupplier ticker;
    private final Consumer<String> progress;

    /** One round of the same work each time. */
    @FunctionalInterface
    interface Work {
        /** Does it, and says how much it was and how long Atlas took. */
        Contestant.Outcome run() throws Exception;
    }

    /**
     * A warm-up.
     *
     * @param longest no round is begun that would end later, as far as the last one tells
     * @param ticker monotonic nanoseconds
     */
    WarmUp(Duration longest, LongSupplier ticker, Consumer<String> progress) {
        this.longest = longest;
        this.ticker = ticker;
        this.progress = progress;
    }

    /** Works until two rounds in a row are as fast as each other, or the time is up. */
    void run(Work work) throws Exception {
        long began = ticker.getAsLong();
        double before = 0;
        for (int round = 1; ; round++) {
            long roundBegan = ticker.getAsLong();
            Contestant.Outcome outcome = work.run();
            long now = ticker.getAsLong();
            double rate = outcome.count() / outcome.seconds();
            boolean steady = round > 1 && Math.abs(rate - before) <= SAME * before;
            boolean timeIsUp = now - began + (now - roundBegan) > longest.toNanos();
            String state = steady ? "; warm" : timeIsUp ? "; the time for it is up" : "";
            progress.accept(
                    "warming up Atlas, round %d: %,.0f entities/s written and read%s".formatted(round, rate, state));
            if (steady || timeIsUp) {
                return;
            }
            before = rate;
        }
    }
}
