package com.atlasco.atlas.analytics.duckdb;

import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Value;
import java.sql.SQLException;
import java.util.Optional;
import org.duckdb.DuckDBAppender;

/** Appends values to typed columns. */
final class TypedColumns {

    private TypedColumns() {}

    /** Appends a column for each type, number, text, ts, bool, json: NULL in all but the value's own. */
    static void appendAll(DuckDBAppender appender, Optional<Value> value) throws SQLException {
        appendOne(appender, DataType.NUMBER, value);
        appendOne(appender, DataType.TEXT, value);
        appendOne(appender, DataType.TS, value);
        appendOne(appender, DataType.BOOL, value);
        appendOne(appender, DataType.JSON, value);
    }

    /** Appends one column of the type: NULL unless the value is of it. */
    static void appendOne(DuckDBAppender appender, DataType column, Optional<Value> value) throws SQLException {
        if (value.isEmpty() || value.get().dataType() != column) {
            appender.appendNull();
            return;
        }
        switch (value.get()) {
            case Value.NumberValue(double number) -> appender.append(number);
            case Value.TextValue(String text) -> appender.append(text);
            case Value.TimestampValue(long micros) -> appender.appendEpochMicros(micros);
            case Value.BoolValue(boolean bool) -> appender.append(bool);
            case Value.JsonValue(String json) -> appender.append(json);
        }
    }
}
