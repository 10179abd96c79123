package com.atlasco.atlas.bench.filter;

import com.atlasco.atlas.model.Value;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.duckdb.DuckDBConnection;

/** A statement with its parameters, as it grows. For one thread. */
public final class SqlText {

    private final StringBuilder sql = new StringBuilder();
    private final List<Object> parameters = new ArrayList<>();

    /** Text with a question mark for each parameter. */
    public SqlText append(String text, Object... more) {
        sql.append(text);
        parameters.addAll(List.of(more));
        return this;
    }

    /** Another one, with its parameters. */
    public SqlText append(SqlText other) {
        sql.append(other.sql);
        parameters.addAll(other.parameters);
        return this;
    }

    /** Whether nothing was appended. */
    public boolean isEmpty() {
        return sql.isEmpty();
    }

    /** What is bound for a value. */
    static Object parameter(Value value) {
        return switch (value) {
            case Value.NumberValue(double number) -> number;
            case Value.TextValue(String text) -> text;
            case Value.TimestampValue timestamp -> timestamp.instant().atOffset(ZoneOffset.UTC);
            case Value.BoolValue(boolean bool) -> bool;
            case Value.JsonValue(String json) -> json;
        };
    }

    /** Prepared, with its parameters bound. */
    public PreparedStatement prepare(Connection connection) throws SQLException {
        boolean isDuckDb = connection.isWrapperFor(DuckDBConnection.class);
        PreparedStatement statement = connection.prepareStatement(sql.toString());
        for (int i = 0; i < parameters.size(); i++) {
            Object parameter = parameters.get(i);
            // DuckDB takes a time with an offset for another type, which no column has.
            statement.setObject(
                    i + 1,
                    isDuckDb && parameter instanceof OffsetDateTime time ? time.toLocalDateTime() : parameter);
        }
        return statement;
    }

    @Override
    public String toString() {
        return sql.toString();
    }
}
