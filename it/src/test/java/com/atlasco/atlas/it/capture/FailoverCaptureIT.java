package com.atlasco.atlas.it.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.atlasco.atlas.capture.CaptureObserver;
import com.atlasco.atlas.capture.CapturePipeline;
import com.atlasco.atlas.capture.CaptureSettings;
import com.atlasco.atlas.capture.CaptureState;
import com.atlasco.atlas.embedded.EmbeddedOptions;
import com.atlasco.atlas.embedded.EmbeddedPostgres;
import com.atlasco.atlas.model.TenantId;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Capture when a replica takes over that has kept its slot; with servers of its own, since one of them is killed. */
@Timeout(180)
class FailoverCaptureIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private final ModelStore store = new ModelStore();
    private EmbeddedPostgres postgres;
    private CaptureSource before;
    private CaptureSource after;

    @BeforeEach
    void prepare() throws Exception {
        postgres = EmbeddedPostgres.start(EmbeddedOptions.of(directory.resolve("cluster")));
        String database = postgres.primary().database();
        before = new CaptureSource(postgres.primary(), database, "atlas");
        after = new CaptureSource(postgres.replica(), database, "atlas");
        before.prepare();
    }

    @AfterEach
    void close() {
        postgres.close();
    }

    @Test
    void aSlotThatTheReplicaKeptIsGoneOnWith() throws Exception {
        try (CapturePipeline pipeline = streaming(true)) {
            awaitReplica();
            postgres.failOver();
            after.insert(70, 70, "after");
            awaitEqual(pipeline);
        }
        assertThat(store.resets()).isZero();
        assertThat(store.streamed()).doesNotHaveDuplicates().isSorted();
        assertThat(store.violations()).isEmpty();
        assertThat(store.watermark().orElseThrow().position().timeline()).isEqualTo(2);
    }

    /** The first change on the new primary has the very order that the lost one had. */
    @Test
    void aChangeThatTheNewPrimaryLacksIsNotKept() throws Exception {
        try (CapturePipeline pipeline = streaming(true)) {
            loseOneChange();
            after.insert(70, 70, "after");
            awaitEqual(pipeline);
            assertThat(pipeline.status().snapshotReason().orElseThrow()).contains("is not in the log of the server");
        }
        assertThat(store.get(TenantId.DEFAULT, 60)).isEmpty();
        assertThat(store.get(TenantId.DEFAULT, 70)).isPresent();
        assertThat(store.resets()).isEqualTo(1);
    }

    @Test
    void withoutAWordForASnapshotAStoreThatHasMoreIsLeftAlone() throws Exception {
        try (CapturePipeline pipeline = streaming(false)) {
            loseOneChange();
            after.insert(70, 70, "after");
            await().atMost(PATIENCE).until(() -> pipeline.status().state() == CaptureState.REFUSED);
            assertThat(pipeline.status().failure().orElseThrow()).contains("is not in the log of the server");
        }
        assertThat(store.get(TenantId.DEFAULT, 60)).isPresent();
        assertThat(store.resets()).isZero();
    }

    private CapturePipeline streaming(boolean snapshotOnNewTimeline) throws Exception {
        before.insert(1, 50, "before");
        CaptureSettings settings = before.settings()
                .withSuccessors(
                        List.of(new CaptureSettings.Server(
                                postgres.replica().host(), postgres.replica().port())),
                        snapshotOnNewTimeline);
        CapturePipeline pipeline = new CapturePipeline(settings, store, CaptureObserver.none());
        pipeline.start();
        await("the replica keeps the slot").atMost(PATIENCE).until(() -> {
            // It keeps a slot once the primary's has moved past what the standby still has.
            before.execute("UPDATE entity SET version = version + 1 WHERE entity_id = 1");
            before.execute("SELECT pg_log_standby_snapshot()");
            return after.query("SELECT count(*) FROM pg_replication_slots WHERE slot_name = 'atlas' AND synced"
                            + " AND NOT temporary")
                    .equals("1");
        });
        await().atMost(PATIENCE).until(() -> store.entities().equals(before.rows()));
        return pipeline;
    }

    private void awaitReplica() {
        await("the replica has everything")
                .atMost(PATIENCE)
                .until(() -> after.query("SELECT pg_last_wal_replay_lsn() >= '" + before.flushed() + "'")
                        .equals("t"));
    }

    /** The last change comes to the store and not to the replica, which takes over. */
    private void loseOneChange() throws SQLException {
        awaitReplica();
        after.execute("ALTER SYSTEM SET primary_conninfo = ''");
        after.execute("SELECT pg_reload_conf()");
        await("the replica receives nothing")
                .atMost(PATIENCE)
                .until(() ->
                        after.query("SELECT count(*) FROM pg_stat_wal_receiver").equals("0"));
        before.insert(60, 60, "lost");
        await().atMost(PATIENCE).until(() -> store.rows().containsKey(new ModelStore.Key(1, 60)));
        postgres.failOver();
    }

    private void awaitEqual(CapturePipeline pipeline) {
        await().atMost(PATIENCE)
                .until(() -> pipeline.status().state() == CaptureState.STREAMING
                        && store.entities().equals(after.rows()));
    }
}
