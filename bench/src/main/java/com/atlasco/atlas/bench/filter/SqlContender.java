package com.atlasco.atlas.bench.filter;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A hand-made table over JDBC: prepared once for each filter, asked over one connection, cut after some time. */
final class SqlContender implements Contender {

    private static final String QUERY_CANCELED = "57014";

    private final Connection connection;
    private final Dialect dialect;
    private final Duration cut;

    SqlContender(Connection connection, Dialect dialect, Duration cut) throws SQLException {
        this.connection = connection;
        this.dialect = dialect;
        this.cut = cut;
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET statement_timeout = " + cut.toMillis());
        }
    }

    @Override
    public String name() {
        return dialect.table().schema();
    }

    @Override
    public Question prepare(FilterCase filter, Optional<Place> after) throws SQLException {
        return new Asked(dialect.page(filter, after).prepare(connection));
    }

    private final class Asked implements Question {
        private final PreparedStatement statement;

        Asked(PreparedStatement statement) {
            this.statement = statement;
        }

        @Override
        public Answer ask() throws SQLException {
            long began = System.nanoTime();
            List<Long> ids = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                int columns = rows.getMetaData().getColumnCount();
                while (rows.next()) {
                    ids.add(rows.getLong(1));
                    for (int column = 2; column <= columns; column++) {
                        rows.getObject(column);
                    }
                }
                return Answer.of(System.nanoTime() - began, ids);
            } catch (SQLException failed) {
                if (QUERY_CANCELED.equals(failed.getSQLState())) {
                    return Answer.refused(cut.toNanos(), "cut after " + cut.toMillis() + " ms");
                }
                throw new SQLException(failed.getMessage() + " in: " + statement, failed.getSQLState(), failed);
            }
        }

        @Override
        public void close() throws SQLException {
            statement.close();
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
