package com.atlasco.atlas.capture;

import com.atlasco.atlas.analytics.change.Change;
import com.atlasco.atlas.model.Heartbeat;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/** The pipeline's status, written by its threads and read by any. */
final class StatusBoard {

    private final CaptureObserver observer;
    private final InstantSource clock;
    private volatile CaptureStatus status = CaptureStatus.initial();
    private final AtomicLong batches = new AtomicLong();
    private final AtomicLong starts = new AtomicLong();

    StatusBoard(CaptureObserver observer, InstantSource clock) {
        this.observer = observer;
        this.clock = clock;
    }

    CaptureStatus current() {
        return status;
    }

    /** Batches applied so far: a run that applied one has worked. */
    long batches() {
        return batches.get();
    }

    void starting() {
        long restarts = starts.getAndIncrement();
        change(now -> with(now, CaptureState.STARTING, restarts, now.failure()));
    }

    void started(StartDecision decision) {
        switch (decision) {
            case StartDecision.Resume _ ->
                change(now -> with(now, CaptureState.STREAMING, now.restarts(), now.failure()));
            case StartDecision.Snapshot snapshot ->
                change(now -> new CaptureStatus(
                        CaptureState.SNAPSHOT,
                        now.changesApplied(),
                        now.replaysSkipped(),
                        0,
                        now.restarts(),
                        now.position(),
                        now.newestHeartbeat(),
                        now.lastBatchAt(),
                        now.failure(),
                        Optional.of(snapshot.reason())));
        }
    }

    /** The changes of a batch that is durable. */
    void changed(List<Change> changes) {
        observer.changesApplied(changes);
    }

    void applied(AppliedBatch batch) {
        batches.incrementAndGet();
        boolean ofSnapshot =
                batch.watermark().order().map(order -> order.ordinal() == 0).orElse(true);
        Optional<Heartbeat> heartbeat =
                batch.watermark().heartbeats().stream().max(Comparator.comparing(Heartbeat::sentAt));
        change(now -> new CaptureStatus(
                batch.watermark().snapshotComplete() ? CaptureState.STREAMING : CaptureState.SNAPSHOT,
                now.changesApplied() + batch.changes(),
                now.replaysSkipped() + batch.skipped(),
                now.snapshotRows() + (ofSnapshot ? batch.changes() : 0),
                now.restarts(),
                Optional.of(batch.watermark().position()),
                heartbeat.or(now::newestHeartbeat),
                Optional.of(clock.instant()),
                Optional.empty(),
                now.snapshotReason()));
        observer.batchApplied(batch);
    }

    void failed(String reason) {
        change(now -> with(now, CaptureState.FAILED, now.restarts(), Optional.of(reason)));
    }

    void stopped() {
        change(now -> with(now, CaptureState.STOPPED, now.restarts(), now.failure()));
    }

    private void change(UnaryOperator<CaptureStatus> update) {
        CaptureStatus before;
        CaptureStatus after;
        synchronized (this) {
            before = status;
            after = update.apply(before);
            status = after;
        }
        if (before.state() != after.state()) {
            observer.stateChanged(after);
        }
    }

    private static CaptureStatus with(CaptureStatus now, CaptureState state, long restarts, Optional<String> failure) {
        return new CaptureStatus(
                state,
                now.changesApplied(),
                now.replaysSkipped(),
                now.snapshotRows(),
                restarts,
                now.position(),
                now.newestHeartbeat(),
                now.lastBatchAt(),
                failure,
                now.snapshotReason());
    }
}
