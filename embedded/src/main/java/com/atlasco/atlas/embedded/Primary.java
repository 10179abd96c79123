package com.atlasco.atlas.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** The server that takes the writes: its creation, its start, and what the replica needs of it. */
final class Primary {

    private static final Duration FAST_LIMIT = Duration.ofSeconds(10);
    private static final String HBA = """
            # TYPE  DATABASE     USER  ADDRESS       METHOD
            host    all          %s  127.0.0.1/32  trust
            host    all          all   127.0.0.1/32  scram-sha-256
            host    replication  all   127.0.0.1/32  scram-sha-256
            """.formatted(OperatorRole.NAME);

    private final Site site;
    private final PostgresServer server;

    Primary(Site site) {
        this.site = site;
        this.server = site.server("primary");
    }

    PostgresServer server() {
        return server;
    }

    /** Whether there is a database; its directory gets its name only when it is whole. */
    boolean exists() {
        return Files.exists(server.directory());
    }

    /** Runs initdb. */
    void create() throws IOException, InterruptedException {
        Path unfinished = site.layout().unfinished(server.directory());
        FileTree.delete(unfinished);
        site.progress().accept("Creating the database in " + server.directory());
        FileTree.createPrivateDirectories(unfinished);
        Path passwordFile = site.layout().postgres().resolve("initdb.password");
        try {
            FileTree.writePrivate(passwordFile, site.password());
            site.installation().confinement().own(passwordFile);
            site.installation().confinement().own(unfinished);
            int status = site.installation()
                    .run(
                            "initdb",
                            List.of(
                                    "--pgdata=" + unfinished,
                                    "--username=" + EmbeddedPostgres.SUPERUSER,
                                    "--pwfile=" + passwordFile,
                                    "--auth=scram-sha-256",
                                    "--encoding=UTF8",
                                    "--locale=C",
                                    "--data-checksums",
                                    "--no-instructions"),
                            server.log().startFile());
            if (status != 0) {
                throw new EmbeddedPostgresException("initdb cannot create a database in " + unfinished
                        + " (exit status " + status + "). " + server.log().tail());
            }
        } finally {
            Files.deleteIfExists(passwordFile);
        }
        writeOwned(unfinished.resolve("pg_hba.conf"), HBA);
        FileTree.publish(unfinished, server.directory());
    }

    /** Starts the process without waiting for it. */
    void launch(int port) throws IOException {
        writeOwned(
                server.directory().resolve("postgresql.conf"), site.settings().primary(port, site.layout()));
        server.launch();
    }

    private void writeOwned(Path file, String content) throws IOException {
        FileTree.writePrivate(file, content);
        site.installation().confinement().own(file);
    }

    /** Creates the database, the replicas' slots, and the operator's role where they are missing. */
    void prepare(PostgresEndpoint endpoint, List<Replica> replicas) throws SQLException {
        try (Connection connection = Sql.connect(endpoint, "postgres")) {
            if (Sql.one(connection, "SELECT 1 FROM pg_database WHERE datname = ?", endpoint.database())
                    .isEmpty()) {
                Sql.execute(connection, "CREATE DATABASE " + endpoint.database());
            }
            for (Replica replica : replicas) {
                replica.provideSlot(connection);
            }
        }
        try (Connection connection = Sql.connect(endpoint, endpoint.database())) {
            OperatorRole.provide(connection);
        }
    }

    void stop(PostgresEndpoint endpoint) {
        endLogicalStreams(endpoint);
        server.stop(FAST_LIMIT);
    }

    /**
     * A primary that stops waits until every stream's reader has confirmed all of the log. A replica does so at once;
     * a reader of logical changes confirms when it likes, and resumes where it was in any case.
     */
    private void endLogicalStreams(PostgresEndpoint endpoint) {
        if (!server.running()) {
            return;
        }
        try (Connection connection = Sql.connect(endpoint, "postgres")) {
            Sql.one(connection, """
                    SELECT count(pg_terminate_backend(active_pid)) FROM pg_replication_slots
                    WHERE slot_type = 'logical' AND active_pid IS NOT NULL""");
        } catch (SQLException exception) {
            // No connection free, or the server is recovering: the limit of the stop still bounds the wait.
        }
    }
}
