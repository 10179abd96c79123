package com.atlasco.atlas.postgres.tenant;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A rate with a burst of one second. Whoever may wait takes what is not there yet, and comes back when it is: so those
 * who wait stand in a line, and the rate holds for all of them together. Thread-safe.
 */
public final class TokenBucket {

    private static final double NANOS = 1_000_000_000.0;

    private final double perSecond;
    private final LongSupplier ticker;
    private double tokens;
    private long at;

    /** A full bucket of {@code perSecond} tokens, from 1; {@code ticker} is monotonic, in nanoseconds. */
    public TokenBucket(long perSecond, LongSupplier ticker) {
        this.perSecond = perSecond;
        this.ticker = ticker;
        this.tokens = perSecond;
        this.at = ticker.getAsLong();
    }

    /**
     * Takes as many as will be there within {@code patience}, at most {@code count}.
     *
     * @return how many were taken, and how long to wait before using them
     */
    public synchronized Taken takeUpTo(int count, Duration patience) {
        fill();
        double within = tokens + perSecond * Math.max(0, patience.toNanos()) / NANOS;
        int taken = (int) Math.clamp((long) Math.floor(within), 0L, (long) count);
        tokens -= taken;
        return new Taken(taken, taken == 0 ? Duration.ZERO : debt());
    }

    /** What was taken; it may be used after the delay. */
    public record Taken(int count, Duration delay) {}

    /** Takes that many when they are there. */
    public synchronized boolean tryTake(int count) {
        fill();
        if (tokens < count) {
            return false;
        }
        tokens -= count;
        return true;
    }

    /** How long it is until that many are there, if nobody else takes any. */
    public synchronized Duration waitFor(int count) {
        fill();
        return seconds(count - tokens);
    }

    private Duration debt() {
        return seconds(-tokens);
    }

    private Duration seconds(double missing) {
        return missing <= 0 ? Duration.ZERO : Duration.ofNanos((long) Math.ceil(missing / perSecond * NANOS));
    }

    private void fill() {
        long now = ticker.getAsLong();
        tokens = Math.min(perSecond, tokens + (now - at) / NANOS * perSecond);
        at = now;
    }

    /** The most that are there at once. */
    public long burst() {
        return (long) perSecond;
    }
}
