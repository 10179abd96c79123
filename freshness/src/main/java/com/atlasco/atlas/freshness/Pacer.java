package com.atlasco.atlas.freshness;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Lets a loop run at an interval, sooner when hurried, until it is closed. Thread-safe. */
final class Pacer {

    private final long interval;
    private final long minimumInterval;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean hurried;
    private boolean closed;

    Pacer(Duration interval, Duration minimumInterval) {
        this.interval = interval.toNanos();
        this.minimumInterval = Math.min(minimumInterval.toNanos(), this.interval);
    }

    /**
     * Waits for the next turn.
     *
     * @param started when the last turn began, by {@link System#nanoTime}
     * @return false when closed
     */
    boolean awaitTurn(long started) throws InterruptedException {
        lock.lock();
        try {
            while (!closed) {
                long wanted = hurried ? minimumInterval : interval;
                long left = started + wanted - System.nanoTime();
                if (left <= 0) {
                    hurried = false;
                    return true;
                }
                changed.awaitNanos(left);
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    void hurry() {
        lock.lock();
        try {
            hurried = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
