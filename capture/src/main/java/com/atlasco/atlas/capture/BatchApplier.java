package com.atlasco.atlas.capture;

import com.atlasco.atlas.analytics.AnalyticsStore;
import com.atlasco.atlas.analytics.change.Change;
import com.atlasco.atlas.analytics.change.ChangeBatch;
import com.atlasco.atlas.analytics.change.ChangeOrder;
import com.atlasco.atlas.analytics.change.Watermark;
import com.atlasco.atlas.analytics.snapshot.SnapshotState;
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

    private static final Duration LONGEST_REST_UNDER_LOAD = Duration.ofMillis(400);

    /** The records of a batch that say that there is load. */
    static final int LOAD = 256;

    private final AnalyticsStore store;
    private final BetweenBatches between;
    private final int maxBatch;
    private final LongSupplier nanoTicker;
    private final Consumer<List<Change>> onChanges;
    private final Consumer<AppliedBatch> onApplied;

    private final CountDownLatch stopping = new CountDownLatch(1);
    private final ReentrantLock applying = new ReentrantLock();
    private boolean stopped;

    private final StreamPlace start;
    private final StreamCursor cursor;

    /** The last transaction of which the store has records. */
    private Optional<StreamPlace.Transaction> last;

    /** Whether the stream has yet to show that its log has that transaction. */
    private boolean unproved;

    /** The newest position that a watermark claimed. */
    private Position position;

    /** Replayed records since the last applied batch. */
    private int skipped;

    BatchApplier(
            AnalyticsStore store,
            StartDecision.Resume start,
            BetweenBatches between,
            int maxBatch,
            LongSupplier nanoTicker,
            Consumer<List<Change>> onChanges,
            Consumer<AppliedBatch> onApplied) {
        this.store = store;
        this.between = between;
        this.maxBatch = maxBatch;
        this.nanoTicker = nanoTicker;
        this.onChanges = onChanges;
        this.onApplied = onApplied;
        this.start = start.place();
        this.last = this.start.last();
        this.unproved = last.isPresent();
        this.cursor = StreamCursor.resume(this.start.boundary(), start.applied());
        this.position = start.position();
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
            int cut = between.isWaiting() ? behindLastHeartbeat(events) : 0;
            if (cut > 0 && cut < events.size() && applyStream(events.subList(0, cut))) {
                // Under load hardly a batch ends with a heartbeat, and what waits would wait for ever.
                between.run(position);
            } else {
                cut = 0;
            }
            boolean settled = applyStream(events.subList(cut, events.size()));
            confirm(events.getLast(), committer);
            if (settled) {
                between.run(position);
            }
        } finally {
            applying.unlock();
        }
        rest(nanoTicker.getAsLong() - begun, events.size());
    }

    /** How many events there are up to the last heartbeat; 0 where there is none. */
    private static int behindLastHeartbeat(List<RecordChangeEvent<SourceRecord>> events) {
        int cut = events.size();
        while (cut > 0 && !RecordDecoder.isOfHeartbeat(events.get(cut - 1).record())) {
            cut--;
        }
        return cut;
    }

    /**
     * A batch costs the store some 10 ms however small it is, and each record the less the more share it. So what arrives is
     * gathered, for longer under load; not while the store is behind.
     */
    private void rest(long worked, int size) throws InterruptedException {
        stopping.await(restAfter(Duration.ofNanos(worked), size, maxBatch).toNanos(), TimeUnit.NANOSECONDS);
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

    /** Whether nothing hinders what is done between batches: the last record that was applied is none of an entity. */
    private boolean applyStream(List<RecordChangeEvent<SourceRecord>> events) {
        List<Change> changes = new ArrayList<>(events.size());
        Map<String, Heartbeat> heartbeats = new HashMap<>();
        Optional<ChangeOrder> applied = Optional.empty();
        boolean settled = true;
        for (RecordChangeEvent<SourceRecord> event : events) {
            SourceRecord record = event.record();
            ChangeOrder order = cursor.next(RecordDecoder.precedingCommit(record));
            if (unproved) {
                prove(record, order);
            }
            if (cursor.isReplay(order)) {
                skipped++;
                continue;
            }
            switch (RecordDecoder.decode(record, order)) {
                case CapturedRecord.Changed(Change change) -> {
                    changes.add(change);
                    settled = false;
                }
                case CapturedRecord.Beat(Heartbeat heartbeat) -> {
                    heartbeats.merge(
                            heartbeat.nodeId(),
                            heartbeat,
                            (known, newer) -> newer.sequence() > known.sequence() ? newer : known);
                    settled = true;
                }
                case CapturedRecord.Truncated(String table) ->
                    throw new SnapshotNeededException("table " + table + " was truncated on the primary");
                case CapturedRecord.Ignored() -> settled = true;
            }
            applied = Optional.of(order);
            last = RecordDecoder.transaction(record);
        }
        if (applied.isEmpty()) {
            return false;
        }
        advance(cursor.boundary());
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
                        applied,
                        List.copyOf(heartbeats.values()),
                        new StreamPlace(cursor.boundary(), last).toString(),
                        store.snapshot().filter(SnapshotState::initial).isEmpty()));
        return settled;
    }

    /**
     * What the stream brings first has to be the transaction whose records the store has already: those would be skipped
     * as replays, whatever they are.
     *
     * @throws OtherHistoryException when it is another one
     */
    private void prove(SourceRecord record, ChangeOrder order) {
        Optional<StreamPlace.Transaction> shown = RecordDecoder.transaction(record);
        if (!order.commit().equals(start.boundary()) || !shown.equals(last)) {
            throw new OtherHistoryException("the store's last transaction, "
                    + last.map(StreamPlace.Transaction::id).orElseThrow() + " behind " + start.boundary()
                    + ", is not in the log of the server");
        }
        unproved = false;
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
