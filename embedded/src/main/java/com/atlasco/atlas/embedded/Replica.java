package com.atlasco.atlas.embedded;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;

/** A streaming replica: its copy, its start, and the judgement whether it still follows the primary. */
final class Replica {

    private static final Duration FAST_LIMIT = Duration.ofSeconds(10);
    private static final Duration STREAM_LIMIT = Duration.ofSeconds(15);
    private static final Duration REPLAY_LIMIT = Duration.ofSeconds(1);

    /** What a replica logs, again and again, when it can never follow this primary with the directory it has. */
    private static final List<String> HOPELESS = List.of(
            "has already been removed",
            "has been invalidated",
            "database system identifier differs",
            "is ahead of the WAL flush position",
            "highest timeline",
            "new timeline",
            "can no longer get changes from replication slot",
            "can no longer access replication slot");

    private final Site site;
    private final int number;
    private final PostgresServer server;

    /** The first has number 1. */
    Replica(Site site, int number) {
        this.site = site;
        this.number = number;
        this.server = site.server(DataLayout.replicaName(number));
    }

    /** What people call it: {@code replica}, {@code replica-2} … */
    String name() {
        return DataLayout.replicaName(number);
    }

    /** Of its slot, and of its connection to the primary. */
    private String slot() {
        return ServerSettings.replicaName(number);
    }

    PostgresServer server() {
        return server;
    }

    boolean holdsData() {
        return Files.exists(server.directory().resolve("PG_VERSION"));
    }

    /** Why the directory cannot be started on as it is; empty when it can be tried. */
    Optional<String> unfit(Path primaryDirectory) {
        OptionalLong own = systemIdentifier(server.directory());
        if (!Files.exists(server.directory())) {
            return Optional.of("there is none yet");
        }
        if (own.isEmpty()
                || !Files.exists(server.directory().resolve("PG_VERSION"))
                || !Files.exists(server.directory().resolve("standby.signal"))) {
            return Optional.of("its directory is damaged");
        }
        return own.equals(systemIdentifier(primaryDirectory))
                ? Optional.empty()
                : Optional.of("it belongs to another primary");
    }

    /**
     * Whether the directory is that of a server which was made a primary: it is no standby any more, and has begun a
     * timeline that the old primary's directory, where there is one, does not know.
     */
    boolean promoted(Path primaryDirectory) {
        return !Files.exists(server.directory().resolve("standby.signal"))
                && holdsData()
                && systemIdentifier(server.directory()).isPresent()
                && Timelines.of(server.directory()).newest()
                        > Timelines.of(primaryDirectory).newest();
    }

    /**
     * How much of the log it has received, in bytes.
     *
     * @throws EmbeddedPostgresException unless the server runs as a standby that accepts connections
     */
    long receivedAsStandby(PostgresEndpoint endpoint) {
        try (Connection connection = Sql.connect(endpoint, "postgres")) {
            // What was received is on the disk; after a restart, only what was replayed is known.
            return Long.parseLong(Sql.one(connection, """
                    SELECT (greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) - '0/0'::pg_lsn)::bigint
                    WHERE pg_is_in_recovery()""")
                    .orElseThrow(() -> new EmbeddedPostgresException(
                            "The replica in " + server.directory() + " is a primary already. Nothing was changed.")));
        } catch (SQLException exception) {
            throw new EmbeddedPostgresException(
                    "The replica in " + server.directory() + " does not accept connections and cannot take over ("
                            + exception.getMessage() + "). Start it first; nothing was changed.",
                    exception);
        }
    }

    /** Makes the running standby a primary; returns when it takes writes. */
    void promote(PostgresEndpoint endpoint) throws SQLException {
        try (Connection connection = Sql.connect(endpoint, "postgres")) {
            Sql.one(connection, "SELECT pg_promote(true, 60)");
            if (Sql.one(connection, "SELECT 1 WHERE NOT pg_is_in_recovery()").isEmpty()) {
                throw new EmbeddedPostgresException("The replica in " + server.directory()
                        + " was told to become the primary and has not within 60 s. "
                        + server.log().tail());
            }
        }
    }

    /** The first eight bytes of pg_control, in the machine's byte order. */
    private static OptionalLong systemIdentifier(Path directory) {
        try (DataInputStream stream =
                new DataInputStream(Files.newInputStream(directory.resolve("global/pg_control")))) {
            return OptionalLong.of(stream.readLong());
        } catch (IOException exception) {
            return OptionalLong.empty();
        }
    }

    /** Starts the process without waiting for it. */
    void launch(int port, PostgresEndpoint primary) throws IOException {
        configure(port, primary);
        server.launch();
    }

    /** Writes what it is started with, or told to read again. */
    void configure(int port, PostgresEndpoint primary) throws IOException {
        Path configuration = server.directory().resolve("postgresql.conf");
        FileTree.writePrivate(configuration, site.settings().replica(number, port, primary, site.layout()));
        site.installation().confinement().own(configuration);
    }

    /**
     * Makes a fresh copy of the primary, which must accept connections, beside the directory that there is; that one is of
     * no use any more as soon as the copy is begun, but only {@link #publishCopy} deletes it.
     *
     * @throws EmbeddedPostgresException soon after it is given up, too
     */
    void copy(Path primaryDirectory, PostgresEndpoint primary, String reason, BooleanSupplier givenUp)
            throws IOException, SQLException, InterruptedException {
        Path unfinished = site.layout().unfinished(server.directory());
        try (Connection connection = Sql.connect(primary, "postgres")) {
            site.progress().accept("Copying the primary to the " + name() + ": " + reason);
            server.kill();
            FileTree.delete(unfinished);
            replaceSlot(connection);
            new BaseBackup(primaryDirectory, unfinished, givenUp).take(connection);
        }
        site.installation().confinement().own(unfinished);
    }

