package com.atlasco.atlas.embedded;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A copy that is made beside the operations and put in place as one of them; one at a time. */
final class BackgroundCopy {

    private static final Logger LOG = LoggerFactory.getLogger(BackgroundCopy.class);
    private static final long LOCK_MILLIS = 20;

    private final ReentrantLock operation;
    private final Consumer<String> progress;
    private volatile Optional<Run> current = Optional.empty();

    private record Run(Thread thread, AtomicBoolean givenUp) {}

    BackgroundCopy(ReentrantLock operation, Consumer<String> progress) {
        this.operation = operation;
        this.progress = progress;
    }

    /** Makes the copy, without the lock. */
    @FunctionalInterface
    interface Copy {
        /** Ends soon, with an exception, when it is given up. */
        void run(BooleanSupplier givenUp) throws IOException, SQLException, InterruptedException;
    }

    /** Puts the copy in its place, under the lock. */
    @FunctionalInterface
    interface Publication {
        void run() throws IOException;
    }

    /** The caller holds the lock, and no copy is under way. */
    void begin(Copy copy, Publication publication) {
        AtomicBoolean givenUp = new AtomicBoolean();
        Thread thread = Thread.ofPlatform()
                .daemon()
                .name("atlas-embedded-copy")
                .unstarted(() -> run(copy, publication, givenUp));
        current = Optional.of(new Run(thread, givenUp));
        thread.start();
    }

    private void run(Copy copy, Publication publication, AtomicBoolean givenUp) {
        try {
            copy.run(givenUp::get);
            // Whoever holds the lock may be waiting for this thread.
            while (!operation.tryLock(LOCK_MILLIS, TimeUnit.MILLISECONDS)) {
                if (givenUp.get()) {
                    return;
                }
            }
            try {
                if (!givenUp.get()) {
                    publication.run();
                }
            } finally {
                operation.unlock();
            }
        } catch (IOException | SQLException | RuntimeException failure) {
            if (!givenUp.get()) {
                LOG.warn("The replica could not be copied anew", failure);
                progress.accept("The replica could not be copied anew: " + failure.getMessage());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    boolean underWay() {
        return current.filter(run -> run.thread().isAlive()).isPresent();
    }

    /** Tells the copy under way to end without being put in place. */
    void giveUp() {
        current.ifPresent(run -> run.givenUp().set(true));
    }

    /** Returns when no copy is under way any more. */
    void await() throws InterruptedException {
        if (current.isPresent()) {
            current.get().thread().join();
        }
    }
}
