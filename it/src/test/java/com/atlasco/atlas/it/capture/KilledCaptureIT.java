package com.atlasco.atlas.it.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.atlasco.atlas.analytics.duckdb.DuckDbSettings;
import com.atlasco.atlas.analytics.duckdb.DuckDbStore;
import com.atlasco.atlas.analytics.snapshot.SnapshotState;
import com.atlasco.atlas.capture.CaptureObserver;
import com.atlasco.atlas.capture.CapturePipeline;
import com.atlasco.atlas.it.TestCluster;
import com.atlasco.atlas.it.TestCluster.TestDatabase;
import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.TenantId;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The process dies between the store's commit and the slot's confirmation, in the middle of transactions too. */
@ExtendWith(TestCluster.class)
class KilledCaptureIT {

    private final CaptureSource source;

    KilledCaptureIT(TestDatabase database) {
        this.source = CaptureSource.of(database, "atlas_killed_capture_it");
    }

    @Test
    void whateverTheMomentOfDeathTheStoreEndsEqualToThePrimary(@TempDir Path directory) throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        Path file = directory.resolve("analytics.duckdb");
        source.prepare();
        source.execute("INSERT INTO attr_type (tenant_id, attribute_id, name, data_type, filterable, hot)"
                + " VALUES (1, 7, 'score', 'number', true, true)");
        source.insert(1, 2_000, "before");
        // The first ones die in the middle of the snapshot, and so leave something to resume.
        assertThat(die(file, 2)).isEqualTo(HaltingCapture.HALTED);
        Instant begun = snapshotBegun(file).orElseThrow();
        for (int round = 0; round < 3; round++) {
            change(random);
            assertThat(die(file, 1 + random.nextInt(4))).isEqualTo(HaltingCapture.HALTED);
        }
        Lsn end = source.flushed();
        Map<ModelStore.Key, Entity> expected = source.rows();
        try (DuckDbStore store = DuckDbStore.open(DuckDbSettings.of(file));
                CapturePipeline pipeline = new CapturePipeline(source.settings(), store, CaptureObserver.none())) {
            Optional<Instant> stillRead = store.snapshot().map(SnapshotState::startedAt);
            pipeline.start();
            // There was never another snapshot than the first.
            assertThat(stillRead.orElse(begun)).isEqualTo(begun);
            assertThat(pipeline.status().snapshotReason().orElse("the store is empty"))
                    .isEqualTo("the store is empty");
            try (HeartbeatWriter _ = new HeartbeatWriter(source)) {
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> store.snapshot().isEmpty()
                                && store.watermark()
                                        .filter(watermark ->
                                                watermark.position().lsn().isAtLeast(end))
                                        .isPresent());
            }
            for (long id = 1; id <= 9_000; id++) {
                assertThat(store.get(TenantId.DEFAULT, id))
                        .as("entity %d", id)
                        .isEqualTo(Optional.ofNullable(expected.get(new ModelStore.Key(1, id))));
            }
        } finally {
            source.dropSlot();
        }
    }

    private static Optional<Instant> snapshotBegun(Path file) {
        try (DuckDbStore store = DuckDbStore.open(DuckDbSettings.of(file))) {
            return store.snapshot().map(SnapshotState::startedAt);
        }
    }

    /** Transactions of one row and of thousands. */
    private void change(Random random) throws Exception {
        for (int i = 0; i < 5; i++) {
            long from = random.nextLong(1, 4_001);
            long to = from + (random.nextBoolean() ? 0 : random.nextLong(5_000));
            if (random.nextInt(3) == 0) {
                source.execute("DELETE FROM entity WHERE entity_id BETWEEN ? AND ?", from, from + (to - from) / 4);
            } else {
                source.execute(
                        "INSERT INTO entity SELECT 1, id, 'changed', 1, jsonb_build_object('7', id), '{7}', now()"
                                + " FROM generate_series(?, ?) AS id"
                                + " ON CONFLICT (tenant_id, entity_id) DO UPDATE SET version = entity.version + 1,"
                                + " document = jsonb_build_object('7', entity.version), updated_at = now()",
                        from, to);
            }
        }
    }

    private int die(Path file, int batches) throws Exception {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx1g",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HaltingCapture.class.getName(),
                        source.endpoint().host(),
                        Integer.toString(source.endpoint().port()),
                        source.database(),
                        source.endpoint().superuser(),
                        source.endpoint().password(),
                        source.slot(),
                        file.toString(),
                        Integer.toString(batches)))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor();
    }
}
