package com.atlasco.atlas.server.read;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Something that is asked for after each of many concurrent reads, and costs more than a read: one observation is under
 * way at a time, and the next serves all who have asked meanwhile. What a caller gets was observed after it asked.
 * Thread-safe.
 */
public final class SharedObservation<T> implements Supplier<T> {

    private final Supplier<T> observe;
    private final ReentrantLock lock = new ReentrantLock();
    private CompletableFuture<T> next = new CompletableFuture<>();
    private boolean wanted;
    private boolean running;

    public SharedObservation(Supplier<T> observe) {
        this.observe = observe;
    }

    /** Waits for an observation that begins now or later; throws what it throws. */
    @Override
    public T get() {
        CompletableFuture<T> mine;
        boolean first;
        lock.lock();
        try {
            mine = next;
            first = !running;
            running = true;
            wanted = true;
        } finally {
            lock.unlock();
        }
        if (first) {
            observeNext();
        }
        try {
            return mine.join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw failed;
        }
    }

    /** The observation for those who wait; another thread goes on for those who come meanwhile. */
    private void observeNext() {
        CompletableFuture<T> current;
        lock.lock();
        try {
            current = next;
            next = new CompletableFuture<>();
            wanted = false;
        } finally {
            lock.unlock();
        }
        try {
            current.complete(observe.get());
        } catch (Throwable failure) {
            current.completeExceptionally(failure);
        }
        boolean more;
        lock.lock();
        try {
            more = wanted;
            running = more;
        } finally {
            lock.unlock();
        }
        if (more) {
            Thread.ofVirtual().name("observation").start(this::observeNext);
        }
    }
}
