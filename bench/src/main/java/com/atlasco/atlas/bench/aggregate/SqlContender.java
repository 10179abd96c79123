package com.atlasco.atlas.bench.aggregate;

import com.atlasco.atlas.bench.filter.SqlText;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A hand-written statement over JDBC, prepared once for each aggregation. */
final class SqlContender implements Contender {

    private static final String QUERY_CANCELED = "57014";

    private final String name;
    private final Connection connection;
    private final SqlAggregate sql;

    /** @param connection which ends statements that take too long, if any do */
    SqlContender(String name, Connection connection, SqlAggregate sql) {
        this.name = name;
        this.connection = connection;
        this.sql = sql;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Question prepare(AggregateCase aggregate) throws SQLException {
        SqlText statement = sql.statement(aggregate);
        return new Asked(statement.prepare(connection), aggregate);
    }

    private static final class Asked implements Question {
        private final PreparedStatement statement;
        private final AggregateCase aggregate;

        Asked(PreparedStatement statement, AggregateCase aggregate) {
            this.statement = statement;
            this.aggregate = aggregate;
        }

        @Override
        public Answer ask() throws SQLException {
            long began = System.nanoTime();
            Map<List<String>, List<Double>> groups = new HashMap<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    int column = 1;
                    List<String> key = new ArrayList<>();
                    for (int part = 0; part < aggregate.keys().size(); part++) {
                        key.add(rows.getString(column++));
                    }
                    List<Double> figures = new ArrayList<>();
                    for (int metric = 0; metric < aggregate.metrics().size(); metric++) {
                        figures.add(rows.getDouble(column++));
                    }
                    groups.put(key, figures);
                }
            } catch (SQLException failed) {
                if (QUERY_CANCELED.equals(failed.getSQLState())) {
                    return new Answer(System.nanoTime() - began, Optional.empty());
                }
                throw new SQLException(failed.getMessage() + " in: " + statement, failed.getSQLState(), failed);
            }
            return new Answer(System.nanoTime() - began, Optional.of(new Groups(groups)));
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
