package com.atlasco.atlas.freshness;

import java.time.Duration;

/** What the two kinds of threads here share. */
final class Threads {

    private Threads() {}

    /** Interrupts the thread and waits for its end; from the thread itself, only interrupts. */
    static void stop(Thread thread, Duration timeout) {
        thread.interrupt();
        if (thread.equals(Thread.currentThread())) {
            return;
        }
        try {
            thread.join(timeout);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    static String describe(Throwable failure) {
        String message = failure.getMessage();
        return failure.getClass().getSimpleName() + (message == null ? "" : ": " + message);
    }
}
