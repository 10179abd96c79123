package com.atlasco.atlas.embedded;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts servers again that ended by themselves: at once, then after pauses that grow to 30 s, for about an hour; the
 * pauses of one that had been up begin at one second. Looks on from a thread of its own; never waits for a server while
 * it holds the lock of the operations.
 *
 * <p>A server that lives is left alone, whatever it does: paused, recovering, or refusing connections.
 */
final class Supervisor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** Having run for so long, a server that ends is a new case. */
    private static final Duration STABLE = Duration.ofMinutes(1);

    private static final int MOST_TRIES = 125;

    /** What a server that came up counts as at most when it ends again: its tries were not in vain. */
    private static final int TRIES_OF_RECOVERED = 2;

    private final List<Charge> charges;
    private final Runnable guard;
    private final ReentrantLock operation;
    private final LongSupplier ticker;
    private final Consumer<String> progress;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private String lastFailure = "";

    /** Begins to look on; the guard is run before each look at the servers. */
    Supervisor(
            List<Charge> charges,
            Runnable guard,
            ReentrantLock operation,
            LongSupplier ticker,
            Consumer<String> progress) {
        this.charges = List.copyOf(charges);
        this.guard = guard;
        this.operation = operation;
        this.ticker = ticker;
        this.progress = progress;
        this.thread =
                Thread.ofPlatform().daemon().name("atlas-embedded-supervisor").start(this::run);
    }

    /** What became of a try to start a server. */
    enum Outcome {
        /** It was started, and may come up or not. */
        TRIED,
        /** Something has to be done first that takes its time and is under way. */
        BUSY,
        /** It is not to be started any more. */
        STAYS_DOWN
    }

    /** Starts a server that ended, without waiting for it. */
    @FunctionalInterface
    interface Starter {
        /** {@code tries} is how often it was tried in vain before. */
        Outcome start(int tries) throws IOException, SQLException;
    }

    /** A server that is looked after. Guarded by the lock of the operations. */
    static final class Charge {

        private final PostgresServer server;
        private final String role;
        private final Starter starter;
        private boolean wanted = true;
        private boolean down;
        private int tries;
        private long downSince;
        private long upSince;
        private long nextTry;

        Charge(PostgresServer server, String role, Starter starter) {
            this.server = server;
            this.role = role;
            this.starter = starter;
        }

        /** Whether the server is meant to run. */
        void wanted(boolean now) {
            wanted = now;
            down = false;
            tries = 0;
        }
    }

    private void run() {
        try {
            while (!closing.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                // An operation that is under way starts and stops servers itself.
                if (operation.tryLock()) {
                    try {
                        guard.run();
                        for (Charge charge : charges) {
                            look(charge, ticker.getAsLong());
                        }
                    } catch (RuntimeException failure) {
                        // Whatever it is: the servers are looked after, and the next look may succeed.
                        report(failure);
                    } finally {
                        operation.unlock();
                    }
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Once while it stays the same: there are ten looks a second. */
    private void report(RuntimeException failure) {
        if (!lastFailure.equals(failure.toString())) {
            lastFailure = failure.toString();
            LOG.warn("The look at the PostgreSQL servers failed; it is repeated", failure);
        }
    }

    private void look(Charge charge, long now) {
        if (!charge.wanted || closing.getCount() == 0) {
            return;
        }
        if (charge.server.running()) {
            if (charge.down && charge.server.accepting()) {
                charge.down = false;
                charge.upSince = now;
                charge.tries = Math.min(charge.tries, TRIES_OF_RECOVERED);
                say("The PostgreSQL %s is back, %d ms after it was found to have ended"
                        .formatted(charge.role, TimeUnit.NANOSECONDS.toMillis(now - charge.downSince)));
            }
            if (!charge.down && charge.tries > 0 && now - charge.upSince > STABLE.toNanos()) {
                charge.tries = 0;
            }
            return;
        }
        if (!charge.down) {
            charge.down = true;
            charge.downSince = now;
            charge.nextTry = now;
            say("The PostgreSQL %s ended by itself and is started again".formatted(charge.role));
        }
        if (now - charge.nextTry >= 0) {
            start(charge, now);
        }
    }

    private void start(Charge charge, long now) {
        if (charge.tries == MOST_TRIES) {
            charge.wanted = false;
            say("The PostgreSQL %s could not be started in %d tries and stays down; start Atlas again when the cause is"
                            .formatted(charge.role, MOST_TRIES)
                    + " removed. " + charge.server.log().tail());
            return;
        }
        if (charge.tries == 4) {
            say("The PostgreSQL %s does not start; it is tried again, at least every %d s. %s"
                    .formatted(
                            charge.role,
                            LONGEST_PAUSE.toSeconds(),
                            charge.server.log().tail()));
        }
        try {
            switch (charge.starter.start(charge.tries)) {
                case TRIED -> {}
                case BUSY -> {
                    charge.nextTry = now + FIRST_PAUSE.toNanos();
                    return;
                }
                case STAYS_DOWN -> charge.wanted = false;
            }
        } catch (IOException | SQLException | RuntimeException failure) {
            LOG.warn("The PostgreSQL {} could not be started", charge.role, failure);
        }
        charge.nextTry = now + pause(charge.tries).toNanos();
        charge.tries++;
    }

    private static Duration pause(int tries) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(tries, 20));
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    private void say(String line) {
        LOG.warn(line);
        progress.accept(line);
    }

    /** Ends the looking on; a start under way is finished first. To be called without the lock of the operations. */
    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
