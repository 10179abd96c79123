package com.atlasco.atlas.it.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.atlasco.atlas.analytics.change.ChangeBatch;
import com.atlasco.atlas.analytics.change.Watermark;
import com.atlasco.atlas.analytics.snapshot.SnapshotChunk;
import com.atlasco.atlas.analytics.snapshot.SnapshotScope;
import com.atlasco.atlas.capture.AppliedBatch;
import com.atlasco.atlas.capture.CaptureObserver;
import com.atlasco.atlas.capture.CapturePipeline;
import com.atlasco.atlas.capture.CaptureState;
import com.atlasco.atlas.it.TestCluster;
import com.atlasco.atlas.it.TestCluster.TestDatabase;
import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.DocumentCodec;
import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Heartbeat;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestCluster.class)
class CapturePipelineIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final CaptureSource server;
    private ModelStore store;

    CapturePipelineIT(TestDatabase database) {
        this.server = CaptureSource.of(database, "atlas_capture_it");
    }

    @BeforeEach
    void prepare() throws Exception {
        server.prepare();
        store = new ModelStore();
    }

    @AfterEach
    void storeSawNoViolation() throws Exception {
        server.dropSlot();
        assertThat(store.violations()).isEmpty();
    }

    @Test
    void existingRowsComeBySnapshotAndLaterChangesByTheLog() throws Exception {
        server.execute("INSERT INTO attr_type (tenant_id, attribute_id, name, data_type, filterable, hot, unit)"
                + " VALUES (1, 7, 'score', 'number', true, true, 'points')");
        server.insert(1, 500, "before");
        try (CapturePipeline pipeline = started()) {
            until(() -> pipeline.status().state() == CaptureState.STREAMING);
            assertThat(store.rows()).hasSize(500);
            assertThat(store.watermark().orElseThrow().snapshotComplete()).isTrue();
            assertThat(attributeType(7).unit()).contains("points");
            assertThat(pipeline.status().snapshotRows()).isEqualTo(500);

            server.insert(501, 600, "after");
            server.execute(
                    "UPDATE entity SET version = version + 1, document = '{\"7\": 2.5}',"
                            + " changed_attributes = '{7}', updated_at = '2026-03-04 05:06:07.123456+00' WHERE entity_id <= 10");
            server.execute("DELETE FROM entity WHERE entity_id BETWEEN 590 AND 600");
            server.execute("UPDATE attr_type SET hot = false WHERE attribute_id = 7");
            untilEqual();

            Entity changed = store.get(TenantId.DEFAULT, 5).orElseThrow();
            assertThat(changed.document()).isEqualTo(DocumentCodec.decode("{\"7\": 2.5}"));
            assertThat(changed.updatedAt()).isEqualTo(Instant.parse("2026-03-04T05:06:07.123456Z"));
            assertThat(store.changed(1, 5)).isEqualTo(Set.of(7));
            until(() -> !attributeType(7).hot());
            assertThat(store.streamed())
                    .hasSize(100 + 10 + 11 + 1)
                    .doesNotHaveDuplicates()
                    .isSorted();

            server.execute("DELETE FROM attr_type WHERE attribute_id = 7");
            until(() -> store.types().isEmpty());
        }
    }

    @Test
    void anUntouchedLargeDocumentStaysAsItIs() throws Exception {
        server.execute("ALTER TABLE entity ALTER document SET STORAGE EXTERNAL");
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            for (int i = 0; i < 8; i++) {
                statement.execute("ALTER TABLE entity_p" + i + " ALTER document SET STORAGE EXTERNAL");
            }
        }
        try (CapturePipeline pipeline = started()) {
            String large = "{\"3\": \"" + "x".repeat(50_000) + "\"}";
            server.execute("INSERT INTO entity VALUES (1, 1, 'large', 1, ?::jsonb, '{3}', now())", large);
            server.execute("UPDATE entity SET entity_type = 'renamed', version = 2, changed_attributes = '{}'");
            untilEqual();
            assertThat(store.get(TenantId.DEFAULT, 1).orElseThrow().entityType())
                    .isEqualTo("renamed");
            assertThat(store.get(TenantId.DEFAULT, 1).orElseThrow().document()).isEqualTo(DocumentCodec.decode(large));
            assertThat(pipeline.status().failure()).isEmpty();
        }
    }

    @Test
    void restartsNeitherLoseNorDouble() throws Exception {
        server.insert(1, 100, "before");
        try (HeartbeatWriter _ = new HeartbeatWriter(server)) {
            for (long round = 1; round <= 3; round++) {
                try (CapturePipeline pipeline = started()) {
                    until(() -> pipeline.status().state() == CaptureState.STREAMING);
                    server.insert(round * 1_000, round * 1_000 + 499, "running");
                    if (round == 2) {
                        untilEqual();
                    }
                    assertThat(pipeline.status().snapshotReason().isPresent()).isEqualTo(round == 1);
                }
                server.insert(round * 1_000 + 500, round * 1_000 + 999, "stopped");
                assertThat(server.query("SELECT active FROM pg_replication_slots WHERE slot_name = 'atlas_capture_it'"))
                        .isEqualTo("f");
            }
            try (CapturePipeline _ = started()) {
                untilEqual();
            }
        }
        assertThat(store.resets()).isZero();
        assertThat(store.streamed()).hasSize(3_000).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void aCrashBetweenApplyAndConfirmReplaysNothing() throws Exception {
        AtomicInteger batches = new AtomicInteger();
        ModelStore crashing = new ModelStore() {
            @Override
            public synchronized void apply(ChangeBatch batch) {
                super.apply(batch);
                if (batches.incrementAndGet() % 5 == 4 && batches.get() < 50) {
                    throw new IllegalStateException("crashed after commit");
                }
            }
        };
        store = crashing;
        try (HeartbeatWriter _ = new HeartbeatWriter(server);
                CapturePipeline pipeline = started()) {
            // Large transactions, so that crashes fall into the middle of them.
            for (long i = 0; i < 4; i++) {
                server.insert(1 + i * 10_000, (i + 1) * 10_000, "large");
            }
            untilEqual();
            assertThat(pipeline.status().restarts()).isGreaterThan(3);
            assertThat(pipeline.status().replaysSkipped()).isPositive();
        }
        assertThat(store.resets()).isZero();
        assertThat(store.streamed()).hasSize(40_000).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void aLargeTransactionIsAppliedInPartsThatClaimNothing() throws Exception {
        try (HeartbeatWriter _ = new HeartbeatWriter(server);
                CapturePipeline pipeline = started()) {
            until(() -> pipeline.status().newestHeartbeat().isPresent());
            server.insert(1, 50_000, "large");
            Lsn after = server.flushed();
            untilEqual();
            until(() -> store.watermark().orElseThrow().position().lsn().isAtLeast(after));
        }
        assertThat(store.streamed()).hasSize(50_000).doesNotHaveDuplicates().isSorted();
        Lsn transaction = store.streamed().getFirst().commit();
        assertThat(store.streamed())
                .allSatisfy(order -> assertThat(order.commit()).isEqualTo(transaction));
        var parts = store.watermarks().stream()
                .filter(watermark -> watermark
                        .order()
                        .filter(order -> order.commit().equals(transaction))
                        .isPresent())
                .toList();
        assertThat(parts).hasSizeGreaterThan(20).allSatisfy(part -> {
            // What was written before the transaction may have come with its first part; nothing of after it.
            assertThat(part.heartbeats())
                    .allSatisfy(
                            heartbeat -> assertThat(heartbeat.position().lsn()).isLessThanOrEqualTo(transaction));
            assertThat(part.connectorOffset()).startsWith(transaction + " ");
        });
    }

    @Test
    void aLostSlotLeadsToANewSnapshot() throws Exception {
        server.insert(1, 50, "before");
        try (CapturePipeline _ = started()) {
            untilEqual();
        }
        server.execute("SELECT pg_drop_replication_slot('atlas_capture_it')");
        server.execute("DELETE FROM entity WHERE entity_id <= 10");
        try (CapturePipeline pipeline = started()) {
            until(() -> pipeline.status().state() == CaptureState.STREAMING);
            untilEqual();
            assertThat(pipeline.status().snapshotReason()).contains("the replication slot is gone");
        }
        assertThat(store.resets()).isEqualTo(1);
    }

    @Test
    void aSlotThatMovedBeyondTheStoreLeadsToANewSnapshot() throws Exception {
        try (CapturePipeline pipeline = started()) {
            until(() -> pipeline.status().state() == CaptureState.STREAMING);
        }
        server.insert(1, 50, "unseen");
        server.execute("SELECT pg_replication_slot_advance('atlas_capture_it', pg_current_wal_flush_lsn())");
        try (CapturePipeline pipeline = started()) {
            untilEqual();
            assertThat(pipeline.status().snapshotReason().orElseThrow()).contains("beyond the store");
        }
        assertThat(store.resets()).isEqualTo(1);
    }

    @Test
    void anEmptyStoreReplacesItsOwnSlot() throws Exception {
        server.insert(1, 50, "before");
        try (CapturePipeline _ = started()) {
            untilEqual();
        }
        // As after damage: the same store, with nothing in it.
        store = new ModelStore();
        try (CapturePipeline pipeline = started()) {
            untilEqual();
            assertThat(pipeline.status().snapshotReason()).contains("the store is empty");
        }
    }

    @Test
    void theSlotOfAnotherStoreIsLeftAloneUntilItIsTakenOver() throws Exception {
        server.insert(1, 50, "before");
        try (CapturePipeline _ = started()) {
            untilEqual();
        }
        Lsn confirmed = server.confirmed();
        store = new ModelStore() {
            @Override
            public String identity() {
                return "another";
            }
        };
        try (CapturePipeline pipeline = started()) {
            until(() -> pipeline.status().state() == CaptureState.REFUSED);
            assertThat(pipeline.status().failure().orElseThrow()).contains("belongs to another analytics store, model");
            assertThat(pipeline.status().remedy().orElseThrow()).contains("--take-over");
            assertThat(server.confirmed()).isEqualTo(confirmed);
            assertThat(store.watermark()).isEmpty();
            assertThatThrownBy(() -> pipeline.resync(new SnapshotScope.Everything(), false))
                    .isInstanceOfSatisfying(
                            AtlasException.class,
                            refused -> assertThat(refused.problem().code()).isEqualTo(ErrorCode.RESYNC_CONFLICT));
            pipeline.resync(new SnapshotScope.Everything(), true);
            untilEqual();
            assertThat(pipeline.status().state()).isEqualTo(CaptureState.STREAMING);
        }
    }

    @Test
    void aSlotThatNobodyNotedIsLeftAlone() throws Exception {
        server.execute("SELECT pg_create_logical_replication_slot(?, 'pgoutput')", server.slot());
        try (CapturePipeline pipeline = started()) {
            until(() -> pipeline.status().state() == CaptureState.REFUSED);
            assertThat(pipeline.status().failure().orElseThrow()).contains("another store may need it");
        }
    }

    @Test
    void aWatermarkFromAnotherSystemIsRefusedAndKept() throws Exception {
        server.insert(1, 50, "before");
        try (CapturePipeline _ = started()) {
            untilEqual();
        }
        Watermark known = store.watermark().orElseThrow();
        Watermark foreign = new Watermark(
                new Position(4711, known.position().timeline(), known.position().lsn()),
                known.order(),
                List.of(),
                known.connectorOffset(),
                true);
        store.apply(new ChangeBatch(List.of(), foreign));
        try (CapturePipeline pipeline = started()) {
            until(() -> pipeline.status().state() == CaptureState.REFUSED);
            assertThat(pipeline.status().failure().orElseThrow()).contains("system 4711");
            assertThat(pipeline.status().remedy().orElseThrow()).contains("atlas resync");
            assertThat(store.rows()).hasSize(50);
            pipeline.resync(new SnapshotScope.Everything(), false);
            until(() -> pipeline.status().state() == CaptureState.STREAMING);
            untilEqual();
        }
        assertThat(store.resets()).isEqualTo(1);
    }

    @Test
    void whatIsWrongIsMendedWhileEverythingGoesOn() throws Exception {
        server.insert(1, 300, "before");
        try (HeartbeatWriter _ = new HeartbeatWriter(server);
                CapturePipeline pipeline = started()) {
            untilEqual();
            store.damage();
            pipeline.refresh(TenantId.DEFAULT, List.of(1L, 2L, 999L));
            untilEqual();
            store.damage();
            server.insert(301, 400, "meanwhile");
            pipeline.resync(new SnapshotScope.OneTenant(TenantId.DEFAULT), false);
            server.execute("UPDATE entity SET entity_type = 'later', version = 2 WHERE entity_id BETWEEN 100 AND 150");
            server.execute("DELETE FROM entity WHERE entity_id BETWEEN 140 AND 160");
            untilEqual();
            until(() -> pipeline.status().snapshot().isEmpty());
            untilEqual();
            assertThat(pipeline.status().failure()).isEmpty();
        }
        assertThat(store.resets()).isZero();
    }

    @Test
    void rowsThatChangeWhileTheSnapshotReadsThemAreNotLost() throws Exception {
        server.insert(1, 3_000, "before");
        AtomicInteger chunks = new AtomicInteger();
        store = new ModelStore() {
            @Override
            public synchronized void applyChunk(SnapshotChunk chunk) {
                // Between reading and storing.
                int number = chunks.incrementAndGet();
                try {
                    server.execute(
                            "UPDATE entity SET version = version + 1, entity_type = 'changed' WHERE entity_id % 7 = "
                                    + number % 7);
                    server.execute(
                            "DELETE FROM entity WHERE entity_id BETWEEN ? AND ?", number * 100, number * 100 + 20);
                    server.insert(10_000L * number, 10_000L * number + 50, "new");
                } catch (SQLException failed) {
                    throw new IllegalStateException(failed);
                }
                super.applyChunk(chunk);
            }
        };
        try (CapturePipeline pipeline = started()) {
            until(() -> pipeline.status().state() == CaptureState.STREAMING);
            untilEqual();
        }
        assertThat(chunks.get()).isGreaterThanOrEqualTo(8);
    }

    @Test
    void aTruncatedTableLeadsToANewSnapshot() throws Exception {
        server.insert(1, 50, "before");
        try (CapturePipeline pipeline = started()) {
            untilEqual();
            server.execute("TRUNCATE entity");
            server.insert(100, 110, "after");
            until(() -> store.resets() == 1);
            untilEqual();
            assertThat(pipeline.status().snapshotReason().orElseThrow()).contains("truncated");
        }
    }

    @Test
    void theSlotAdvancesWhenNothingButHeartbeatsIsWritten() throws Exception {
        try (HeartbeatWriter _ = new HeartbeatWriter(server);
                CapturePipeline _ = started()) {
            // A new slot is confirmed where it begins; what the store was told comes with the first batch.
            until(() -> store.watermark().isPresent());
            Lsn now = server.flushed();
            until(() -> server.confirmed().isAtLeast(now));
            for (int i = 0; i < 100; i++) {
                // In this order: the store is always ahead of what the slot was told.
                Lsn confirmed = server.confirmed();
                assertThat(Lsn.parse(store.watermark()
                                .orElseThrow()
                                .connectorOffset()
                                .split(" ", -1)[0]))
                        .isGreaterThanOrEqualTo(confirmed);
            }
        }
    }

    @Test
    void heartbeatsArriveSoonAndBacklogsAreWorkedOff() throws Exception {
        Map<Long, Long> appliedNanos = new ConcurrentHashMap<>();
        CaptureObserver observer = new CaptureObserver() {
            @Override
            public void batchApplied(AppliedBatch batch) {
                for (Heartbeat heartbeat : batch.watermark().heartbeats()) {
                    appliedNanos.put(heartbeat.sequence(), System.nanoTime());
                }
            }
        };
        long begin = System.nanoTime();
        try (HeartbeatWriter writer = new HeartbeatWriter(server);
                CapturePipeline pipeline = new CapturePipeline(server.settings(), store, observer)) {
            pipeline.start();
            System.out.printf("started in %d ms%n", (System.nanoTime() - begin) / 1_000_000);
            until(() -> pipeline.status().newestHeartbeat().isPresent());
            System.out.printf("first heartbeat in %d ms%n", (System.nanoTime() - begin) / 1_000_000);
            appliedNanos.clear();
            until(() -> appliedNanos.size() >= 100);
            long[] micros = appliedNanos.entrySet().stream()
                    .filter(entry -> writer.committedNanos().containsKey(entry.getKey()))
                    .mapToLong(entry ->
                            (entry.getValue() - writer.committedNanos().getOrDefault(entry.getKey(), 0L)) / 1_000)
                    .sorted()
                    .toArray();
            System.out.printf(
                    "heartbeat commit to watermark: p50 %d us, p99 %d us, of %d%n",
                    micros[micros.length / 2], micros[micros.length * 99 / 100], micros.length);
            assertThat(Arrays.stream(micros)
                            .limit(micros.length * 9L / 10)
                            .max()
                            .orElseThrow())
                    .isLessThan(200_000);
        }
        server.insert(1, 200_000, "backlog");
        long resume = System.nanoTime();
        try (CapturePipeline pipeline = started()) {
            System.out.printf("resumed in %d ms%n", (System.nanoTime() - resume) / 1_000_000);
            long streaming = System.nanoTime();
            until(() -> store.streamed().size() >= 200_000);
            System.out.printf("%d events/s%n", 200_000L * 1_000_000_000L / (System.nanoTime() - streaming));
            long closing = System.nanoTime();
            pipeline.close();
            System.out.printf("closed in %d ms%n", (System.nanoTime() - closing) / 1_000_000);
            assertThat(Duration.ofNanos(System.nanoTime() - closing)).isLessThan(Duration.ofSeconds(3));
        }
    }

    @Test
    void twoPipelinesInOneProcessDoNotWaitForEachOther() throws Exception {
        server.insert(1, 10, "before");
        CaptureSource beside = new CaptureSource(server.endpoint(), server.database(), server.slot() + "_beside");
        ModelStore other = new ModelStore();
        try (CapturePipeline _ = started();
                CapturePipeline second = new CapturePipeline(beside.settings(), other, CaptureObserver.none())) {
            untilEqual();
            second.start();
            // Debezium gives up on a metric's name that is taken after a minute.
            until(() -> other.rows().size() == 10);
        }
        beside.dropSlot();
        assertThat(other.violations()).isEmpty();
    }

    private CapturePipeline started() throws InterruptedException {
        CapturePipeline pipeline = new CapturePipeline(server.settings(), store, CaptureObserver.none());
        pipeline.start();
        return pipeline;
    }

    private AttributeType attributeType(int attributeId) {
        return Optional.ofNullable(store.types().get(attributeId)).orElseThrow();
    }

    /** Waits until the store holds what the primary holds, and compares them. */
    private void untilEqual() throws Exception {
        Map<ModelStore.Key, Entity> expected = server.rows();
        until(() -> store.entities().equals(expected)
                && store.watermark().filter(Watermark::snapshotComplete).isPresent());
        assertThat(store.entities()).isEqualTo(expected);
    }

    private static void until(BooleanSupplier condition) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(condition::getAsBoolean);
    }
}
