package com.atlasco.atlas.freshness;

import com.atlasco.atlas.model.Source;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Remembers which sources go back and forth across a limit, so that reads of that limit stay where they fell back to: each
 * change of sides meets cold caches and a sudden load. A source that falls short once is back with the next read. One that
 * falls short again, less than {@link #MEMORY} after it did before and having sufficed between, is left alone until it has
 * sufficed for {@link #HOLD} on end. So however a lag swings, a limit changes sides at most a few times a minute.
 *
 * <p>Limits of one power of two in milliseconds share a note, of the one that was missed last: that the source suffices for a
 * larger one says nothing about it, and a larger one is not concerned. This only ever adds a wish to the router's: no bound and
 * no token depends on it. Thread-safe.
 */
final class FlapDamping {

    static final Duration MEMORY = Duration.ofSeconds(30);
    static final Duration HOLD = Duration.ofSeconds(20);

    /** What is noted again sooner would only make processors contend for the note. */
    private static final long NOTED_AGAIN = Duration.ofMillis(20).toNanos();

    private static final int LIMITS = Long.SIZE;

    private final Map<Source, AtomicReferenceArray<Shortfalls>> known = new EnumMap<>(Source.class);

    FlapDamping() {
        for (Source source : Source.values()) {
            known.put(source, new AtomicReferenceArray<>(LIMITS));
        }
    }

    /**
     * How a source fared with a limit.
     *
     * @param limit the one that it fell short of last, in milliseconds
     * @param last the moment of that
     * @param sufficed whether it sufficed since
     * @param damped whether it is left alone
     */
    private record Shortfalls(long limit, long last, boolean sufficed, boolean damped) {}

    /** The source was too stale for the limit. */
    void fellShort(Source source, Duration limit, long now) {
        AtomicReferenceArray<Shortfalls> limits = of(source);
        int place = place(limit);
        Shortfalls before = limits.get(place);
        boolean remembered = before != null && now - before.last < MEMORY.toNanos();
        boolean damped = remembered && (before.damped || before.sufficed);
        if (remembered && !before.sufficed && now - before.last < NOTED_AGAIN) {
            return;
        }
        limits.compareAndSet(place, before, new Shortfalls(limit.toMillis(), now, false, damped));
    }

    /** The source was fresh enough for the limit. */
    void sufficed(Source source, Duration limit) {
        AtomicReferenceArray<Shortfalls> limits = of(source);
        int place = place(limit);
        Shortfalls before = limits.get(place);
        if (before != null && !before.sufficed && limit.toMillis() <= before.limit) {
            limits.compareAndSet(place, before, new Shortfalls(before.limit, before.last, true, before.damped));
        }
    }

    /** Whether reads of that limit had better stay elsewhere. */
    boolean isDamped(Source source, Duration limit, long now) {
        return Optional.ofNullable(of(source).get(place(limit)))
                .filter(shortfalls -> shortfalls.damped
                        && limit.toMillis() <= shortfalls.limit
                        && now - shortfalls.last < HOLD.toNanos())
                .isPresent();
    }

    private AtomicReferenceArray<Shortfalls> of(Source source) {
        return Objects.requireNonNull(known.get(source));
    }

    private static int place(Duration limit) {
        return Long.numberOfLeadingZeros(limit.toMillis() | 1);
    }
}
