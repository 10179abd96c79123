package com.atlasco.atlas.capture;

import com.atlasco.atlas.analytics.change.Change;
import com.atlasco.atlas.analytics.snapshot.SnapshotChunk;
import com.atlasco.atlas.analytics.snapshot.SnapshotState;
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

    /** The engine runs. */
    void started(Optional<SnapshotState> snapshot) {
        change(now -> new CaptureStatus(
                state(snapshot),
                now.changesApplied(),
                now.replaysSkipped(),
                snapshot.map(SnapshotState::rows).orElse(now.snapshotRows()),
                now.restarts(),
                now.position(),
                now.newestHeartbeat(),
                now.lastBatchAt(),
                now.failure(),
                snapshot.filter(SnapshotState::initial)
                        .map(SnapshotState::reason)
                        .or(now::snapshotReason),
                Optional.empty(),
                snapshot));
    }

    void snapshotBegun(SnapshotState snapshot) {
        change(now -> withSnapshot(now, state(Optional.of(snapshot)), snapshot.rows(), Optional.of(snapshot)));
    }

    /** Rows of a snapshot that are durable. Those put aside for a store in use are no changes: most are there already. */
    void snapshotAdvanced(SnapshotChunk chunk, Optional<SnapshotState> snapshot) {
        boolean initial = snapshot.filter(SnapshotState::initial).isPresent();
        if (initial) {
            observer.changesApplied(List.copyOf(chunk.rows()));
        }
        change(now -> new CaptureStatus(
                now.state(),
                now.changesApplied() + (initial ? chunk.rows().size() : 0),
                now.replaysSkipped(),
                snapshot.map(SnapshotState::rows).orElse(now.snapshotRows()),
                now.restarts(),
                now.position(),
                now.newestHeartbeat(),
                now.lastBatchAt(),
                now.failure(),
                now.snapshotReason(),
                now.remedy(),
                snapshot));
    }

    void snapshotEnded() {
        change(now -> withSnapshot(now, CaptureState.STREAMING, now.snapshotRows(), Optional.empty()));
    }

    private static CaptureState state(Optional<SnapshotState> snapshot) {
        return snapshot.filter(SnapshotState::initial).isPresent() ? CaptureState.SNAPSHOT : CaptureState.STREAMING;
    }

    /** The changes of a batch that is durable. */
    void changed(List<Change> changes) {
        observer.changesApplied(changes);
    }

    void applied(AppliedBatch batch) {
        batches.incrementAndGet();
        Optional<Heartbeat> heartbeat =
                batch.watermark().heartbeats().stream().max(Comparator.comparing(Heartbeat::sentAt));
        change(now -> new CaptureStatus(
                batch.watermark().snapshotComplete() ? CaptureState.STREAMING : CaptureState.SNAPSHOT,
                now.changesApplied() + batch.changes(),
                now.replaysSkipped() + batch.skipped(),
                now.snapshotRows(),
                now.restarts(),
                Optional.of(batch.watermark().position()),
                heartbeat.or(now::newestHeartbeat),
                Optional.of(clock.instant()),
                Optional.empty(),
                now.snapshotReason(),
                Optional.empty(),
                now.snapshot()));
        observer.batchApplied(batch);
    }

    void failed(String reason) {
        change(now -> with(now, CaptureState.FAILED, now.restarts(), Optional.of(reason)));
    }

    /** Returns whether that is news. */
    boolean refused(String reason, String remedy) {
        boolean news = status.state() != CaptureState.REFUSED;
        change(now -> new CaptureStatus(
                CaptureState.REFUSED,
                now.changesApplied(),
                now.replaysSkipped(),
                now.snapshotRows(),
                now.restarts(),
                now.position(),
                now.newestHeartbeat(),
                now.lastBatchAt(),
                Optional.of(reason),
                now.snapshotReason(),
                Optional.of(remedy),
                now.snapshot()));
        return news;
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
                now.snapshotReason(),
                Optional.empty(),
                now.snapshot());
    }

    private static CaptureStatus withSnapshot(
            CaptureStatus now, CaptureState state, long snapshotRows, Optional<SnapshotState> snapshot) {
        return new CaptureStatus(
                state,
                now.changesApplied(),
                now.replaysSkipped(),
                snapshotRows,
                now.restarts(),
                now.position(),
                now.newestHeartbeat(),
                now.lastBatchAt(),
                now.failure(),
                now.snapshotReason(),
                now.remedy(),
                snapshot);
    }
}
