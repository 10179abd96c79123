package com.atlasco.atlas.it.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.atlasco.atlas.capture.CaptureObserver;
import com.atlasco.atlas.capture.CapturePipeline;
import com.atlasco.atlas.capture.lag.CaptureLag;
import com.atlasco.atlas.capture.lag.SlotMonitor;
import com.atlasco.atlas.capture.lag.SlotState;
import com.atlasco.atlas.embedded.EmbeddedOptions;
import com.atlasco.atlas.embedded.EmbeddedPostgres;
import com.atlasco.atlas.embedded.PostgresEndpoint;
import com.atlasco.atlas.postgres.Line;
import com.atlasco.atlas.postgres.PostgresSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On a cluster of its own: the limit of what slots retain is the whole server's, and slots are lost here. */
@Timeout(180)
class SlotMonitorIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String SLOT = "atlas_lag_it";
    private static final long MIB = 1 << 20;

    @TempDir
    Path directory;

    private final ModelStore store = new ModelStore();
    private volatile CapturePipeline watched;
    private EmbeddedPostgres postgres;
    private CaptureSource server;
    private Line line;
    private SlotMonitor monitor;

    @BeforeEach
    void start() throws Exception {
        postgres = EmbeddedPostgres.start(EmbeddedOptions.of(directory));
        PostgresEndpoint primary = postgres.primary();
        server = new CaptureSource(primary, primary.database(), SLOT);
        server.prepare();
        watched = pipeline();
        line = new Line(new PostgresSettings(
                server.jdbcUrl(),
                "atlas_service",
                "service's password",
                1,
                Duration.ofSeconds(2),
                Duration.ofMillis(2_500),
                "lag it"));
        monitor = SlotMonitor.start(
                line, SLOT, () -> watched.status(), store::watermark, System::nanoTime, InstantSource.system());
    }

    @AfterEach
    void stop() {
        monitor.close();
        line.close();
        postgres.close();
    }

    @Test
    void theBacklogGrowsWhileNothingIsCapturedAndIsGoneAfterwards() throws Exception {
        until(lag -> lag.slot().state() == SlotState.MISSING);
        assertThat(monitor.lag().backlogBytes()).isEmpty();
        try (HeartbeatWriter _ = new HeartbeatWriter(server)) {
            try (CapturePipeline _ = started()) {
                until(lag -> lag.slot().state() == SlotState.STREAMING);
                server.insert(1, 20_000, "streamed");
                until(lag -> store.rows().size() == 20_000
                        && lag.backlogEvents().isPresent()
                        && lag.backlogBytes().orElse(MIB) < MIB / 4);
                until(lag -> lag.eventsPerSecond().orElse(0) > 500);
            }
            until(lag -> lag.slot().state() == SlotState.INACTIVE);
            Instant inactive = monitor.lag().slot().since();
            server.insert(20_001, 80_000, "waiting");
            CaptureLag behind = until(lag -> lag.backlogEvents().orElse(0) > 40_000);
            // An estimate: by the log of the rows before.
            assertThat(behind.backlogEvents().orElseThrow()).isLessThan(120_000);
            assertThat(behind.backlogBytes().orElseThrow()).isGreaterThan(4 * MIB);
            assertThat(behind.retainedBytes().orElseThrow())
                    .isGreaterThanOrEqualTo(behind.backlogBytes().orElseThrow());
            assertThat(behind.catchUp()).isEmpty();
            assertThat(behind.slot().since()).isEqualTo(inactive);
            assertThat(behind.limitBytes().orElseThrow()).isPositive();
            assertThat(behind.safeBytes().orElseThrow()).isPositive();
            try (CapturePipeline _ = started()) {
                until(lag -> lag.slot().state() == SlotState.STREAMING
                        && store.rows().size() == 80_000
                        && lag.backlogBytes().orElse(MIB) < MIB / 4);
            }
        }
    }

    @Test
    void aSlotIsInDangerBeyondHalfOfTheLimitAndThenLost() throws Exception {
        server.execute("SELECT pg_create_logical_replication_slot('" + SLOT + "', 'pgoutput')");
        server.execute("ALTER SYSTEM SET max_slot_wal_keep_size = '64MB'");
        server.execute("SELECT pg_reload_conf()");
        until(lag -> lag.limitBytes().orElse(0) == 64 * MIB && lag.slot().state() == SlotState.INACTIVE);
        assertThat(monitor.lag().retainsTooMuch()).isFalse();
        for (int i = 0; i < 40; i++) {
            server.execute("SELECT pg_logical_emit_message(false, 'filler', repeat('x', 1024 * 1024))");
        }
        CaptureLag endangered = until(CaptureLag::retainsTooMuch);
        assertThat(endangered.safeBytes().orElseThrow()).isLessThan(48 * MIB);
        for (int i = 0; i < 120; i++) {
            server.execute("SELECT pg_logical_emit_message(false, 'filler', repeat('x', 1024 * 1024))");
        }
        server.execute("CHECKPOINT");
        CaptureLag lost = until(lag -> lag.slot().state() == SlotState.LOST);
        assertThat(lost.slot().why()).contains("wal_removed");
        assertThat(lost.retainedBytes()).isEmpty();
        assertThat(lost.safeBytes()).isEmpty();
        server.execute("SELECT pg_drop_replication_slot(?)", SLOT);
        until(lag -> lag.slot().state() == SlotState.MISSING);
    }

    @Test
    void withoutALimitAndWithoutAPrimaryNothingIsMadeUp() throws Exception {
        server.execute("SELECT pg_create_logical_replication_slot('" + SLOT + "', 'pgoutput')");
        server.execute("ALTER SYSTEM SET max_slot_wal_keep_size = '-1'");
        server.execute("SELECT pg_reload_conf()");
        CaptureLag unlimited = until(lag ->
                lag.slot().state() == SlotState.INACTIVE && lag.limitBytes().isEmpty());
        assertThat(unlimited.safeBytes()).isEmpty();
        assertThat(unlimited.retainedBytes()).isPresent();
        assertThat(unlimited.retainsTooMuch()).isFalse();
        postgres.close();
        CaptureLag unknown = until(lag -> lag.slot().state() == SlotState.UNKNOWN);
        assertThat(unknown.retainedBytes()).isEmpty();
        assertThat(unknown.backlogBytes()).isEmpty();
        assertThat(unknown.slot().why()).contains("did not answer");
    }

    private CaptureLag until(Predicate<CaptureLag> condition) {
        return await().atMost(PATIENCE).until(monitor::lag, condition);
    }

    private CapturePipeline pipeline() {
        return new CapturePipeline(server.settings(), store, CaptureObserver.none());
    }

    /** Its status is what the monitor sees. */
    private CapturePipeline started() throws InterruptedException {
        CapturePipeline pipeline = pipeline();
        watched = pipeline;
        pipeline.start();
        return pipeline;
    }
}
