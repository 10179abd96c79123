package com.atlasco.atlas.embedded;

import static com.atlasco.atlas.embedded.Statements.awaitRow;
import static com.atlasco.atlas.embedded.Statements.execute;
import static com.atlasco.atlas.embedded.Statements.server;
import static com.atlasco.atlas.embedded.Statements.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one pair of running servers does; the tests share it and find an empty table. */
final class EmbeddedPostgresIT {

    @TempDir
    private static Path data;

    private static final List<String> PROGRESS = new CopyOnWriteArrayList<>();
    private static EmbeddedPostgres postgres;

    private static EmbeddedOptions options() {
        return new EmbeddedOptions(data, PROGRESS::add, Map.of());
    }

    @BeforeAll
    static void start() {
        postgres = EmbeddedPostgres.start(options());
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    @BeforeEach
    void emptyTable() throws SQLException {
        execute(postgres.primary(), "DROP TABLE IF EXISTS kept", "CREATE TABLE kept (value text)");
        PROGRESS.clear();
    }

    @Test
    void bothServersAreDurableAndTheReplicaFollows() throws Exception {
        for (PostgresEndpoint endpoint : List.of(postgres.primary(), postgres.replica())) {
            assertThat(value(endpoint, "SHOW fsync")).isEqualTo("on");
            assertThat(value(endpoint, "SHOW full_page_writes")).isEqualTo("on");
            assertThat(value(endpoint, "SHOW data_checksums")).isEqualTo("on");
            assertThat(value(endpoint, "SHOW wal_level")).isEqualTo("logical");
            assertThat(value(endpoint, "SHOW server_encoding")).isEqualTo("UTF8");
            assertThat(value(endpoint, "SHOW unix_socket_directories")).isEmpty();
            assertThat(value(endpoint, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(value(endpoint, "SELECT datcollate FROM pg_database WHERE datname = 'atlas'"))
                    .isEqualTo("C");
        }
        assertThat(value(postgres.primary(), "SELECT pg_is_in_recovery()")).isEqualTo("f");
        assertThat(value(postgres.replica(), "SELECT pg_is_in_recovery()")).isEqualTo("t");
        assertThat(value(
                        postgres.primary(),
                        "SELECT state FROM pg_stat_replication WHERE application_name = 'atlas_replica'"))
                .isEqualTo("streaming");

        execute(postgres.primary(), "INSERT INTO kept VALUES ('streamed')");
        awaitRow(postgres.replica(), "streamed");
    }

    /** Should these binaries gain lz4, wal_compression can be better than pglz. */
    @Test
    void theBinariesHaveNoLogCompressionThatIsWorthIt() throws Exception {
        assertThat(value(postgres.primary(), "SELECT enumvals FROM pg_settings WHERE name = 'wal_compression'"))
                .doesNotContain("lz4");
        assertThat(value(postgres.primary(), "SHOW wal_compression")).isEqualTo("off");
    }

    @Test
    void serversLiveInSessionsOfTheirOwn() throws Exception {
        ProcessHandle primary = server(new DataLayout(data).primary()).orElseThrow();
        // Fields after the command's name in parentheses: state, parent, process group, session.
        String status = Files.readString(Path.of("/proc", Long.toString(primary.pid()), "stat"));
        List<String> fields =
                List.of(status.substring(status.lastIndexOf(')') + 2).split(" "));
        assertThat(fields.get(2)).as("process group").isEqualTo(Long.toString(primary.pid()));
        assertThat(fields.get(3)).as("session").isEqualTo(Long.toString(primary.pid()));
        assertThat(postgres.primary().port()).isPositive();
    }

    @Test
    void directoryInUseIsRefusedAndTheRunningServersAreLeftAlone() throws Exception {
        assertThatThrownBy(() -> EmbeddedPostgres.start(options()))
                .isInstanceOf(EmbeddedPostgresException.class)
                .hasMessageContaining(data.toString())
                .hasMessageContaining(Long.toString(ProcessHandle.current().pid()));
        assertThat(value(postgres.primary(), "SELECT 1")).isEqualTo("1");
    }

    @Test
    void passwordIsNeededAndPrivate() throws Exception {
        PostgresEndpoint endpoint = postgres.primary();
        PostgresEndpoint guessed = new PostgresEndpoint(
                endpoint.host(), endpoint.port(), endpoint.database(), endpoint.superuser(), "guess");
        assertThatThrownBy(() -> value(guessed, "SELECT 1")).isInstanceOf(SQLException.class);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(new DataLayout(data).password())))
                .isEqualTo("rw-------");
        assertThat(endpoint.toString()).doesNotContain(endpoint.password());
    }

    @Test
    void stoppedReplicaCatchesUpFromTheLogKeptForIt() throws Exception {
        postgres.stopReplica();
        execute(postgres.primary(), "INSERT INTO kept VALUES ('meanwhile')");
        PROGRESS.clear();
        postgres.startReplica();
        awaitRow(postgres.replica(), "meanwhile");
        assertThat(PROGRESS).noneMatch(line -> line.contains("Copying"));
    }

    @Test
    void killedPrimaryKeepsWhatWasCommitted() throws Exception {
        execute(postgres.primary(), "INSERT INTO kept VALUES ('committed')");
        postgres.killPrimary();
        assertThatThrownBy(() -> value(postgres.primary(), "SELECT 1")).isInstanceOf(SQLException.class);
        assertThat(value(postgres.replica(), "SELECT 1")).isEqualTo("1");
        postgres.startPrimary();
        awaitRow(postgres.primary(), "committed");
        execute(postgres.primary(), "INSERT INTO kept VALUES ('afterwards')");
        awaitRow(postgres.replica(), "afterwards");
    }

    @Test
    void replicaWhoseLogIsGoneIsCopiedAnew() throws Exception {
        postgres.stopReplica();
        // The slot is what keeps the log; without it two checkpoints later the replica's place is recycled.
        execute(
                postgres.primary(),
                "SELECT pg_drop_replication_slot('atlas_replica')",
                "INSERT INTO kept SELECT repeat('x', 1000) FROM generate_series(1, 40000)",
                "SELECT pg_switch_wal()",
                "CHECKPOINT",
                "INSERT INTO kept VALUES ('after')",
                "SELECT pg_switch_wal()",
                "CHECKPOINT");
        PROGRESS.clear();
        postgres.startReplica();
        assertThat(PROGRESS).anyMatch(line -> line.contains("Copying the primary"));
        awaitRow(postgres.replica(), "after");
    }

    @Test
    void replicaCopiedWhileThePrimaryIsWrittenIsWhole() throws Exception {
        execute(postgres.primary(), "CREATE TABLE counted (id bigint PRIMARY KEY, filler text)");
        postgres.stopReplica();
        FileTree.delete(new DataLayout(data).replica());
        Thread writer = Thread.ofPlatform().start(() -> {
            try (Connection connection = Sql.connect(postgres.primary(), "atlas")) {
                for (int batch = 0; batch < 200; batch++) {
                    Sql.execute(
                            connection,
                            "INSERT INTO counted SELECT %d + n, repeat('x', 200) FROM generate_series(1, 1000) n"
                                    .formatted(batch * 1000));
                }
            } catch (SQLException exception) {
                throw new IllegalStateException(exception);
            }
        });
        postgres.startReplica();
        writer.join();
        String sum = "SELECT count(*) || '/' || sum(id) FROM counted";
        assertThat(value(postgres.primary(), sum)).startsWith("200000/");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> assertThat(value(postgres.replica(), sum)).isEqualTo(value(postgres.primary(), sum)));
    }

    @Test
    void twoInstancesRunSideBySide(@TempDir Path other) throws Exception {
        try (EmbeddedPostgres second = EmbeddedPostgres.start(EmbeddedOptions.of(other))) {
            execute(postgres.primary(), "INSERT INTO kept VALUES ('of the first')");
            awaitRow(postgres.replica(), "of the first");
            assertThat(value(second.primary(), "SELECT count(*) FROM pg_tables WHERE tablename = 'kept'"))
                    .isEqualTo("0");
            assertThat(postgres.primary().password())
                    .isNotEqualTo(second.primary().password());
        }
    }
}
