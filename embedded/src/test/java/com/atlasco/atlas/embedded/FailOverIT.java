package com.atlasco.atlas.embedded;

import static com.atlasco.atlas.embedded.Statements.awaitRow;
import static com.atlasco.atlas.embedded.Statements.execute;
import static com.atlasco.atlas.embedded.Statements.server;
import static com.atlasco.atlas.embedded.Statements.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The replica takes over, or ends and comes back; each test has servers of its own. */
final class FailOverIT {

    private static final Duration BACK = Duration.ofSeconds(60);

    @TempDir
    private Path data;

    private final List<String> progress = new CopyOnWriteArrayList<>();

    private EmbeddedOptions options() {
        return new EmbeddedOptions(data, progress::add, Map.of());
    }

    private DataLayout layout() {
        return new DataLayout(data);
    }

    @Test
    void aPromotedServerIsStartedAsItIsAndNeverCopiedOver() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options())) {
            postgres.failOver();
            execute(postgres.replica(), "CREATE TABLE kept (value text)", "INSERT INTO kept VALUES ('the only copy')");
            postgres.stopReplica();
            postgres.startReplica();
            awaitRow(postgres.replica(), "the only copy");
            assertThat(value(postgres.replica(), "SELECT pg_is_in_recovery()")).isEqualTo("f");
            assertThatThrownBy(postgres::startPrimary)
                    .isInstanceOf(EmbeddedPostgresException.class)
                    .hasMessageContaining("promoted");
            assertThat(server(layout().primary())).isEmpty();
        }
        assertThat(progress).noneMatch(line -> line.contains("Copying the primary to the replica: its directory"));
    }

    @Test
    void aReplicaPromotedBesideARunningPrimaryMakesThatOneStop() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options())) {
            execute(postgres.primary(), "CREATE TABLE kept (value text)", "INSERT INTO kept VALUES ('before')");
            awaitRow(postgres.replica(), "before");
            assertThat(value(postgres.replica(), "SELECT pg_promote()")).isEqualTo("t");
            await().atMost(BACK).until(() -> server(layout().primary()).isEmpty());
            execute(postgres.replica(), "INSERT INTO kept VALUES ('after')");
            await().during(Duration.ofSeconds(1))
                    .until(() -> server(layout().primary()).isEmpty());
        }
        assertThat(progress).anyMatch(line -> line.contains("promoted while the primary ran"));
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options())) {
            awaitRow(postgres.primary(), "after");
            awaitRow(postgres.replica(), "after");
        }
    }

    @Test
    void ofSeveralReplicasTheOthersFollowTheOneThatWasPromoted() throws Exception {
        EmbeddedOptions three = new EmbeddedOptions(data, progress::add, Map.of(), false, 3);
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(three)) {
            assertThat(postgres.replicas()).hasSize(3).doesNotHaveDuplicates().startsWith(postgres.replica());
            execute(postgres.primary(), "CREATE TABLE kept (value text)", "INSERT INTO kept VALUES ('before')");
            for (PostgresEndpoint replica : postgres.replicas()) {
                awaitRow(replica, "before");
            }
            PostgresEndpoint promoted = postgres.replicas().get(1);
            assertThat(value(promoted, "SELECT pg_promote()")).isEqualTo("t");
            await().atMost(BACK).until(() -> server(layout().primary()).isEmpty());
            assertThat(postgres.writable()).isEqualTo(promoted);
            execute(promoted, "INSERT INTO kept VALUES ('after')");
            awaitRow(postgres.replicas().get(0), "after");
            awaitRow(postgres.replicas().get(2), "after");

            server(layout().replica(3)).orElseThrow().destroyForcibly();
            execute(promoted, "INSERT INTO kept VALUES ('while one was away')");
            await().atMost(BACK)
                    .ignoreExceptions()
                    .until(() -> value(
                                    postgres.replicas().get(2),
                                    "SELECT value FROM kept WHERE value = 'while one was away'")
                            .equals("while one was away"));
        }
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(three)) {
            awaitRow(postgres.primary(), "after");
            for (PostgresEndpoint replica : postgres.replicas()) {
                awaitRow(replica, "after");
                assertThat(value(replica, "SELECT pg_is_in_recovery()")).isEqualTo("t");
            }
        }
        assertThat(progress)
                .as("only the one whose data became the primary's is copied again")
                .noneMatch(line -> line.contains("Copying the primary to the replica-3: its")
                        || line.contains("Copying the primary to the replica-3: it received"));
    }

    @Test
    void theReplicaThatReceivedMostTakesOver() throws Exception {
        EmbeddedOptions two = new EmbeddedOptions(data, progress::add, Map.of(), false, 2);
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(two)) {
            execute(postgres.primary(), "CREATE TABLE kept (value text)");
            postgres.stopReplica(1);
            execute(postgres.primary(), "INSERT INTO kept VALUES ('received by one')");
            awaitRow(postgres.replicas().get(1), "received by one");
            postgres.failOver();
            assertThat(postgres.writable()).isEqualTo(postgres.replicas().get(1));
            awaitRow(postgres.writable(), "received by one");
            postgres.startReplica(1);
            awaitRow(postgres.replica(), "received by one");
            assertThat(value(postgres.replica(), "SELECT pg_is_in_recovery()")).isEqualTo("t");
        }
    }

    @Test
    void aFailoverSlotIsThereOnTheReplicaThatTakesOver() throws Exception {
        String confirmed = "SELECT coalesce(max(confirmed_flush_lsn::text), '') FROM pg_replication_slots"
                + " WHERE slot_name = 'capture' AND synced AND NOT temporary";
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options())) {
            execute(
                    postgres.primary(),
                    "CREATE TABLE kept (value text)",
                    "SELECT pg_create_logical_replication_slot('capture', 'pgoutput', false, false, true)");
            await().atMost(BACK).pollInterval(Duration.ofMillis(200)).until(() -> {
                // The standby keeps a slot once the primary's has moved past what the standby still has.
                execute(
                        postgres.primary(),
                        "INSERT INTO kept VALUES ('moves')",
                        "SELECT pg_log_standby_snapshot()",
                        "SELECT pg_replication_slot_advance('capture', pg_current_wal_flush_lsn())");
                return !value(postgres.replica(), confirmed).isEmpty();
            });
            String before = value(postgres.replica(), confirmed);
            postgres.failOver();
            assertThat(postgres.writable()).isEqualTo(postgres.replica());
            assertThat(value(postgres.replica(), confirmed)).isGreaterThanOrEqualTo(before);
            execute(
                    postgres.replica(),
                    "INSERT INTO kept VALUES ('after')",
                    "SELECT pg_replication_slot_advance('capture', pg_current_wal_flush_lsn())");
        }
    }

    @Test
    void anOldPrimaryThatWentOnIsNotPutAside() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options())) {
            execute(postgres.primary(), "CREATE TABLE kept (value text)");
            postgres.failOver();
        }
        Path away = layout().replica().resolveSibling("away");
        Files.move(layout().replica(), away);
        EmbeddedOptions alone = new EmbeddedOptions(data, progress::add, Map.of(), false, 0);
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(alone)) {
            execute(
                    postgres.primary(),
                    "INSERT INTO kept SELECT repeat('x', 1000) FROM generate_series(1, 40000)",
                    "INSERT INTO kept VALUES ('acknowledged')");
        }
        Files.move(away, layout().replica());
        assertThatThrownBy(() -> EmbeddedPostgres.start(options()))
                .isInstanceOf(EmbeddedPostgresException.class)
                .hasMessageContaining("MB of log")
                .hasMessageContaining("rename");
        assertThat(layout().replica().resolve("PG_VERSION")).exists();
        Files.move(layout().replica(), away);
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options())) {
            awaitRow(postgres.primary(), "acknowledged");
        }
    }

    @Test
    void withoutAStandbyToTakeOverThePrimaryIsLeftAlone() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options())) {
            execute(postgres.primary(), "CREATE TABLE kept (value text)", "INSERT INTO kept VALUES ('there')");
            postgres.stopReplica();
            ProcessHandle primary = server(layout().primary()).orElseThrow();
            assertThatThrownBy(postgres::failOver)
                    .isInstanceOf(EmbeddedPostgresException.class)
                    .hasMessageContaining("cannot take over");
            assertThat(primary.isAlive()).isTrue();
            primary.destroyForcibly();
            await("it is still looked after")
                    .atMost(BACK)
                    .until(() -> server(layout().primary())
                            .filter(now -> now.pid() != primary.pid())
                            .isPresent());
            awaitRow(postgres.primary(), "there");

            Files.delete(layout().replica().resolve("standby.signal"));
            postgres.killPrimary();
            assertThatThrownBy(postgres::startReplica).isInstanceOf(EmbeddedPostgresException.class);
            assertThat(layout().replica().resolve("PG_VERSION"))
                    .as("there is nothing to copy")
                    .exists();
        }
    }

    @Test
    void aReplicaThatDoesNotStartIsCopiedAnewOnceAndBesideTheOperations() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options())) {
            execute(postgres.primary(), "CREATE TABLE kept (value text)", "INSERT INTO kept VALUES ('copied')");
            progress.clear();
            Files.delete(layout().replica().resolve("global/pg_control"));
            server(layout().replica()).orElseThrow().destroyForcibly();
            await().atMost(BACK).until(() -> progress.stream().anyMatch(line -> line.contains("replica is back")));
            awaitRow(postgres.replica(), "copied");
            assertThat(progress)
                    .filteredOn(line -> line.contains("Copying the primary"))
                    .hasSize(1);
        }
    }

    @Test
    void aReplicaWhosePortIsTakenIsNotCopied() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options())) {
            execute(postgres.primary(), "CREATE TABLE kept (value text)", "INSERT INTO kept VALUES ('streamed')");
            awaitRow(postgres.replica(), "streamed");
            progress.clear();
            // So that it does not come back before its port is taken.
            Path control = layout().replica().resolve("global/pg_control");
            Path aside = layout().replica().resolve("pg_control.aside");
            Files.move(control, aside, StandardCopyOption.ATOMIC_MOVE);
            server(layout().replica()).orElseThrow().destroyForcibly();
            try (ServerSocket _ = takePort(postgres.replica().port())) {
                Files.move(aside, control, StandardCopyOption.ATOMIC_MOVE);
                await().atMost(BACK).until(() -> progress.stream().anyMatch(line -> line.contains("tried again, at")));
            }
            awaitBack(postgres);
            assertThat(progress).noneMatch(line -> line.contains("Copying the primary"));
        }
    }

    private static void awaitBack(EmbeddedPostgres postgres) {
        await().atMost(BACK)
                .ignoreExceptions()
                .until(() -> value(postgres.replica(), "SELECT value FROM kept").equals("streamed"));
    }

    private static ServerSocket takePort(int port) {
        return await().atMost(BACK)
                .pollInterval(Duration.ofMillis(2))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> new ServerSocket(port, 1, InetAddress.getLoopbackAddress()), socket -> true);
    }
}
