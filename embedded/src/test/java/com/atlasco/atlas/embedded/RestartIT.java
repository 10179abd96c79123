package com.atlasco.atlas.embedded;

import static com.atlasco.atlas.embedded.Statements.awaitRow;
import static com.atlasco.atlas.embedded.Statements.execute;
import static com.atlasco.atlas.embedded.Statements.server;
import static com.atlasco.atlas.embedded.Statements.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** One start after another on a data directory, in whatever state the last one left it. */
final class RestartIT {

    @TempDir
    private Path data;

    private final List<String> progress = new ArrayList<>();

    private EmbeddedOptions options() {
        return new EmbeddedOptions(data, progress::add, Map.of());
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
        // Past the system identifier, so that only the server itself notices the wrong checksum.
        Path control = new DataLayout(data).replica().resolve("global/pg_control");
        byte[] content = Files.readAllBytes(control);
        content[100] ^= 0x55;
        Files.write(control, content);
        progress.clear();
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options())) {
            assertThat(progress).anyMatch(line -> line.contains("Copying the primary"));
            assertThat(value(postgres.replica(), "SELECT pg_is_in_recovery()")).isEqualTo("t");
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

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException exception) {
            return exception.toString();
        }
    }

    /** The way for machines without user namespaces: needs root, to become somebody else. */
    @Test
    @EnabledIf("mayBecomeAnotherAccount")
    void rootRunsTheServersAsAnotherAccount() throws Exception {
        UserAccount account =
                UserAccount.unprivileged(UserAccount.ofThisMachine()).getFirst();
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx--x--x"));
        for (int start = 0; start < 2; start++) {
            try (EmbeddedPostgres postgres =
                    EmbeddedPostgres.start(options(), List.of(new Confinement.OtherAccount(account)))) {
                assertThat(value(postgres.replica(), "SELECT pg_is_in_recovery()"))
                        .isEqualTo("t");
                ProcessHandle process = server(new DataLayout(data).primary()).orElseThrow();
                assertThat(Files.getAttribute(Path.of("/proc", Long.toString(process.pid())), "unix:uid"))
                        .isEqualTo(account.userId());
            }
        }
    }

    static boolean mayBecomeAnotherAccount() throws IOException {
        return UserAccount.currentUserId() == 0;
    }

    @Test
    void everyWayThatFailsIsNamed() {
        Confinement impossible = new Confinement.UserNamespace(new UserAccount("none", -7, -7));
        assertThatThrownBy(() -> EmbeddedPostgres.start(options(), List.of(impossible)))
                .isInstanceOf(EmbeddedPostgresException.class)
                .hasMessageContaining("unshare")
                .hasMessageContaining("ordinary user");
    }
}
