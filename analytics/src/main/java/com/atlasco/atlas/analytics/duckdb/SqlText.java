package com.atlasco.atlas.analytics.duckdb;

import com.atlasco.atlas.model.Value;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * SQL under construction together with its values. For one thread.
 *
 * <p>Nearly all values are written as literals: DuckDB plans a statement before it hears its parameters, and then neither
 * looks a value up in the minima and maxima of row groups nor sees that a pattern is a prefix, which took from a quarter
 * to a half more time. What SQL text cannot say exactly stays a parameter.
 */
final class SqlText {

    /** DuckDB reads smaller numbers as zero. */
    private static final double LEAST_LITERAL = 1e-300;

    private final StringBuilder sql = new StringBuilder();
    private final List<Object> parameters = new ArrayList<>();

    SqlText append(String text) {
        sql.append(text);
        return this;
    }

    SqlText value(long value) {
        sql.append("CAST(").append(value).append(" AS BIGINT)");
        return this;
    }

    SqlText value(double value) {
        if (!Double.isFinite(value) || (value != 0 && Math.abs(value) < LEAST_LITERAL)) {
            return parameter("CAST(? AS DOUBLE)", value);
        }
        // With an exponent it is a double; without, a decimal.
        String text = Double.toString(value);
        sql.append("CAST(")
                .append(text)
                .append(text.indexOf('E') < 0 ? "E0" : "")
                .append(" AS DOUBLE)");
        return this;
    }

    /** A quote is doubled and nothing else is special, but a NUL would end the statement. */
    SqlText value(String value) {
        if (value.indexOf('\0') >= 0) {
            return parameter("?", value);
        }
        sql.append('\'').append(value.replace("'", "''")).append('\'');
        return this;
    }

    SqlText value(Value value) {
        return switch (value) {
            case Value.NumberValue(double number) -> value(number);
            case Value.TextValue(String text) -> value(text);
            case Value.TimestampValue(long micros) ->
                append("make_timestamp(").value(micros).append(")");
            case Value.BoolValue(boolean bool) -> append(bool ? "TRUE" : "FALSE");
            case Value.JsonValue(String json) -> value(json);
        };
    }

    private SqlText parameter(String placeholder, Object value) {
        sql.append(placeholder);
        parameters.add(value);
        return this;
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
