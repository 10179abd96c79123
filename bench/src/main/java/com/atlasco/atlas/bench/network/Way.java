package com.atlasco.atlas.bench.network;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** All that goes over a line in one direction. Thread-safe. */
public final class Way {

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final LongAdder sent = new LongAdder();
    private final LongAdder arrived = new LongAdder();
    private Conditions conditions = Conditions.PERFECT;
    private long freeAt = System.nanoTime();

    Way() {}

    /** From now on; what was held goes on. */
    public void become(Conditions now) {
        lock.lock();
        try {
            conditions = now;
            freeAt = System.nanoTime();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Bytes that were sent and have not arrived. */
    public long underWay() {
        // Read first, so that what moves on in between does not make it negative.
        long there = arrived.sum();
        return sent.sum() - there;
    }

    /** Bytes that have arrived. */
    public long arrived() {
        return arrived.sum();
    }

    /** Counts what is sent, and says when it is due by {@link System#nanoTime}. */
    long send(int bytes) {
        Conditions now = conditions();
        sent.add(bytes);
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long wait = now.delay().toNanos() + upTo(random, now.jitter().toNanos());
        if (now.stalls() > 0 && random.nextDouble() < now.stalls()) {
            long longest = now.longestStall().toNanos();
            wait += longest / 4 + upTo(random, longest - longest / 4);
        }
        return System.nanoTime() + wait;
    }

    private static long upTo(ThreadLocalRandom random, long most) {
        return most <= 0 ? 0 : random.nextLong(most + 1);
    }

    /** Waits until bytes that are due may arrive; all connections share the width of the line. */
    void await(int bytes) throws InterruptedException {
        lock.lock();
        try {
            while (true) {
                while (conditions.held()) {
                    changed.await();
                }
                long now = System.nanoTime();
                if (conditions.bytesPerSecond() == 0) {
                    return;
                }
                if (freeAt - now <= 0) {
                    freeAt = now + bytes * NANOS_PER_SECOND / conditions.bytesPerSecond();
                    return;
                }
                // Either the line is free then, or it has become another.
                var _ = changed.awaitNanos(freeAt - now);
            }
        } finally {
            lock.unlock();
        }
    }

    void arrive(int bytes) {
        arrived.add(bytes);
    }

    /** Gives up on what was under way in a connection that is no more. */
    void lose(int bytes) {
        sent.add(-bytes);
    }

    private Conditions conditions() {
        lock.lock();
        try {
            return conditions;
        } finally {
            lock.unlock();
        }
    }
}
