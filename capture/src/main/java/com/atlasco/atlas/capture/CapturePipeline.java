package com.atlasco.atlas.capture;

import com.atlasco.atlas.analytics.AnalyticsStore;
import com.atlasco.atlas.analytics.change.Watermark;
import com.atlasco.atlas.model.Lsn;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
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

    private final CaptureSettings settings;
    private final AnalyticsStore store;
    private final SourceServer server;
    private final StatusBoard status;
    private final LongSupplier nanoTicker;

    private final AtomicBoolean startCalled = new AtomicBoolean();
    private final CountDownLatch firstOutcome = new CountDownLatch(1);
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile Optional<EngineRun> currentRun = Optional.empty();
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
     * Stops the engine and frees the slot. Takes less than 3 seconds, unless the store needs longer for the batch it is
     * applying or the engine is starting: neither is interrupted.
     */
    @Override
    public void close() {
        closing.countDown();
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
        Optional<String> snapshotReason = Optional.empty();
        try {
            while (!isClosing()) {
                long appliedBefore = status.batches();
                Optional<Throwable> failure = attempt(snapshotReason);
                if (isClosing()) {
                    break;
                }
                snapshotReason = failure.flatMap(Failures::snapshotNeeded);
                if (snapshotReason.isPresent()) {
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
                if (closing.await(backoff.toMillis(), TimeUnit.MILLISECONDS)) {
                    break;
                }
                backoff = longer(backoff);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            status.stopped();
            firstOutcome.countDown();
        }
    }

    /** One run of the engine, from the look at the slot to its end. */
    private Optional<Throwable> attempt(Optional<String> snapshotReason) {
        status.starting();
        try {
            StartDecision decision = prepare(snapshotReason);
            Optional<Lsn> resumeFrom = switch (decision) {
                case StartDecision.Resume resume -> Optional.of(resume.boundary());
                case StartDecision.Snapshot _ -> Optional.empty();
            };
            BatchApplier applier = new BatchApplier(
                    store,
                    decision,
                    settings.maxBatch(),
                    settings.maxSnapshotBatch(),
                    nanoTicker,
                    status::changed,
                    status::applied);
            EngineRun run = new EngineRun(ConnectorProperties.of(settings, resumeFrom), applier, () -> {
                status.started(decision);
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
        }
    }

    private StartDecision prepare(Optional<String> snapshotReason) throws SQLException {
        ServerFacts facts = server.facts();
        Optional<Watermark> stored = store.watermark();
        StartDecision decision = snapshotReason
                .<StartDecision>map(reason -> new StartDecision.Snapshot(facts.systemId(), facts.timeline(), reason))
                .orElseGet(() -> StartDecision.of(facts, stored));
        switch (decision) {
            case StartDecision.Resume resume ->
                LOGGER.info("Capture goes on from {} of slot {}", resume.boundary(), settings.slotName());
            case StartDecision.Snapshot snapshot -> {
                if (stored.isPresent()) {
                    LOGGER.warn("Capture empties the store and takes a new snapshot: {}", snapshot.reason());
                    store.reset();
                } else {
                    LOGGER.info("Capture takes a snapshot: {}", snapshot.reason());
                }
                if (facts.slot().isPresent()) {
                    LOGGER.warn("Capture drops slot {}, which cannot serve a new snapshot", settings.slotName());
                    server.dropSlot();
                }
            }
        }
        return decision;
    }

    private Duration longer(Duration backoff) {
        Duration doubled = backoff.multipliedBy(2);
        return doubled.compareTo(settings.maxBackoff()) > 0 ? settings.maxBackoff() : doubled;
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }
}
