package com.atlasco.atlas.capture;

import com.atlasco.atlas.analytics.AnalyticsStore;
import com.atlasco.atlas.analytics.change.Change;
import com.atlasco.atlas.analytics.change.ChangeBatch;
import com.atlasco.atlas.analytics.change.ChangeOrder;
import com.atlasco.atlas.analytics.change.Watermark;
import com.atlasco.atlas.model.Heartbeat;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.RecordChangeEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Applies Debezium's batches to the store and confirms them only after that. One for each run of the engine; called by
 * its one polling thread, stopped by another.
 */
final class BatchApplier implements DebeziumEngine.ChangeConsumer<RecordChangeEvent<SourceRecord>> {

    /** How many times as long as it took to apply a batch the next one is gathered: little, and under load. */
    private static final int REST = 5;

    private static final int REST_UNDER_LOAD = 20;

    private static final Duration LONGEST_REST = Duration.ofMillis(250);

    private static final Duration LONGEST_REST_UNDER_LOAD = Duration.ofSeconds(1);

    /** The records of a batch that say that there is load. */
    static final int LOAD = 256;

    private final AnalyticsStore store;
    private final int maxBatch;
    private final int maxSnapshotBatch;
    private final LongSupplier nanoTicker;
    private final Consumer<List<Change>> onChanges;
    private final Consumer<AppliedBatch> onApplied;

    private final CountDownLatch stopping = new CountDownLatch(1);
    private final ReentrantLock applying = new ReentrantLock();
    private boolean stopped;

    /** The cursor in the log; empty while the snapshot is under way. */
    private Optional<StreamCursor> cursor;

    /** The newest position that a watermark claimed. */
    private Position position;

    private final List<Change> snapshotRows = new ArrayList<>();
    private Lsn snapshotLsn = Lsn.ZERO;

    /** Replayed records since the last applied batch. */
    private int skipped;

    BatchApplier(
            AnalyticsStore store,
            StartDecision start,
            int maxBatch,
            int maxSnapshotBatch,
            LongSupplier nanoTicker,
            Consumer<List<Change>> onChanges,
            Consumer<AppliedBatch> onApplied) {
        this.store = store;
        this.maxBatch = maxBatch;
        this.maxSnapshotBatch = maxSnapshotBatch;
        this.nanoTicker = nanoTicker;
        this.onChanges = onChanges;
        this.onApplied = onApplied;
        switch (start) {
            case StartDecision.Resume(Position resumeAt, Lsn boundary, Optional<ChangeOrder> applied) -> {
                this.cursor = Optional.of(StreamCursor.resume(boundary, applied));
                this.position = resumeAt;
            }
            case StartDecision.Snapshot snapshot -> {
                this.cursor = Optional.empty();
                this.position = new Position(snapshot.systemId(), snapshot.timeline(), Lsn.ZERO);
            }
        }
    }

    @Override
    public void handleBatch(
            List<RecordChangeEvent<SourceRecord>> events,
            DebeziumEngine.RecordCommitter<RecordChangeEvent<SourceRecord>> committer)
            throws InterruptedException {
        long begun = nanoTicker.getAsLong();
        applying.lock();
        try {
            if (stopped) {
                return;
            }
            int next = 0;
            while (next < events.size() && cursor.isEmpty()) {
                SourceRecord record = events.get(next).record();
                if (RecordDecoder.origin(record) == RecordDecoder.Origin.LOG) {
                    completeSnapshot(snapshotLsnBefore(record));
                } else {
                    snapshotRow(record);
                    next++;
                }
            }
            if (next < events.size()) {
                applyStream(events.subList(next, events.size()));
            }
            confirm(events.getLast(), committer);
        } finally {
            applying.unlock();
        }
        rest(nanoTicker.getAsLong() - begun, events.size());
    }

