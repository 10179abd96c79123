package com.atlasco.atlas.server.quota;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many entities a tenant has, as far as this node knows: what it counted last, and what it created and deleted
 * since. Where a count and a write overlap, the write is taken to be in neither, so what is known is rather too much;
 * before a write is refused for that, it is counted again. Thread-safe.
 *
 * <p>Counting may take long, and those who ask are threads that write for everybody: it is done elsewhere, and waited for
 * only until it has taken the patience. Whoever comes later does not wait at all.
 */
final class EntityCount {

    private static final Logger LOG = LoggerFactory.getLogger(EntityCount.class);

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
    private boolean attempted;
    private boolean counting;
    private boolean overlapped;
    private long base;
    private long since;
    private long createdDuringCount;
    private long reserved;
    private long beganAt;
    private long endedAt;
    private long countNanos;

    /** Room for creations. */
    sealed interface Grant {

        /** How many, from 0. */
        long creations();

        record Known(long creations) implements Grant {}

        /** Nobody knows yet how many there are; the next look is worth while after a time. */
        record Unknown(Duration retryAfter) implements Grant {
            @Override
            public long creations() {
                return 0;
            }
        }
    }

    /**
     * Nothing is counted before it is needed.
     *
     * @param counter counts the stored entities, which takes its time
     * @param ticker monotonic, in nanoseconds
     */
    EntityCount(LongSupplier counter, Executor executor, LongSupplier ticker) {
        this.counter = counter;
        this.executor = executor;
        this.ticker = ticker;
    }

    /**
     * Sets aside as many creations as there is room for, at most {@code wanted}; every call is followed by one of {@link
     * #settle}.
     *
     * @param patience how long after its begin a count is waited for at most
     */
    synchronized Grant reserve(long wanted, long limit, Duration patience) {
        if (wanted == 0) {
            return new Grant.Known(0);
        }
        boolean doubtful = !counted || (room(limit) < wanted && isDoubtful());
        if (!counting && (isOlderThan(doubtful ? DOUBT_INTERVAL : RECOUNT_INTERVAL) || (counted && doubtful))) {
            begin();
        }
        if (doubtful) {
            awaitCount(patience);
        }
        if (!counted) {
            return new Grant.Unknown(retryAfter());
        }
        long granted = Math.clamp(room(limit), 0L, wanted);
        reserved += granted;
        return new Grant.Known(granted);
    }

    /** Gives back what was set aside, and says what became of it. */
    synchronized void settle(Grant grant, long created, long deleted) {
        reserved -= grant.creations();
        since += created;
        if (counting) {
            overlapped = true;
            createdDuringCount += created;
        }
        deleted(deleted);
    }

    /** Takes note of what was deleted without a reservation. */
    synchronized void deleted(long deleted) {
        if (!counting) {
            since -= deleted;
        } else if (deleted > 0) {
            // It may be in the count already; the next one tells.
            overlapped = true;
        }
    }

    private long room(long limit) {
        return limit - base - since - reserved;
    }

    private boolean isDoubtful() {
        boolean quick = countNanos * SHARE <= DOUBT_INTERVAL.toNanos();
        return (overlapped && quick) || isOlderThan(DOUBT_INTERVAL);
    }

    private boolean isOlderThan(Duration age) {
        return !attempted || ticker.getAsLong() - endedAt >= Math.max(age.toNanos(), countNanos * SHARE);
    }

    /** As long as it has taken so far, within bounds: who asks again and again asks ever more rarely. */
    private Duration retryAfter() {
        long taken = counting ? ticker.getAsLong() - beganAt : 0;
        return Duration.ofNanos(Math.clamp(taken, DOUBT_INTERVAL.toNanos(), RECOUNT_INTERVAL.toNanos()));
    }

    private void begin() {
        counting = true;
        beganAt = ticker.getAsLong();
        overlapped = reserved > 0;
        createdDuringCount = 0;
        try {
            executor.execute(this::count);
        } catch (RejectedExecutionException stopping) {
            end(false, 0);
        }
    }

    private void count() {
        try {
            long stored = counter.getAsLong();
            end(true, stored);
        } catch (RuntimeException | Error failed) {
            LOG.warn("The entities of a tenant could not be counted", failed);
            end(false, 0);
        }
    }

    private synchronized void end(boolean done, long stored) {
        counting = false;
        attempted = true;
        if (done) {
            counted = true;
            base = stored;
            since = createdDuringCount;
        }
        endedAt = ticker.getAsLong();
        // What failed fast, or waited for a server that did not answer, says nothing of how long counting takes.
        countNanos = done ? endedAt - beganAt : 0;
        notifyAll();
    }

    private void awaitCount(Duration patience) {
        try {
            while (counting) {
                long left = patience.toNanos() - (ticker.getAsLong() - beganAt);
                if (left <= 0) {
                    return;
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
