package com.atlasco.atlas.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends connections whose work takes too long, by closing the socket under it: a server that is paused or unreachable
 * answers neither a statement nor a request to cancel it, and a time limit of the socket holds for one answer, not for
 * the work. Thread-safe.
 */
final class Watchdog implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

    private final ScheduledThreadPoolExecutor timer;

    Watchdog(String name) {
        timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("atlas-watchdog-" + name).factory());
        timer.setRemoveOnCancelPolicy(true);
    }

    private enum State {
        RUNNING,
        DONE,
        EXPIRED
    }

    /** One piece of work on one connection. */
    final class Watch implements AutoCloseable {

        private final Connection physical;
        private final AtomicReference<State> state = new AtomicReference<>(State.RUNNING);
        private final Future<?> alarm;

        private Watch(Connection physical, long nanos) {
            this.physical = physical;
            this.alarm = timer.schedule(this::expire, nanos, TimeUnit.NANOSECONDS);
        }

        private void expire() {
            try {
                // Who lifted the network timeout knows that a statement takes long.
                if (physical.getNetworkTimeout() == 0 || !state.compareAndSet(State.RUNNING, State.EXPIRED)) {
                    return;
                }
                physical.abort(Runnable::run);
            } catch (SQLException failure) {
                LOG.warn("a connection could not be ended: {}", failure.getMessage());
            }
        }

        /** Whether the connection was ended; asked for the first time, it can no longer be. */
        boolean expired() {
            return !state.compareAndSet(State.RUNNING, State.DONE) && state.get() == State.EXPIRED;
        }

        @Override
        public void close() {
            state.compareAndSet(State.RUNNING, State.DONE);
            alarm.cancel(false);
        }
    }

    /** Ends the connection unless the watch is closed before. */
    Watch watch(Connection physical, long nanos) {
        return new Watch(physical, nanos);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
