package com.atlasco.atlas.freshness;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Tells waiting reads that some source has made progress; all monitors and the router of a node share one. Thread-safe. */
public final class ProgressSignal {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition advanced = lock.newCondition();
    private final AtomicLong version = new AtomicLong();

    /** To be read before looking at the sources, so that no progress is missed between looking and waiting. */
    long version() {
        return version.get();
    }

    /** Tells them. */
    public void raise() {
        lock.lock();
        try {
            version.incrementAndGet();
            advanced.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for progress after the given version, or for the time to pass. */
    void await(long seen, long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (version.get() == seen && left > 0) {
                left = advanced.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }
}
