package com.atlasco.atlas.capture;

import com.atlasco.atlas.analytics.AnalyticsStore;
import com.atlasco.atlas.analytics.change.ChangeOrder;
import com.atlasco.atlas.analytics.change.Watermark;
import com.atlasco.atlas.analytics.snapshot.EntityPlace;
import com.atlasco.atlas.analytics.snapshot.SnapshotScope;
import com.atlasco.atlas.analytics.snapshot.SnapshotStart;
import com.atlasco.atlas.analytics.snapshot.SnapshotState;
import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done in the store while no change is being applied: snapshots of a store in use begin, those that have been read
 * are completed, and single entities are corrected. {@link #run} is called by the thread that applies, everything else by
 * any.
 */
final class BetweenBatches {

    private static final Logger LOGGER = LoggerFactory.getLogger(BetweenBatches.class);

    /** After something failed nothing is tried for so long. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private static final int CORRECTED_AT_ONCE = 1_000;

    private final SourceServer server;
    private final AnalyticsStore store;
    private final SnapshotRuns runs;
    private final StatusBoard status;
    private final ConcurrentLinkedQueue<Request> requests = new ConcurrentLinkedQueue<>();
    private long pausedUntil;

    private sealed interface Request {
        CompletableFuture<Void> done();

        record Correct(Set<EntityPlace> entities, CompletableFuture<Void> done) implements Request {}

        record Begin(SnapshotScope scope, String reason, CompletableFuture<Void> done) implements Request {}
    }

    BetweenBatches(SourceServer server, AnalyticsStore store, SnapshotRuns runs, StatusBoard status) {
        this.server = server;
        this.store = store;
        this.runs = runs;
        this.status = status;
        this.pausedUntil = System.nanoTime();
    }

    /** Asks for these entities to be made what they are on the primary. */
    CompletableFuture<Void> correct(Set<EntityPlace> entities) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        requests.add(new Request.Correct(Set.copyOf(entities), done));
        return done;
    }

    /** Asks for a snapshot of a store in use. */
    CompletableFuture<Void> begin(SnapshotScope scope, String reason) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        requests.add(new Request.Begin(scope, reason, done));
        return done;
    }

    /** Whether {@link #run} has something to do. */
    boolean isWaiting() {
        return !requests.isEmpty()
                || runs.current().flatMap(SnapshotRun::readUntil).isPresent()
                || (runs.current().isEmpty() && !store.unsettled().isEmpty());
    }

    /** @param reached how far the changes have been applied; the last of them was none of an entity */
    void run(Position reached) {
        if (System.nanoTime() - pausedUntil < 0) {
            return;
        }
        for (Optional<Request> next = Optional.ofNullable(requests.poll());
                next.isPresent();
                next = Optional.ofNullable(requests.poll())) {
            serve(next.get());
        }
        Optional<Lsn> readUntil = runs.current().flatMap(SnapshotRun::readUntil);
        boolean complete = readUntil.filter(lsn -> reached.lsn().isAtLeast(lsn)).isPresent();
        if (!complete && (runs.current().isPresent() || store.unsettled().isEmpty())) {
            return;
        }
        try {
            while (!store.unsettled().isEmpty()) {
                correctNow(store.unsettled().stream().limit(CORRECTED_AT_ONCE).toList());
            }
            if (complete) {
                SnapshotState state = store.snapshot().orElseThrow();
                store.completeSnapshot(readUntil.orElseThrow());
                runs.ended();
                status.snapshotEnded();
                LOGGER.info("The snapshot of {} is complete: {} rows", state.scope(), state.rows());
            }
        } catch (SQLException | AtlasException failure) {
            pausedUntil = System.nanoTime() + PAUSE.toNanos();
            LOGGER.warn("Entities could not be read on the primary; tried again: {}", Failures.describe(failure));
        }
    }

    private void serve(Request request) {
        if (request.done().isDone()) {
            // Whoever asked has given up, and was told so.
            return;
        }
        try {
            switch (request) {
                case Request.Correct(Set<EntityPlace> entities, var _) -> correctNow(entities);
                case Request.Begin(SnapshotScope scope, String reason, var _) -> beginNow(scope, reason);
            }
            request.done().complete(null);
        } catch (SQLException | RuntimeException failure) {
            request.done().completeExceptionally(failure);
        }
    }

    private void correctNow(Collection<EntityPlace> entities) throws SQLException {
        try (Connection connection = server.connect()) {
            store.correct(new PrimaryRows(connection).current(entities, order()));
        }
    }

    private void beginNow(SnapshotScope scope, String reason) throws SQLException {
        if (store.snapshot().isPresent()) {
            throw new IllegalStateException(
                    "a snapshot of " + store.snapshot().get().scope() + " is under way");
        }
        Watermark watermark = store.watermark().orElseThrow();
        Lsn boundary = StreamPlace.of(watermark).boundary();
        Position from = watermark.position();
        try (Connection connection = server.connect()) {
            PrimaryRows rows = new PrimaryRows(connection);
            rows.awaitCommits();
            PrimaryRows.Parts parts = rows.parts(scope);
            store.beginSnapshot(new SnapshotStart(
                    scope,
                    new Position(from.systemId(), from.timeline(), boundary),
                    rows.now(),
                    rows.types(scope, order()),
                    parts.names(),
                    parts.estimatedRows(),
                    reason));
        }
        runs.start(store.snapshot().orElseThrow());
        status.snapshotBegun(store.snapshot().orElseThrow());
        LOGGER.info("A snapshot of {} begins: {}", scope, reason);
    }

    private ChangeOrder order() {
        return store.watermark().flatMap(Watermark::order).orElseThrow();
    }

    /** Nobody will serve what is still asked for. */
    void close() {
        List.copyOf(requests)
                .forEach(request -> request.done()
                        .completeExceptionally(new IllegalStateException("capture was interrupted; ask again")));
        requests.clear();
    }
}
