package com.atlasco.atlas.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** Short statements against a running server. */
final class Statements {

    private Statements() {}

    static String value(PostgresEndpoint endpoint, String query) throws SQLException {
        try (Connection connection = Sql.connect(endpoint, endpoint.database())) {
            return Sql.one(connection, query).orElse("");
        }
    }

    static void execute(PostgresEndpoint endpoint, String... commands) throws SQLException {
        try (Connection connection = Sql.connect(endpoint, endpoint.database())) {
            for (String command : commands) {
                Sql.execute(connection, command);
            }
        }
    }

    static void awaitRow(PostgresEndpoint endpoint, String expected) {
        await().atMost(Duration.ofSeconds(10))
                .ignoreExceptions()
                .untilAsserted(
                        () -> assertThat(value(endpoint, "SELECT value FROM kept WHERE value = '" + expected + "'"))
                                .isEqualTo(expected));
    }

    /** The running server of a directory, whoever started it. */
    static Optional<ProcessHandle> server(Path directory) {
        return PostmasterFile.read(directory).flatMap(file -> file.process(directory));
    }
}
