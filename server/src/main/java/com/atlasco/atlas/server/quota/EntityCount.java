package com.atlasco.atlas.server.quota;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * How many entities a tenant has, as far as this node knows: what it counted last, and what it created and deleted
 * since. Where a count and a write overlap, the write is taken to be in neither, so what is known is rather too much;
 * before a write is refused for that, it is counted again. Thread-safe.
 */
final class EntityCount {

    /** What others create is known after this. */
    static final Duration RECOUNT_INTERVAL = Duration.ofSeconds(10);

    /** What others deleted is known before a refusal, unless it was counted this recently. */
    private static final Duration DOUBT_INTERVAL = Duration.ofSeconds(1);

    /** A count takes at most one part in this many of the time. */
    private static final int SHARE = 20;

    private final LongSupplier counter;
    private final Executor executor;
    private final LongSupplier ticker;
    private boolean counted;
    private boolean counting;
    private boolean overlapped;
    private long base;
    private long since;
    private long createdDuringCount;
    private long reserved;
    private long countedAt;
    private long countNanos;

    /** {@code counter} counts the stored entities, which takes its time. */
    EntityCount(LongSupplier counter, Executor executor, LongSupplier ticker) {
        this.counter = counter;
        this.executor = executor;
        this.ticker = ticker;
    }

    /**
     * Sets aside as many creations as there is room for, at most {@code wanted}; every call is followed by one of {@link
     * #settle}.
     */
    long reserve(long wanted, long limit) {
        boolean recount;
        synchronized (this) {
            recount = !counted || (room(limit) < wanted && (overlapped || isOlderThan(DOUBT_INTERVAL)));
            if (!recount && isOlderThan(RECOUNT_INTERVAL)) {
                executor.execute(this::count);
            }
        }
        if (recount) {
            count();
        }
        synchronized (this) {
            long granted = Math.clamp(room(limit), 0L, wanted);
            reserved += granted;
            return granted;
        }
    }

    /** Gives back what was set aside, and says what became of it. */
    synchronized void settle(long granted, long created, long deleted) {
        reserved -= granted;
        since += created - (counting ? 0 : deleted);
        if (counting) {
            overlapped = true;
            createdDuringCount += created;
        }
    }

    private long room(long limit) {
        return limit - base - since - reserved;
    }

    private boolean isOlderThan(Duration age) {
        return ticker.getAsLong() - countedAt >= Math.max(age.toNanos(), countNanos * SHARE);
    }

    /** Counts, unless it is being done. */
    private void count() {
        long began = ticker.getAsLong();
        synchronized (this) {
            if (counting) {
                awaitCount();
                return;
            }
            counting = true;
            overlapped = reserved > 0;
            createdDuringCount = 0;
        }
        boolean done = false;
        long stored = 0;
        try {
            stored = counter.getAsLong();
            done = true;
        } finally {
            synchronized (this) {
                counting = false;
                if (done) {
                    counted = true;
                    base = stored;
                    since = createdDuringCount;
                }
                countedAt = ticker.getAsLong();
                countNanos = countedAt - began;
                notifyAll();
            }
        }
    }

    private void awaitCount() {
        try {
            while (counting) {
                wait();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