    /** Puts the copy in the place of the directory that there was. */
    void publishCopy() throws IOException {
        FileTree.delete(server.directory());
        FileTree.publish(site.layout().unfinished(server.directory()), server.directory());
    }

    private void replaceSlot(Connection connection) throws SQLException {
        Sql.one(
                connection,
                "SELECT pg_terminate_backend(active_pid, 5000) FROM pg_replication_slots WHERE slot_name = ? AND active_pid IS NOT NULL",
                slot());
        Sql.one(
                connection,
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = ?",
                slot());
        createSlot(connection);
    }

    /** Reserves the log from now on, so that it is kept while the replica is away. */
    private void createSlot(Connection connection) throws SQLException {
        Sql.one(connection, "SELECT pg_create_physical_replication_slot(?, true)", slot());
    }

    /** Creates the slot on a primary where it is missing. */
    void provideSlot(Connection primary) throws SQLException {
        if (Sql.one(primary, "SELECT 1 FROM pg_replication_slots WHERE slot_name = ?", slot())
                .isEmpty()) {
            createSlot(primary);
        }
    }

    void provideSlot(PostgresEndpoint primary) throws SQLException {
        try (Connection connection = Sql.connect(primary, "postgres")) {
            provideSlot(connection);
        }
    }

    /** Whether the primary still keeps the log that the replica needs. */
    boolean slotLost(PostgresEndpoint primary) throws SQLException {
        try (Connection connection = Sql.connect(primary, "postgres")) {
            return Sql.one(
                            connection,
                            "SELECT 1 FROM pg_replication_slots WHERE slot_name = ? AND wal_status = 'lost'",
                            slot())
                    .isPresent();
        }
    }

    /**
     * Waits until the replica accepts connections and receives the log as it is written.
     *
     * @return why it never will; empty when it streams
     */
    Optional<String> awaitStreaming(PostgresEndpoint primary) throws IOException, SQLException {
        try {
            server.awaitReady();
        } catch (EmbeddedPostgresException exception) {
            if (server.foundPortTaken()) {
                throw exception;
            }
            return Optional.of("it does not start");
        }
        try (Connection connection = Sql.connect(primary, "postgres")) {
            String position = "";
            while (true) {
                Stream stream = new Stream(connection);
                if (!site.poll().until(STREAM_LIMIT, stream::decided)) {
                    String reached = stream.position();
                    if (reached.isEmpty() || reached.equals(position)) {
                        return Optional.of("it received nothing for " + STREAM_LIMIT.toSeconds() + " s");
                    }
                    position = reached;
                    site.progress().accept("The " + name() + " is catching up, at " + position + " …");
                } else {
                    return stream.failure();
                }
            }
        }
    }

    /** Whether the primary sends it its log; false, too, when that cannot be asked. */
    boolean streamsFrom(PostgresEndpoint primary) {
        try (Connection connection = Sql.connect(primary, "postgres")) {
            return new Stream(connection).streams();
        } catch (SQLException | EmbeddedPostgresException away) {
            return false;
        }
    }

    /** What it logged since it was started, or told to read its configuration again, if it can never follow. */
    Optional<String> hopeless() {
        String log = server.logged();
        return HOPELESS.stream().filter(log::contains).findFirst().map(text -> "its log says '" + text + "'");
    }

    /** One look after another at the primary's view of the replica. */
    private final class Stream {

        private final Connection connection;
        private Optional<String> failure = Optional.empty();

        Stream(Connection connection) {
            this.connection = connection;
        }

        boolean streams() {
            return query("SELECT 1 FROM pg_stat_replication WHERE application_name = ? AND state = 'streaming'")
                    .isPresent();
        }

        boolean decided() {
            if (streams()) {
                return true;
            }
            failure = hopeless();
            if (!server.running()) {
                failure = Optional.of("it ended");
            }
            return failure.isPresent();
        }

        String position() {
            return query("SELECT sent_lsn FROM pg_stat_replication WHERE application_name = ?")
                    .orElse("");
        }

        Optional<String> failure() {
            return failure;
        }

        private Optional<String> query(String sql) {
            try {
                return Sql.one(connection, sql, slot());
            } catch (SQLException exception) {
                throw new EmbeddedPostgresException("The primary went away while the replica started", exception);
            }
        }
    }

    /**
     * Stops the server. A replica can only restart from a checkpoint of its primary that it has replayed; so when the
     * primary has just written its last one, we let the replica come to it first, and the next start has nothing to
     * replay.
     */
    void stop(PostgresEndpoint endpoint) {
        if (!server.running()) {
            return;
        }
        try (Connection connection = Sql.connect(endpoint, "postgres")) {
            site.poll().until(REPLAY_LIMIT, () -> replayedAll(connection));
        } catch (SQLException exception) {
            // It does not accept connections yet: then there is nothing to wait for.
        }
        server.stop(FAST_LIMIT);
    }

    private static boolean replayedAll(Connection connection) {
        try {
            return Sql.one(connection, "SELECT 1 WHERE pg_last_wal_replay_lsn() >= pg_last_wal_receive_lsn()")
                    .isPresent();
        } catch (SQLException exception) {
            return true;
        }
    }
}
