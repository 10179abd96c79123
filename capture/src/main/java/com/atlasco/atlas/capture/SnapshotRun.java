package com.atlasco.atlas.capture;

import com.atlasco.atlas.analytics.AnalyticsStore;
import com.atlasco.atlas.analytics.snapshot.SnapshotChunk;
import com.atlasco.atlas.analytics.snapshot.SnapshotState;
import com.atlasco.atlas.model.Lsn;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what is left of a snapshot, several parts at once, and hands it to the store in chunks. What fails is tried again
 * from the last chunk that is in the store. Thread-safe; start it once.
 */
final class SnapshotRun {

    private static final Logger LOGGER = LoggerFactory.getLogger(SnapshotRun.class);

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration BEATS = Duration.ofMillis(250);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    private final SourceServer server;
    private final AnalyticsStore store;
    private final int maxRows;
    private final Consumer<SnapshotChunk> onChunk;
    private final ConcurrentLinkedQueue<SnapshotState.Part> waiting;
    private final AtomicInteger running;
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final ReentrantLock storing = new ReentrantLock();
    private volatile Optional<Lsn> readUntil = Optional.empty();

    /**
     * @param threadCount parts that are read at once, from 1
     * @param maxRows of a chunk, from 1
     * @param onChunk is told of every chunk that is durable, by the threads that read
     */
    SnapshotRun(
            SourceServer server,
            AnalyticsStore store,
            SnapshotState state,
            int threadCount,
            int maxRows,
            Consumer<SnapshotChunk> onChunk) {
        this.server = server;
        this.store = store;
        this.maxRows = maxRows;
        this.onChunk = onChunk;
        this.waiting = new ConcurrentLinkedQueue<>(
                state.parts().stream().filter(part -> !part.complete()).toList());
        this.running = new AtomicInteger(threadCount);
        for (int i = 1; i <= threadCount; i++) {
            threads.add(Thread.ofPlatform().daemon().name("atlas-snapshot-" + i).unstarted(() -> work(state)));
        }
    }

    void start() {
        threads.forEach(Thread::start);
    }

    /** What was committed up to here may be among what was read; empty until everything is read and in the store. */
    Optional<Lsn> readUntil() {
        return readUntil;
    }

    /** The log has come to what was read. */
    void end() {
        stopping.countDown();
    }

    /** Waits for what is being stored, and a few seconds for what is being read; that is not stored any more. */
    void stop() throws InterruptedException {
        storing.lock();
        try {
            stopping.countDown();
        } finally {
            storing.unlock();
        }
        for (Thread thread : threads) {
            thread.join(STOP_TIMEOUT);
        }
    }

    private void work(SnapshotState state) {
        try {
            boolean read = false;
            while (!read && !isStopping()) {
                read = succeeds(this::readParts, state);
            }
            if (running.decrementAndGet() == 0) {
                boolean told = false;
                while (!told && !isStopping()) {
                    told = succeeds(this::tell, state);
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private interface Step {
        void run(Connection connection, SnapshotState state) throws SQLException, InterruptedException;
    }

    private boolean succeeds(Step step, SnapshotState state) throws InterruptedException {
        try (Connection connection = server.connect()) {
            step.run(connection, state);
            return !isStopping();
        } catch (SQLException | RuntimeException | OutOfMemoryError failure) {
            // Whatever it is, a thread that ended would leave the snapshot incomplete without a word.
            if (!isStopping()) {
                LOGGER.warn(
                        "Reading the snapshot of {} failed and is tried again: {}",
                        state.scope(),
                        Failures.describe(failure));
                stopping.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            }
            return false;
        }
    }

    private void readParts(Connection connection, SnapshotState state) throws SQLException {
        PrimaryRows rows = new PrimaryRows(connection);
        // A commit before the snapshot's beginning does not come by the log, and may not be visible yet.
        rows.awaitCommits();
        Optional<SnapshotState.Part> taken = Optional.ofNullable(waiting.poll());
        while (taken.isPresent() && !isStopping()) {
            SnapshotState.Part part = taken.get();
            boolean stored = false;
            try {
                SnapshotChunk chunk = rows.chunk(state, part, maxRows);
                stored = store(chunk);
                if (!stored) {
                    return;
                }
                onChunk.accept(chunk);
                part = new SnapshotState.Part(
                        part.name(), chunk.reached(), part.rows() + chunk.rows().size(), chunk.last());
            } finally {
                // What failed goes on from where it was, by this thread or another.
                if (!stored) {
                    waiting.add(part);
                }
            }
            taken = part.complete() ? Optional.ofNullable(waiting.poll()) : Optional.of(part);
        }
        taken.filter(part -> !part.complete()).ifPresent(waiting::add);
    }

    /** Not once it was stopped: what comes after this snapshot may have parts of the same names. */
    private boolean store(SnapshotChunk chunk) {
        storing.lock();
        try {
            if (isStopping()) {
                return false;
            }
            store.applyChunk(chunk);
            return true;
        } finally {
            storing.unlock();
        }
    }

    /** Tells how far was read, and sees to it that the log comes there. */
    private void tell(Connection connection, SnapshotState state) throws SQLException, InterruptedException {
        readUntil = Optional.of(new PrimaryRows(connection).logEnd());
        do {
            server.beat(connection);
        } while (!stopping.await(BEATS.toMillis(), TimeUnit.MILLISECONDS));
        server.endBeats(connection);
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }
}
