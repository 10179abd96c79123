package com.atlasco.atlas.bench;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Keeps Atlas busy until it no longer gets faster: a server runs for days, and what is measured is not how it starts. What
 * the peers use is PostgreSQL's own code, which is compiled already.
 */
public final class WarmUp {

    /** A round that beats the best one by less does not count as faster. */
    private static final double FASTER = 1.05;

    /** Rounds in a row that are not faster: a single one may have had a bad moment. */
    private static final int ENOUGH = 2;

    private final String unit;
    private final Duration longest;
    private final LongSupplier ticker;
    private final Consumer<String> progress;

    /** One round of the same work each time. */
    @FunctionalInterface
    public interface Work {
        /** Does it, and says how much Atlas did in a second. */
        double perSecond() throws Exception;
    }

    /**
     * A warm-up.
     *
     * @param unit what there is so much of in a second
     * @param longest no round is begun that would end later, as far as the last one tells
     * @param ticker monotonic nanoseconds
     */
    public WarmUp(String unit, Duration longest, LongSupplier ticker, Consumer<String> progress) {
        this.unit = unit;
        this.longest = longest;
        this.ticker = ticker;
        this.progress = progress;
    }

    /** Works until two rounds in a row are no faster than the best before them, or the time is up. */
    public void run(Work work) throws Exception {
        long began = ticker.getAsLong();
        double best = 0;
        int notFaster = 0;
        for (int round = 1; ; round++) {
            long roundBegan = ticker.getAsLong();
            double rate = work.perSecond();
            long now = ticker.getAsLong();
            notFaster = rate > FASTER * best ? 0 : notFaster + 1;
            boolean steady = notFaster == ENOUGH;
            boolean timeIsUp = now - began + (now - roundBegan) > longest.toNanos();
            String state = steady ? "; warm" : timeIsUp ? "; the time for it is up" : "";
            progress.accept("warming up Atlas, round %d: %,.0f %s/s%s".formatted(round, rate, unit, state));
            if (steady || timeIsUp) {
                return;
            }
            best = Math.max(best, rate);
        }
    }
}
