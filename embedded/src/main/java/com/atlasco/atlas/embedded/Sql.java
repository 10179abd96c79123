package com.atlasco.atlas.embedded;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.postgresql.ds.PGSimpleDataSource;

/** Short connections for the launcher's own few statements. */
final class Sql {

    private Sql() {}

    static Connection connect(PostgresEndpoint endpoint, String database) throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {endpoint.host()});
        source.setPortNumbers(new int[] {endpoint.port()});
        source.setDatabaseName(database);
        source.setUser(endpoint.superuser());
        source.setPassword(endpoint.password());
        source.setApplicationName("atlas_launcher");
        source.setConnectTimeout(5);
        // The launcher's own changes come before there is a replica to wait for, and it can make them again.
        source.setOptions("-c synchronous_commit=local");
        source.setGssEncMode("disable");
        source.setSslMode("disable");
        return source.getConnection();
    }

    /** The first column of the first row. */
    static Optional<String> one(Connection connection, String query, String... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            for (int index = 0; index < parameters.length; index++) {
                statement.setString(index + 1, parameters[index]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? Optional.ofNullable(rows.getString(1)) : Optional.empty();
            }
        }
    }

    static void execute(Connection connection, String command) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(command);
        }
    }
}
