package com.atlasco.atlas.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.atlasco.atlas.analytics.AnalyticsStore;
import com.atlasco.atlas.analytics.change.ChangeBatch;
import com.atlasco.atlas.analytics.change.ChangeOrder;
import com.atlasco.atlas.analytics.change.Watermark;
import com.atlasco.atlas.analytics.snapshot.EntityPlace;
import com.atlasco.atlas.analytics.snapshot.SnapshotScope;
import com.atlasco.atlas.analytics.snapshot.SnapshotState;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.RecordChangeEvent;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

class BatchApplierTest {

    private static final Schema SOURCE = SchemaBuilder.struct()
            .field("snapshot", Schema.OPTIONAL_STRING_SCHEMA)
            .field("table", Schema.STRING_SCHEMA)
            .field("lsn", Schema.OPTIONAL_INT64_SCHEMA)
            .field("txId", Schema.OPTIONAL_INT64_SCHEMA)
            .field("ts_us", Schema.OPTIONAL_INT64_SCHEMA)
            .build();

    private static final Schema ENVELOPE = SchemaBuilder.struct()
            .field("op", Schema.STRING_SCHEMA)
            .field("source", SOURCE)
            .build();

    private static final Schema KEY =
            SchemaBuilder.struct().field("tenant_id", Schema.INT64_SCHEMA).build();

    private static final SnapshotState SNAPSHOT = new SnapshotState(
            new SnapshotScope.Everything(),
            true,
            new Position(7, 1, new Lsn(300)),
            Instant.EPOCH,
            OptionalLong.empty(),
            "empty",
            List.of());

    private final List<ChangeBatch> batches = new ArrayList<>();
    private boolean initial;
    private final List<SourceRecord> confirmed = new ArrayList<>();
    private Optional<BetweenBatches> waiting = Optional.empty();

    @Test
    void aWatermarkSaysWhetherTheFirstSnapshotIsComplete() throws InterruptedException {
        BatchApplier applier = applier(resume(new StreamPlace(new Lsn(300), Optional.empty()), Optional.empty()));
        initial = true;
        handle(applier, record("false", 350, Optional.of(320L)));
        initial = false;
        handle(applier, record("false", 450, Optional.of(420L)));
        assertThat(watermarks()).extracting(Watermark::snapshotComplete).containsExactly(false, true);
        assertThat(watermarks().getLast())
                .isEqualTo(new Watermark(
                        new Position(7, 1, new Lsn(420)),
                        Optional.of(new ChangeOrder(new Lsn(420), 1)),
                        List.of(),
                        new Lsn(420).toString(),
                        true));
    }

    @Test
    void onlyWholeTransactionsAreConfirmed() throws InterruptedException {
        BatchApplier applier = applier(resume(new StreamPlace(new Lsn(300), Optional.empty()), Optional.empty()));
        // Debezium would confirm an LSN in the middle of the transaction for this one.
        handle(applier, record("false", 350, Optional.empty()));
        assertThat(confirmed).isEmpty();
        SourceRecord next = record("false", 450, Optional.of(420L));
        handle(applier, next);
        assertThat(confirmed).containsExactly(next);
        assertThat(watermarks().getLast().position()).isEqualTo(new Position(7, 1, new Lsn(420)));
    }

    @Test
    void theNextBatchIsGatheredForLongerUnderLoadAndNotWhileTheStoreIsBehind() {
        Duration worked = Duration.ofMillis(10);
        assertThat(BatchApplier.restAfter(worked, 1, 8_192)).isEqualTo(Duration.ofMillis(50));
        assertThat(BatchApplier.restAfter(worked, BatchApplier.LOAD, 8_192)).isEqualTo(Duration.ofMillis(200));
        assertThat(BatchApplier.restAfter(worked, 8_192, 8_192)).isEqualTo(Duration.ZERO);
        Duration slow = Duration.ofSeconds(3);
        assertThat(BatchApplier.restAfter(slow, 1, 8_192)).isEqualTo(Duration.ofMillis(250));
        assertThat(BatchApplier.restAfter(slow, BatchApplier.LOAD, 8_192)).isEqualTo(Duration.ofMillis(400));
    }

    @Test
    void theLastTransactionIsNoted() throws InterruptedException {
        BatchApplier applier = applier(resume(new StreamPlace(new Lsn(300), Optional.empty()), Optional.empty()));
        handle(applier, of(740, 17, record("false", 350, Optional.of(300L))));
        handle(applier, of(741, 18, record("false", 450, Optional.of(420L))));
        assertThat(watermarks()).extracting(Watermark::connectorOffset).containsExactly("0/12C 740 17", "0/1A4 741 18");
    }

    @Test
    void aStreamThatHasTheLastTransactionIsGoneOnWith() throws InterruptedException {
        BatchApplier applier = applier(BEHIND_740);
        handle(applier, of(740, 17, record("false", 350, Optional.of(300L))));
        assertThat(batches).as("a replay").isEmpty();
        handle(applier, of(740, 17, record("false", 360, Optional.of(300L))));
        assertThat(watermarks().getLast().order()).contains(new ChangeOrder(new Lsn(300), 2));
    }

