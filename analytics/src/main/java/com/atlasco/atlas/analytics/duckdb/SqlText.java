package com.atlasco.atlas.analytics.duckdb;

import com.atlasco.atlas.model.Value;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** SQL under construction together with its parameters. For one thread. */
final class SqlText {

    private final StringBuilder sql = new StringBuilder();
    private final List<Object> parameters = new ArrayList<>();

    SqlText append(String text) {
        sql.append(text);
        return this;
    }

    SqlText parameter(long value) {
        sql.append("CAST(? AS BIGINT)");
        parameters.add(value);
        return this;
    }

    SqlText parameter(double value) {
        sql.append("CAST(? AS DOUBLE)");
        parameters.add(value);
        return this;
    }

    SqlText parameter(String value) {
        sql.append("?");
        parameters.add(value);
        return this;
    }

    SqlText parameter(Value value) {
        return switch (value) {
            case Value.NumberValue(double number) -> parameter(number);
            case Value.TextValue(String text) -> parameter(text);
            case Value.TimestampValue(long micros) ->
                append("make_timestamp(").parameter(micros).append(")");
            case Value.BoolValue(boolean bool) -> append(bool ? "TRUE" : "FALSE");
            case Value.JsonValue(String json) -> parameter(json);
        };
    }

    void bind(PreparedStatement statement) throws SQLException {
        for (int i = 0; i < parameters.size(); i++) {
            statement.setObject(i + 1, parameters.get(i));
        }
    }

    @Override
    public String toString() {
        return sql.toString();
    }
}
