package com.atlasco.atlas.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedPostgresIT {

    @TempDir
    private Path data;

    private final List<String> progress = new ArrayList<>();

    private EmbeddedOptions options() {
        return new EmbeddedOptions(data, progress::add, Map.of());
    }

    private static String value(PostgresEndpoint endpoint, String query) throws SQLException {
        try (Connection connection = Sql.connect(endpoint, endpoint.database())) {
            return Sql.one(connection, query).orElse("");
        }
    }

    private static void execute(PostgresEndpoint endpoint, String... commands) throws SQLException {
        try (Connection connection = Sql.connect(endpoint, endpoint.database())) {
            for (String command : commands) {
                Sql.execute(connection, command);
            }
        }
    }

    private static void awaitRow(PostgresEndpoint endpoint, String expected) {
        await().atMost(Duration.ofSeconds(10))
                .ignoreExceptions()
                .untilAsserted(
                        () -> assertThat(value(endpoint, "SELECT value FROM kept WHERE value = '" + expected + "'"))
                                .isEqualTo(expected));
    }

    @Test
    void bothServersAreDurableAndTheReplicaFollows() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options())) {
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

            execute(postgres.primary(), "CREATE TABLE kept (value text)", "INSERT INTO kept VALUES ('streamed')");
            awaitRow(postgres.replica(), "streamed");
        }
    }

    /** Should these binaries gain lz4, wal_compression can be better than pglz. */
    @Test
    void theBinariesHaveNoBetterLogCompressionThanTheOneChosen() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options())) {
            assertThat(value(postgres.primary(), "SELECT enumvals FROM pg_settings WHERE name = 'wal_compression'"))
                    .doesNotContain("lz4");
            assertThat(value(postgres.primary(), "SHOW wal_compression")).isEqualTo("pglz");
        }
    }

    @Test
    void secondStartKeepsDataAndPortsAndCopiesNothing() throws Exception {
        PostgresEndpoint primary;
        PostgresEndpoint replica;
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options())) {
            primary = postgres.primary();
            replica = postgres.replica();
            execute(primary, "CREATE TABLE kept (value text)", "INSERT INTO kept VALUES ('first')");
        }
        progress.clear();
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options())) {
            assertThat(postgres.primary()).isEqualTo(primary);
            assertThat(postgres.replica()).isEqualTo(replica);
            awaitRow(postgres.primary(), "first");
            awaitRow(postgres.replica(), "first");
        }
        assertThat(progress).noneMatch(line -> line.contains("Copying") || line.contains("Creating"));
    }

    @Test
    void closeLeavesNoProcessAndMayBeRepeated() {
        EmbeddedPostgres postgres = EmbeddedPostgres.start(options());
        DataLayout layout = new DataLayout(data);
        ProcessHandle primary = server(layout.primary()).orElseThrow();
        ProcessHandle replica = server(layout.replica()).orElseThrow();
        postgres.close();
        postgres.close();
        assertThat(primary.isAlive()).isFalse();
        assertThat(replica.isAlive()).isFalse();
        assertThatThrownBy(postgres::startPrimary).isInstanceOf(EmbeddedPostgresException.class);
    }

    private static Optional<ProcessHandle> server(Path directory) {
        return PostmasterFile.read(directory).flatMap(file -> file.process(directory));
    }

    @Test
    void serversLiveInSessionsOfTheirOwn() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options())) {
            ProcessHandle primary = server(new DataLayout(data).primary()).orElseThrow();
            // Fields after the command's name in parentheses: state, parent, process group, session.
            String status = Files.readString(Path.of("/proc", Long.toString(primary.pid()), "stat"));
            List<String> fields =
                    List.of(status.substring(status.lastIndexOf(')') + 2).split(" "));
            assertThat(fields.get(2)).as("process group").isEqualTo(Long.toString(primary.pid()));
            assertThat(fields.get(3)).as("session").isEqualTo(Long.toString(primary.pid()));
            assertThat(postgres.primary().port()).isPositive();
        }
    }

    @Test
    void serversOfADeadProcessAreStoppedAndTheirDataIsThere() throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        HaltingChild.class.getName(),
                        data.toString())
                .redirectErrorStream(true)
                .redirectOutput(new File(data.toFile(), "child.log"))
                .start();
        assertThat(child.waitFor())
                .as(() -> "the child's exit status; it said: " + read(data.resolve("child.log")))
                .isEqualTo(HaltingChild.EXIT_STATUS);
        DataLayout layout = new DataLayout(data);
        ProcessHandle orphan = server(layout.primary()).orElseThrow();

        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options())) {
            assertThat(progress).anyMatch(line -> line.contains("earlier process"));
            assertThat(server(layout.primary()).orElseThrow().pid()).isNotEqualTo(orphan.pid());
            awaitRow(postgres.primary(), "before the halt");
            awaitRow(postgres.replica(), "before the halt");
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException exception) {
            return exception.toString();
        }
    }

    @Test
    void damagedReplicaIsCopiedAnew() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options())) {
            execute(postgres.primary(), "CREATE TABLE kept (value text)", "INSERT INTO kept VALUES ('original')");
        }
        DataLayout layout = new DataLayout(data);
        Files.delete(layout.replica().resolve("global/pg_control"));
        FileTree.delete(layout.replica().resolve("base"));
        // What a copy that was cut short leaves.
        Files.createDirectory(layout.unfinished(layout.replica()));
        progress.clear();
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options())) {
            assertThat(progress).anyMatch(line -> line.contains("damaged"));
            awaitRow(postgres.replica(), "original");
        }
        assertThat(layout.unfinished(layout.replica())).doesNotExist();
    }

    @Test
    void replicaThatDoesNotStartIsCopiedAnew() throws Exception {
        EmbeddedPostgres.start(options()).close();
        // Its log cannot be followed without the transaction status files.
        FileTree.delete(new DataLayout(data).replica().resolve("pg_xact"));
        progress.clear();
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options())) {
            assertThat(progress).anyMatch(line -> line.contains("Copying the primary"));
            assertThat(value(postgres.replica(), "SELECT pg_is_in_recovery()")).isEqualTo("t");
        }
    }

    @Test
    void replicaWhoseLogIsGoneIsCopiedAnew() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options())) {
            execute(postgres.primary(), "CREATE TABLE kept (value text)");
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
            progress.clear();
            postgres.startReplica();
            assertThat(progress).anyMatch(line -> line.contains("Copying the primary"));
            awaitRow(postgres.replica(), "after");
        }
    }

    @Test
    void stoppedReplicaCatchesUpFromTheLogKeptForIt() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options())) {
            postgres.stopReplica();
            execute(postgres.primary(), "CREATE TABLE kept (value text)", "INSERT INTO kept VALUES ('meanwhile')");
            progress.clear();
            postgres.startReplica();
            awaitRow(postgres.replica(), "meanwhile");
            assertThat(progress).noneMatch(line -> line.contains("Copying"));
        }
    }

    @Test
    void replicaCopiedWhileThePrimaryIsWrittenIsWhole() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options())) {
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
    }

    @Test
    void killedPrimaryKeepsWhatWasCommitted() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options())) {
            execute(postgres.primary(), "CREATE TABLE kept (value text)", "INSERT INTO kept VALUES ('committed')");
            postgres.killPrimary();
            assertThatThrownBy(() -> value(postgres.primary(), "SELECT 1")).isInstanceOf(SQLException.class);
            assertThat(value(postgres.replica(), "SELECT 1")).isEqualTo("1");
            postgres.startPrimary();
            awaitRow(postgres.primary(), "committed");
            execute(postgres.primary(), "INSERT INTO kept VALUES ('afterwards')");
            awaitRow(postgres.replica(), "afterwards");
        }
    }

    @Test
    void portTakenMeanwhileIsReplaced() throws Exception {
        PostgresEndpoint before;
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options())) {
            before = postgres.primary();
        }
        try (var squatter = new ServerSocket(before.port(), 1, InetAddress.getLoopbackAddress());
                EmbeddedPostgres postgres = EmbeddedPostgres.start(options())) {
            assertThat(postgres.primary().port()).isNotEqualTo(squatter.getLocalPort());
            execute(postgres.primary(), "CREATE TABLE kept (value text)", "INSERT INTO kept VALUES ('moved')");
            awaitRow(postgres.replica(), "moved");
        }
    }

    @Test
    void twoInstancesRunSideBySide(@TempDir Path other) throws Exception {
        try (EmbeddedPostgres first = EmbeddedPostgres.start(options());
                EmbeddedPostgres second = EmbeddedPostgres.start(EmbeddedOptions.of(other))) {
            execute(first.primary(), "CREATE TABLE kept (value text)", "INSERT INTO kept VALUES ('of the first')");
            awaitRow(first.replica(), "of the first");
            assertThat(value(second.primary(), "SELECT count(*) FROM pg_tables WHERE tablename = 'kept'"))
                    .isEqualTo("0");
            assertThat(first.primary().password()).isNotEqualTo(second.primary().password());
        }
    }

    @Test
    void directoryInUseIsRefusedAndTheRunningServersAreLeftAlone() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options())) {
            assertThatThrownBy(() -> EmbeddedPostgres.start(options()))
                    .isInstanceOf(EmbeddedPostgresException.class)
                    .hasMessageContaining(data.toString())
                    .hasMessageContaining(Long.toString(ProcessHandle.current().pid()));
            assertThat(value(postgres.primary(), "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void passwordIsNeededAndPrivate() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options())) {
            PostgresEndpoint endpoint = postgres.primary();
            PostgresEndpoint guessed = new PostgresEndpoint(
                    endpoint.host(), endpoint.port(), endpoint.database(), endpoint.superuser(), "guess");
            assertThatThrownBy(() -> value(guessed, "SELECT 1")).isInstanceOf(SQLException.class);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(new DataLayout(data).password())))
                    .isEqualTo("rw-------");
            assertThat(endpoint.toString()).doesNotContain(endpoint.password());
        }
    }

    @Test
    void extraSettingsOverrideAndWrongOnesAreReportedWithTheLog() throws Exception {
        EmbeddedOptions chosen = new EmbeddedOptions(data, progress::add, Map.of("work_mem", "17MB"));
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(chosen)) {
            assertThat(value(postgres.primary(), "SHOW work_mem")).isEqualTo("17MB");
            assertThat(value(postgres.replica(), "SHOW work_mem")).isEqualTo("17MB");
        }
        EmbeddedOptions wrong = new EmbeddedOptions(data, progress::add, Map.of("no_such_setting", "1"));
        assertThatThrownBy(() -> EmbeddedPostgres.start(wrong))
                .isInstanceOf(EmbeddedPostgresException.class)
                .hasMessageContaining("no_such_setting");
        assertThat(server(new DataLayout(data).primary())).isEmpty();
        EmbeddedPostgres.start(options()).close();
    }

    @Test
    void missingPrimaryBesideAReplicaWithDataIsNotOverwritten() throws Exception {
        EmbeddedPostgres.start(options()).close();
        DataLayout layout = new DataLayout(data);
        FileTree.delete(layout.primary());
        assertThatThrownBy(() -> EmbeddedPostgres.start(options()))
                .isInstanceOf(EmbeddedPostgresException.class)
                .hasMessageContaining("standby.signal");
        assertThat(layout.replica().resolve("PG_VERSION")).exists();
    }
}