    /**
     * A batch costs the store some 10 ms however small it is, and each record the less the more share it. So what arrives is
     * gathered, for longer under load; not while the store is behind.
     */
    private void rest(long worked, int size) throws InterruptedException {
        if (cursor.isPresent()) {
            stopping.await(restAfter(Duration.ofNanos(worked), size, maxBatch).toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** How long the next batch is gathered after one of this size. */
    static Duration restAfter(Duration worked, int size, int maxBatch) {
        if (size >= maxBatch) {
            return Duration.ZERO;
        }
        return size < LOAD
                ? shorter(worked.multipliedBy(REST), LONGEST_REST)
                : shorter(worked.multipliedBy(REST_UNDER_LOAD), LONGEST_REST_UNDER_LOAD);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Waits for the batch that is being applied; later ones are not taken and will come again in the next run. */
    void stop() {
        stopping.countDown();
        applying.lock();
        try {
            stopped = true;
        } finally {
            applying.unlock();
        }
    }

    /**
     * Debezium keeps one offset and tells the slot its lsn_commit, so the last record stands for all before it. One
     * without lsn_commit is not confirmed: Debezium would fall back on an LSN inside the transaction, beyond what the
     * watermark claims.
     */
    private static void confirm(
            RecordChangeEvent<SourceRecord> last,
            DebeziumEngine.RecordCommitter<RecordChangeEvent<SourceRecord>> committer)
            throws InterruptedException {
        if (RecordDecoder.precedingCommit(last.record()).isPresent()) {
            committer.markProcessed(last);
        }
        committer.markBatchFinished();
    }

    /**
     * Where a snapshot ended that had no last record, seen from the first record of the log: a snapshot without a row
     * has none. All that ended before the first transaction streamed is in the snapshot, so the LSN of that
     * transaction's first record serves too.
     */
    private Lsn snapshotLsnBefore(SourceRecord firstOfLog) {
        if (!snapshotLsn.equals(Lsn.ZERO)) {
            return snapshotLsn;
        }
        OptionalLong precedingCommit = RecordDecoder.precedingCommit(firstOfLog);
        return precedingCommit.isPresent() ? new Lsn(precedingCommit.getAsLong()) : RecordDecoder.lsn(firstOfLog);
    }

    private void snapshotRow(SourceRecord record) {
        snapshotLsn = RecordDecoder.lsn(record);
        CapturedRecord captured = RecordDecoder.decode(record, StreamCursor.snapshotOrder(snapshotLsn));
        if (captured instanceof CapturedRecord.Changed(Change change)) {
            snapshotRows.add(change);
        }
        if (RecordDecoder.origin(record) == RecordDecoder.Origin.SNAPSHOT_END) {
            completeSnapshot(snapshotLsn);
        } else if (snapshotRows.size() >= maxSnapshotBatch) {
            applySnapshot(false);
        }
    }

    private void completeSnapshot(Lsn lsn) {
        snapshotLsn = lsn;
        applySnapshot(true);
        cursor = Optional.of(StreamCursor.afterSnapshot(lsn));
    }

    private void applySnapshot(boolean complete) {
        position = new Position(position.systemId(), position.timeline(), snapshotLsn);
        // No order until the end: all rows of a snapshot share one, and none of them is a replay of another.
        Watermark watermark = new Watermark(
                position,
                complete ? Optional.of(StreamCursor.snapshotOrder(snapshotLsn)) : Optional.empty(),
                List.of(),
                snapshotLsn.toString(),
                complete);
        apply(snapshotRows, watermark);
        snapshotRows.clear();
    }

    private void applyStream(List<RecordChangeEvent<SourceRecord>> events) {
        StreamCursor stream = cursor.orElseThrow();
        List<Change> changes = new ArrayList<>(events.size());
        Map<String, Heartbeat> heartbeats = new HashMap<>();
        Optional<ChangeOrder> last = Optional.empty();
        for (RecordChangeEvent<SourceRecord> event : events) {
            SourceRecord record = event.record();
            ChangeOrder order = stream.next(RecordDecoder.precedingCommit(record));
            if (stream.isReplay(order)) {
                skipped++;
                continue;
            }
            switch (RecordDecoder.decode(record, order)) {
                case CapturedRecord.Changed(Change change) -> changes.add(change);
                case CapturedRecord.Beat(Heartbeat heartbeat) ->
                    heartbeats.merge(
                            heartbeat.nodeId(),
                            heartbeat,
                            (known, newer) -> newer.sequence() > known.sequence() ? newer : known);
                case CapturedRecord.Truncated(String table) ->
                    throw new SnapshotNeededException("table " + table + " was truncated on the primary");
                case CapturedRecord.Ignored() -> {}
            }
            last = Optional.of(order);
        }
        if (last.isEmpty()) {
            return;
        }
        advance(stream.boundary());
        // What was durable before a heartbeat's transaction began has committed before it, hence lies before it here.
        for (Heartbeat heartbeat : heartbeats.values()) {
            if (heartbeat.position().sameHistory(position)) {
                advance(heartbeat.position().lsn());
            }
        }
        apply(
                changes,
                new Watermark(
                        position,
                        last,
                        List.copyOf(heartbeats.values()),
                        stream.boundary().toString(),
                        true));
    }

    private void advance(Lsn lsn) {
        if (lsn.compareTo(position.lsn()) > 0) {
            position = new Position(position.systemId(), position.timeline(), lsn);
        }
    }

    private void apply(List<Change> changes, Watermark watermark) {
        long begin = nanoTicker.getAsLong();
        store.apply(new ChangeBatch(changes, watermark));
        if (!changes.isEmpty()) {
            onChanges.accept(Collections.unmodifiableList(changes));
        }
        onApplied.accept(
                new AppliedBatch(changes.size(), skipped, watermark, Duration.ofNanos(nanoTicker.getAsLong() - begin)));
        skipped = 0;
    }
}
