package com.atlasco.atlas.bench.ingest;

import com.atlasco.atlas.bench.Samples;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * What many connections do one after the other each, over JDBC: the next thing as soon as the last one is done, until
 * nothing is left or the time is up, as {@link com.atlasco.atlas.bench.http.RequestLoad#closedLoop} does it over HTTP. Used
 * once.
 */
final class ClosedLoop {

    private static final long NOT_BEGUN = Long.MIN_VALUE;

    private final int things;
    private final Duration longest;
    private final LongSupplier ticker;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicLong began = new AtomicLong(NOT_BEGUN);
    private final Samples micros = new Samples();

    /** What one connection is. */
    @FunctionalInterface
    interface Lane {
        /** Makes itself ready, calls {@link #each}, and clears up. */
        void run(ClosedLoop loop) throws Exception;
    }

    /** Does one thing. */
    @FunctionalInterface
    interface Step {
        void run(int thing) throws Exception;
    }

    /**
     * A loop.
     *
     * @param things how many there are to do
     * @param longest after which nothing more is begun
     * @param ticker monotonic nanoseconds
     */
    ClosedLoop(int things, Duration longest, LongSupplier ticker) {
        this.things = things;
        this.longest = longest;
        this.ticker = ticker;
    }

    /** Runs all lanes at once, each on a thread of its own. */
    Contestant.Outcome run(List<Lane> lanes) throws Exception {
        List<Threads.Task> tasks = new ArrayList<>();
        for (Lane lane : lanes) {
            tasks.add(() -> lane.run(this));
        }
        double seconds = Threads.run(tasks);
        return Contestant.Outcome.of(micros.count(), seconds, micros);
    }

    /** Does, for one lane, what is left. The time runs from the first of all. */
    void each(Step step) throws Exception {
        for (int thing = next.getAndIncrement(); thing < things; thing = next.getAndIncrement()) {
            long now = ticker.getAsLong();
            began.compareAndSet(NOT_BEGUN, now);
            if (now - began.get() > longest.toNanos()) {
                return;
            }
            step.run(thing);
            micros.add((ticker.getAsLong() - now) / 1_000);
        }
    }
}
