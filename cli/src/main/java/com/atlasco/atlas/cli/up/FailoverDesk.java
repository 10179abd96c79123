package com.atlasco.atlas.cli.up;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks for orders to fail over, and carries them out. Close it once. */
final class FailoverDesk implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(FailoverDesk.class);

    private static final Duration LOOK = Duration.ofMillis(100);

    private final FailoverFiles files;
    private final Supplier<String> failover;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    private FailoverDesk(FailoverFiles files, Supplier<String> failover) {
        this.files = files;
        this.failover = failover;
        this.thread = Thread.ofPlatform().daemon().name("atlas-failover").unstarted(this::watch);
    }

    /**
     * Begins to look. An order that was laid down before is not carried out.
     *
     * @param failover carries one out, and says what is the primary then; throws when nothing is
     */
    static FailoverDesk open(FailoverFiles files, Supplier<String> failover) {
        FailoverDesk desk = new FailoverDesk(files, failover);
        try {
            Optional<String> old = files.waiting();
            if (files.take() && old.isPresent()) {
                files.answer(new FailoverFiles.Outcome(
                        old.get(), false, "It was ordered before atlas up was ready: nothing was changed. Try again."));
            }
        } catch (IOException unwritable) {
            LOGGER.warn("An old order to fail over cannot be taken away", unwritable);
        }
        desk.thread.start();
        return desk;
    }

    private void watch() {
        try {
            while (!closing.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    Optional<String> order = files.waiting();
                    if (order.isPresent() && files.take()) {
                        files.answer(carriedOut(order.get()));
                    }
                } catch (IOException unreadable) {
                    LOGGER.warn("An order to fail over cannot be read or answered", unreadable);
                }
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private FailoverFiles.Outcome carriedOut(String order) {
        try {
            LOGGER.warn("Failing over, as ordered");
            return new FailoverFiles.Outcome(order, true, failover.get());
        } catch (RuntimeException failure) {
            LOGGER.warn("The failover that was ordered failed", failure);
            return new FailoverFiles.Outcome(order, false, String.valueOf(failure.getMessage()));
        }
    }

    /** Waits for one that is under way. */
    @Override
    public void close() throws InterruptedException {
        closing.countDown();
        thread.join();
    }
}
