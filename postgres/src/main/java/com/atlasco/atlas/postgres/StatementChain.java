package com.atlasco.atlas.postgres;

import java.math.BigDecimal;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Statements that travel together: sent one behind the other without waiting and answered in one round trip. The first
 * that fails ends the chain. None may depend on what another one answers. Not thread-safe.
 */
public final class StatementChain {

    private final List<Part> parts = new ArrayList<>();

    /** Takes a statement's rows, standing before the first. */
    @FunctionalInterface
    public interface RowReader {
        void read(ResultSet rows) throws SQLException;
    }

    private record Part(String sql, RowReader rows, IntConsumer count, List<Object> parameters) {}

    /**
     * Adds a statement that returns rows.
     *
     * @param parameters for the statement's question marks: Long, Integer, Double, BigDecimal, Boolean, String, Array or {@link
     *     BinaryArray}
     */
    public StatementChain query(String sql, RowReader reader, Object... parameters) {
        parts.add(new Part(sql, reader, StatementChain::noCount, List.of(parameters)));
        return this;
    }

    /** Adds a statement that changes rows; {@code count} is told how many. */
    public StatementChain update(String sql, IntConsumer count, Object... parameters) {
        parts.add(new Part(sql, StatementChain::noRows, count, List.of(parameters)));
        return this;
    }

    /** Adds a statement that changes rows, however many. */
    public StatementChain update(String sql, Object... parameters) {
        return update(sql, count -> {}, parameters);
    }

    /** Runs the chain; does nothing when it is empty. */
    public void run(Session session) throws SQLException {
        if (parts.isEmpty()) {
            return;
        }
        StringBuilder sql = new StringBuilder();
        for (Part part : parts) {
            sql.append(sql.isEmpty() ? "" : ";\n").append(part.sql());
        }
        try (PreparedStatement statement = session.prepare(sql.toString())) {
            bind(session, statement);
            boolean rows = statement.execute();
            for (Part part : parts) {
                if (rows) {
                    try (ResultSet result = statement.getResultSet()) {
                        part.rows().read(result);
                    }
                } else {
                    part.count().accept(statement.getUpdateCount());
                }
                rows = statement.getMoreResults();
            }
        }
    }

    private void bind(Session session, PreparedStatement statement) throws SQLException {
        int index = 1;
        for (Part part : parts) {
            for (Object parameter : part.parameters()) {
                switch (parameter) {
                    case Long number -> statement.setLong(index, number);
                    case Integer number -> statement.setInt(index, number);
                    case Double number -> statement.setDouble(index, number);
                    case BigDecimal number -> statement.setBigDecimal(index, number);
                    case Boolean bool -> statement.setBoolean(index, bool);
                    case String text -> statement.setString(index, text);
                    case Array array -> statement.setArray(index, array);
                    case BinaryArray array -> statement.setArray(index, array.toSql(session.connection()));
                    default -> throw new IllegalArgumentException("no parameter of a chain: " + parameter);
                }
                index++;
            }
        }
    }

    private static void noRows(ResultSet rows) {
        throw new IllegalStateException("a statement that changes rows returned some");
    }

    private static void noCount(int count) {
        throw new IllegalStateException("a query returned a count");
    }
}
