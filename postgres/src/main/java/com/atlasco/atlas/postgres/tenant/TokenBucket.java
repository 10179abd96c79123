package com.atlasco.atlas.postgres.tenant;

import java.time.Duration;
import java.util.Optional;
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

    /** Takes that many when they are there. */
    public boolean tryTake(int count) {
        return take(count, Duration.ZERO).isPresent();
    }

    /**
     * Takes that many, unless they would be there only after {@code patience}.
     *
     * @return how long to wait before using them; empty when nothing was taken
     */
    public synchronized Optional<Duration> take(int count, Duration patience) {
        Duration wait = waitFor(count);
        if (wait.compareTo(patience) > 0) {
            return Optional.empty();
        }
        tokens -= count;
        return Optional.of(wait);
    }

    /** How long it is until that many are there, if nobody else takes any; at most one second's worth can be. */
    public synchronized Duration waitFor(int count) {
        long now = ticker.getAsLong();
        tokens = Math.min(perSecond, tokens + (now - at) / NANOS * perSecond);
        at = now;
        double missing = count - tokens;
        return missing <= 0 ? Duration.ZERO : Duration.ofNanos((long) Math.ceil(missing / perSecond * NANOS));
    }

    /** The most that are there at once. */
    public long burst() {
        return (long) perSecond;
    }
}
