package com.atlasco.atlas.capture;

import com.atlasco.atlas.analytics.AnalyticsStore;
import com.atlasco.atlas.analytics.change.ChangeOrder;
import com.atlasco.atlas.analytics.change.Watermark;
import com.atlasco.atlas.analytics.snapshot.EntityPlace;
import com.atlasco.atlas.analytics.snapshot.SnapshotScope;
import com.atlasco.atlas.analytics.snapshot.SnapshotStart;
import com.atlasco.atlas.analytics.snapshot.SnapshotState;
import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an analytics store up to date with PostgreSQL: takes a snapshot where there is none, then follows the log, and
 * starts again by itself after any failure. The store's watermark alone says where to go on, so nothing is lost and
 * nothing is applied twice, whenever the process ends.
 *
 * <p>The pipeline is the store's only writer between {@link #start} and {@link #close}. Start and close it once.
 * Thread-safe.
 */
public final class CapturePipeline implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(CapturePipeline.class);

    private static final Duration START_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration ORDER_TIMEOUT = Duration.ofSeconds(30);

    private final CaptureSettings settings;
    private final AnalyticsStore store;
    private final SourceServer server;
    private final StatusBoard status;
    private final LongSupplier nanoTicker;

    private final AtomicBoolean startCalled = new AtomicBoolean();
    private final CountDownLatch firstOutcome = new CountDownLatch(1);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Semaphore wakes = new Semaphore(0);
    private final AtomicReference<Optional<Wanted>> wantedSnapshot = new AtomicReference<>(Optional.empty());
    private volatile Optional<EngineRun> currentRun = Optional.empty();
    private volatile Optional<BetweenBatches> between = Optional.empty();
    private volatile Optional<StartDecision.Refuse> refusal = Optional.empty();

    /** The supervisor's own. */
    private Optional<Contradiction> contradicted = Optional.empty();

    /**
     * A snapshot that is to be taken.
     *
     * @param ordered whether somebody said so, who answers for the server and the slot
     */
    private record Wanted(String reason, boolean ordered) {}

    /**
     * What the stream of a server showed that cannot be after what the store has.
     *
     * @param on the server's history
     */
    private record Contradiction(String reason, Position on) {}

    private final Thread supervisor;

    /** With the system's clocks. */
    public CapturePipeline(CaptureSettings settings, AnalyticsStore store, CaptureObserver observer) {
        this(settings, store, observer, InstantSource.system(), System::nanoTime);
    }

    public CapturePipeline(
            CaptureSettings settings,
            AnalyticsStore store,
            CaptureObserver observer,
            InstantSource clock,
            LongSupplier nanoTicker) {
        this.settings = settings;
        this.store = store;
        this.server = new SourceServer(settings);
        this.status = new StatusBoard(observer, clock);
        this.nanoTicker = nanoTicker;
        this.supervisor = Thread.ofPlatform().daemon().name("atlas-capture").unstarted(this::supervise);
    }

    /**
     * Starts the pipeline and returns when the engine has started or the first try has failed, which
     * {@link #status()} tells and which is tried again; at the latest after 30 seconds. A snapshot may go on after it.
     *
     * @throws IllegalStateException when it was started before
     */
    public void start() throws InterruptedException {
        if (!startCalled.compareAndSet(false, true)) {
            throw new IllegalStateException("capture was started before");
        }
        supervisor.start();
        if (!firstOutcome.await(START_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
            LOGGER.warn("Capture is still starting after {}", START_TIMEOUT);
        }
    }

    public CaptureStatus status() {
        return status.current();
    }

    /**
     * Fills the store from the primary anew: of a store in use while it goes on to be read, of one that capture refuses to
     * go on with from nothing. Returns when the snapshot has begun; {@link #status()} tells how far it is.
     *
     * @param takeOver whether a slot may be dropped that is, or may be, another store's
     * @throws com.atlasco.atlas.model.AtlasException {@code resync_conflict} when a snapshot is under way, or the slot is
     *     another's; {@code source_unavailable} when capture does not run
     */
    public void resync(SnapshotScope scope, boolean takeOver) throws InterruptedException {
        Optional<StartDecision.Refuse> refused = refusal;
        if (refused.isPresent()) {
            if (!(scope instanceof SnapshotScope.Everything)) {
                throw conflict("capture does not run: " + refused.get().reason(), "Resync everything, not one tenant.");
            }
            if (refused.get().foreignSlot() && !takeOver) {
                throw conflict(refused.get().reason(), refused.get().remedy());
            }
            wantedSnapshot.set(Optional.of(
                    new Wanted("it was ordered, although " + refused.get().reason(), true)));
            wakes.release();
            return;
        }
        if (store.snapshot().isPresent()) {
            throw conflict(
                    "a snapshot of " + store.snapshot().get().scope() + " is under way", "Wait until it is complete.");
        }
        await(running().begin(scope, "it was ordered"));
    }

    /**
     * Makes the store hold of these entities what the primary holds, whatever it holds now; one that is not there is
     * removed. Returns when it does.
     *
     * @param entityIds at most some thousands
     * @throws com.atlasco.atlas.model.AtlasException {@code source_unavailable} when capture does not run, or the primary
     *     does not answer
     */
    public void refresh(TenantId tenant, Collection<Long> entityIds) throws InterruptedException {
        await(running()
                .correct(entityIds.stream()
                        .map(id -> new EntityPlace(tenant.value(), id))
                        .collect(Collectors.toSet())));
    }

    private BetweenBatches running() {
        return between.orElseThrow(() -> unavailable(status.current()
                .failure()
                .orElse("it is " + status.current().state().name().toLowerCase(Locale.ROOT))));
    }

    private static void await(CompletableFuture<Void> done) throws InterruptedException {
        try {
            done.get(ORDER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            done.cancel(false);
            throw unavailable("changes have not been applied to a point where it can be done for "
                    + ORDER_TIMEOUT.toSeconds() + " s");
        } catch (ExecutionException failed) {
            throw unavailable(Failures.describe(failed));
        }
    }

    private static AtlasException unavailable(String why) {
        return Problem.of(ErrorCode.SOURCE_UNAVAILABLE, "change capture cannot do it now: " + why)
                .hint("Try again in a moment, and look at /status.")
                .asException();
    }

    private static AtlasException conflict(String what, String remedy) {
        return Problem.of(ErrorCode.RESYNC_CONFLICT, what).hint(remedy).asException();
    }

    /**
     * Stops the engine and frees the slot. Takes less than 3 seconds, unless the store needs longer for the batch it is
     * applying or the engine is starting: neither is interrupted.
     */
    @Override
    public void close() {
        closing.countDown();
        wakes.release();
        if (!startCalled.getAndSet(true)) {
            status.stopped();
            return;
        }
        try {
            Optional<EngineRun> run = currentRun;
            if (run.isPresent() && !run.get().stop(START_TIMEOUT, STOP_TIMEOUT)) {
                LOGGER.warn(
                        "The engine did not end within {}; the slot may stay active until the process ends",
                        STOP_TIMEOUT);
                return;
            }
            supervisor.join(STOP_TIMEOUT);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void supervise() {
        Duration backoff = settings.minBackoff();
        try {
            while (!isClosing()) {
                long appliedBefore = status.batches();
                Optional<Throwable> failure = attempt(wantedSnapshot.getAndSet(Optional.empty()));
                if (isClosing()) {
                    break;
                }
                Optional<String> needed = failure.flatMap(Failures::snapshotNeeded);
                if (needed.isPresent()) {
                    wantedSnapshot.set(Optional.of(new Wanted(needed.get(), false)));
                    continue;
                }
                Optional<String> otherHistory = failure.flatMap(Failures::otherHistory);
                if (otherHistory.isPresent()) {
                    contradicted = server.history().map(history -> new Contradiction(otherHistory.get(), history));
                    continue;
                }
                if (refusal.isPresent()) {
                    firstOutcome.countDown();
                    wakes.tryAcquire(settings.maxBackoff().toMillis(), TimeUnit.MILLISECONDS);
                    continue;
                }
                if (status.batches() > appliedBefore) {
                    backoff = settings.minBackoff();
                }
                String reason = failure.map(Failures::describe).orElse("the engine ended");
                status.failed(reason);
                firstOutcome.countDown();
                LOGGER.warn("Capture failed and will be tried again in {} ms: {}", backoff.toMillis(), reason);
                failure.ifPresent(cause -> LOGGER.debug("Capture failed", cause));
                wakes.tryAcquire(backoff.toMillis(), TimeUnit.MILLISECONDS);
                backoff = longer(backoff);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            status.stopped();
            firstOutcome.countDown();
        }
    }

    /** One run of the engine, from the look at the slot to its end; none where the decision is to refuse. */
    private Optional<Throwable> attempt(Optional<Wanted> wanted) throws InterruptedException {
        SnapshotRuns runs = new SnapshotRuns(this::snapshotRun);
        BetweenBatches tasks = new BetweenBatches(server, store, runs, status);
        try {
            if (refusal.isEmpty()) {
                status.starting();
            }
            Optional<StartDecision.Resume> prepared;
            try {
                prepared = prepare(wanted);
            } catch (SQLException | AtlasException failed) {
                // What was wanted is still to be done.
                wantedSnapshot.compareAndSet(Optional.empty(), wanted);
                throw failed;
            }
            if (prepared.isEmpty()) {
                return Optional.empty();
            }
            StartDecision.Resume resume = prepared.get();
            BatchApplier applier = new BatchApplier(
                    store, resume, tasks, settings.maxBatch(), nanoTicker, status::changed, status::applied);
            EngineRun run = new EngineRun(
                    ConnectorProperties.of(settings, server.at(), resume.place().boundary()), applier, () -> {
                        status.started(store.snapshot());
                        between = Optional.of(tasks);
                        store.snapshot().ifPresent(runs::start);
                        firstOutcome.countDown();
                    });
            currentRun = Optional.of(run);
            // close() may have looked before the run was there.
            if (isClosing()) {
                return Optional.empty();
            }
            return run.run();
        } catch (Exception failed) {
            return Optional.of(failed);
        } finally {
            currentRun = Optional.empty();
            between = Optional.empty();
            tasks.close();
            runs.close();
        }
    }

    private SnapshotRun snapshotRun(SnapshotState state) {
        return new SnapshotRun(
                server,
                store,
                state,
                settings.snapshotThreads(),
                settings.maxSnapshotBatch(),
                chunk -> status.snapshotAdvanced(chunk, store.snapshot()));
    }

    /** Where to go on; empty where capture is not to start. */
    private Optional<StartDecision.Resume> prepare(Optional<Wanted> wanted) throws SQLException {
        // What a store without a complete snapshot holds is only worth something while that one goes on.
        Optional<Watermark> stored = store.watermark()
                .filter(watermark ->
                        watermark.snapshotComplete() || store.snapshot().isPresent());
        ServerFacts facts = server.facts(
                stored.map(watermark -> OptionalInt.of(watermark.position().timeline()))
                        .orElse(OptionalInt.empty()));
        StartDecision possible = StartDecision.of(
                facts,
                new StoreFacts(
                        store.identity(),
                        stored,
                        store.snapshot().isPresent(),
                        store.readUntil(),
                        contradicted
                                .filter(shown -> shown.on().systemId() == facts.systemId()
                                        && shown.on().timeline() == facts.timeline())
                                .map(Contradiction::reason)),
                settings.snapshotOnNewTimeline());
        // A snapshot that nobody ordered is taken only from where the store might be gone on with.
        StartDecision decision = wanted.filter(
                        snapshot -> snapshot.ordered() || !(possible instanceof StartDecision.Refuse))
                .<StartDecision>map(snapshot -> new StartDecision.Snapshot(snapshot.reason()))
                .orElse(possible);
        refusal = decision instanceof StartDecision.Refuse refuse ? Optional.of(refuse) : Optional.empty();
        if (refusal.isPresent()) {
            wantedSnapshot.compareAndSet(Optional.empty(), wanted);
        }
        return switch (decision) {
            case StartDecision.Resume resume -> {
                LOGGER.info("Capture goes on from {} of slot {}", resume.place(), settings.slotName());
                server.ownSlot(store.identity());
                yield Optional.of(resume);
            }
            case StartDecision.Snapshot(String reason) -> Optional.of(beginSnapshot(facts, stored, reason));
            case StartDecision.Refuse(String reason, String remedy, boolean _) -> {
                if (status.refused(reason, remedy)) {
                    LOGGER.error("Capture does not start: {}. {}", reason, remedy);
                }
                yield Optional.empty();
            }
        };
    }

    /** With a new slot and an empty store, the snapshot begins; its rows are read once changes stream. */
    private StartDecision.Resume beginSnapshot(ServerFacts facts, Optional<Watermark> stored, String reason)
            throws SQLException {
        if (stored.isPresent()) {
            LOGGER.warn("Capture empties the store and takes a new snapshot: {}", reason);
        } else {
            LOGGER.info("Capture takes a snapshot: {}", reason);
        }
        // Noted before it exists: a slot that nobody noted is somebody else's.
        server.ownSlot(store.identity());
        if (facts.slot().isPresent()) {
            LOGGER.warn("Capture drops slot {}, which cannot serve a new snapshot", settings.slotName());
            server.dropSlot();
        }
        Lsn begin = server.createSlot();
        Position position = new Position(facts.systemId(), facts.timeline(), begin);
        ChangeOrder order = new ChangeOrder(begin, 0);
        try (Connection connection = server.connect()) {
            PrimaryRows rows = new PrimaryRows(connection);
            rows.awaitCommits();
            SnapshotScope scope = new SnapshotScope.Everything();
            PrimaryRows.Parts parts = rows.parts(scope);
            SnapshotStart start = new SnapshotStart(
                    scope,
                    position,
                    rows.now(),
                    rows.types(scope, order),
                    parts.names(),
                    parts.estimatedRows(),
                    reason);
            // Only now: as long as the store knows whose it is, nothing else is taken for the right server.
            if (stored.isPresent()) {
                store.reset();
            }
            store.beginSnapshot(start);
            contradicted = Optional.empty();
        }
        return new StartDecision.Resume(position, new StreamPlace(begin, Optional.empty()), Optional.of(order));
    }

    private Duration longer(Duration backoff) {
        Duration doubled = backoff.multipliedBy(2);
        return doubled.compareTo(settings.maxBackoff()) > 0 ? settings.maxBackoff() : doubled;
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }
}
