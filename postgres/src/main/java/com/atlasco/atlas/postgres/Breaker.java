package com.atlasco.atlas.postgres;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Keeps callers from queueing up for a server that does not answer: after one of them waited in vain, a single one at a
 * time tries, and the others are told at once. The first success lets everybody in again. Thread-safe.
 */
final class Breaker {

    private static final long NEVER = Long.MIN_VALUE;

    private volatile boolean open;
    private volatile long lastAnswer = NEVER;
    private final AtomicBoolean trying = new AtomicBoolean();

    /** What a caller may do. */
    enum Verdict {
        /** Go on. */
        PASS,
        /** Go on, as the one that tries; {@link #tried} is to be called at the end. */
        TRY,
        /** Turn round. */
        REFUSED
    }

    Verdict enter() {
        if (!open) {
            return Verdict.PASS;
        }
        return trying.compareAndSet(false, true) ? Verdict.TRY : Verdict.REFUSED;
    }

    /**
     * The server did not answer somebody in time. When it answered somebody else meanwhile, it is not the server: that one
     * waited for a lock.
     *
     * @param begun when it was asked, in nanoseconds of the clock of {@link #answered}
     */
    void unanswered(long begun) {
        long answer = lastAnswer;
        open = answer == NEVER || answer - begun < 0;
    }

    /** The server did what it was asked at that moment. */
    void answered(long now) {
        lastAnswer = now;
        open = false;
    }

    /** The one that tried is done. */
    void tried() {
        trying.set(false);
    }
}