    @Test
    void aStreamWithAnotherTransactionInItsPlaceIsNotGoneOnWith() {
        for (SourceRecord other : List.of(
                of(741, 17, record("false", 350, Optional.of(300L))),
                of(740, 18, record("false", 350, Optional.of(300L))),
                of(740, 17, record("false", 450, Optional.of(420L))))) {
            BatchApplier applier = applier(BEHIND_740);
            assertThatThrownBy(() -> handle(applier, other))
                    .isInstanceOf(OtherHistoryException.class)
                    .hasMessageContaining("740")
                    .hasMessageContaining("0/12C");
            assertThat(batches).isEmpty();
            assertThat(confirmed).isEmpty();
        }
    }

    private static final StartDecision.Resume BEHIND_740 = resume(
            new StreamPlace(new Lsn(300), Optional.of(new StreamPlace.Transaction(740, 17))),
            Optional.of(new ChangeOrder(new Lsn(300), 1)));

    private static StartDecision.Resume resume(StreamPlace place, Optional<ChangeOrder> applied) {
        return new StartDecision.Resume(new Position(7, 1, place.boundary()), place, applied);
    }

    private static SourceRecord of(long transaction, long committedMicros, SourceRecord record) {
        ((Struct) record.value()).getStruct("source").put("txId", transaction).put("ts_us", committedMicros);
        return record;
    }

    @Test
    void whatWaitsIsDoneBehindAHeartbeatWithinTheBatch() throws InterruptedException {
        BatchApplier applier = applier(resume(new StreamPlace(new Lsn(300), Optional.empty()), Optional.empty()));
        SourceRecord beat = record("false", 350, Optional.of(320L), "heartbeat", "d");
        SourceRecord deletion = record("false", 450, Optional.of(420L), "tenant", "d");
        handle(applier, beat, deletion);
        assertThat(batches).as("nothing waits").hasSize(1);

        CompletableFuture<Void> done = waiting.orElseThrow().correct(Set.of(new EntityPlace(1, 1)));
        handle(
                applier,
                record("false", 550, Optional.of(520L), "heartbeat", "d"),
                record("false", 650, Optional.of(620L), "tenant", "d"));
        // It has failed, since there is no server.
        assertThat(done).isDone();
        assertThat(batches).hasSize(3);
        assertThat(confirmed).hasSize(2);
    }

    @Test
    void aStoppedApplierTakesNothing() throws InterruptedException {
        BatchApplier applier = applier(resume(new StreamPlace(new Lsn(300), Optional.empty()), Optional.empty()));
        applier.stop();
        handle(applier, record("false", 450, Optional.of(420L)));
        assertThat(batches).isEmpty();
        assertThat(confirmed).isEmpty();
    }

    private BatchApplier applier(StartDecision.Resume start) {
        AnalyticsStore store = (AnalyticsStore) Proxy.newProxyInstance(
                AnalyticsStore.class.getClassLoader(),
                new Class<?>[] {AnalyticsStore.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "apply" -> {
                        batches.add((ChangeBatch) arguments[0]);
                        yield null;
                    }
                    case "snapshot" -> initial ? Optional.of(SNAPSHOT) : Optional.empty();
                    case "unsettled" -> Set.of();
                    default -> throw new AssertionError(method);
                });
        BetweenBatches between = new BetweenBatches(
                new SourceServer(CaptureSettings.of("nowhere", 1, "atlas", "capture", "")),
                store,
                new SnapshotRuns(_ -> {
                    throw new AssertionError("no snapshot is to be read");
                }),
                new StatusBoard(CaptureObserver.none(), InstantSource.system()));
        waiting = Optional.of(between);
        return new BatchApplier(store, start, between, 1_000, () -> 0, changes -> {}, batch -> {});
    }

    private List<Watermark> watermarks() {
        return batches.stream().map(ChangeBatch::watermark).toList();
    }

    private void handle(BatchApplier applier, SourceRecord... records) throws InterruptedException {
        List<RecordChangeEvent<SourceRecord>> events = new ArrayList<>();
        for (SourceRecord record : records) {
            events.add(() -> record);
        }
        applier.handleBatch(events, new DebeziumEngine.RecordCommitter<>() {
            @Override
            public void markProcessed(RecordChangeEvent<SourceRecord> event) {
                confirmed.add(event.record());
            }

            @Override
            public void markBatchFinished() {}

            @Override
            public void markProcessed(RecordChangeEvent<SourceRecord> event, DebeziumEngine.Offsets offsets) {
                throw new UnsupportedOperationException();
            }

            @Override
            public DebeziumEngine.Offsets buildOffsets() {
                throw new UnsupportedOperationException();
            }
        });
    }

    /** Of the tenant table, whose rows the store does not keep. */
    private static SourceRecord record(String snapshot, long lsn, Optional<Long> precedingCommit) {
        return record(snapshot, lsn, precedingCommit, "tenant", "c");
    }

    /** The deletion of a tenant is a change, that of a heartbeat is none. */
    private static SourceRecord record(
            String snapshot, long lsn, Optional<Long> precedingCommit, String table, String operation) {
        Struct source =
                new Struct(SOURCE).put("snapshot", snapshot).put("table", table).put("lsn", lsn);
        Map<String, Object> offset = new HashMap<>(Map.of("lsn", lsn));
        precedingCommit.ifPresent(commit -> offset.put("lsn_commit", commit));
        return new SourceRecord(
                Map.of("server", "atlas"),
                offset,
                "atlas.public." + table,
                KEY,
                new Struct(KEY).put("tenant_id", 1L),
                ENVELOPE,
                new Struct(ENVELOPE).put("op", operation).put("source", source));
    }
}
