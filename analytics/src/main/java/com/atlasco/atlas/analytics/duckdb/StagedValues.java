package com.atlasco.atlas.analytics.duckdb;

import com.atlasco.atlas.model.Value;
import java.sql.SQLException;
import org.duckdb.DuckDBAppender;

/**
 * The temporary table of a batch's values, from which maps and history are built. A NULL costs the appender more than a
 * number, so a value has its kind and the columns of other kinds hold nothing of meaning.
 */
final class StagedValues {

    static final String TABLE = "staged_value";

    static final String CREATE = """
            CREATE OR REPLACE TEMP TABLE staged_value (
                row_number INTEGER, attribute_id INTEGER, recorded BOOLEAN, value_kind TINYINT, number DOUBLE, whole BIGINT,
                text VARCHAR)
            """;

    /** In the order of the columns of the history, from value_number on. */
    static final String HISTORY_VALUES =
            "CASE WHEN value_kind = 0 THEN number END, CASE WHEN value_kind = 1 THEN text END,"
                    + " CASE WHEN value_kind = 2 THEN make_timestamp(whole) END, CASE WHEN value_kind = 3 THEN whole = 1 END,"
                    + " CASE WHEN value_kind = 4 THEN text END";

    private static final byte NUMBER = 0;
    private static final byte TEXT = 1;
    private static final byte TS = 2;
    private static final byte BOOL = 3;
    private static final byte JSON = 4;

    private StagedValues() {}

    /** The maps of a group of values, named as the columns of the entity table. */
    static String maps() {
        return map(NUMBER, "number", "numbers")
                + map(TEXT, "text", "texts")
                + map(TS, "whole", "timestamps")
                + map(BOOL, "whole = 1", "booleans")
                + map(JSON, "text", "jsons");
    }

    private static String map(byte kind, String value, String name) {
        return "map_from_entries(list({'k': attribute_id, 'v': %s}) FILTER (value_kind = %d)) AS %s%s"
                .formatted(value, kind, name, kind == JSON ? "" : ", ");
    }

    /** @param recorded whether the history is to have the value from here */
    static void append(DuckDBAppender values, int rowNumber, int attributeId, Value value, boolean recorded)
            throws SQLException {
        values.beginRow();
        values.append(rowNumber);
        values.append(attributeId);
        values.append(recorded);
        switch (value) {
            case Value.NumberValue(double number) -> {
                values.append(NUMBER);
                values.append(number);
                values.append(0L);
                values.appendNull();
            }
            case Value.TextValue(String text) -> appendText(values, TEXT, text);
            case Value.TimestampValue(long micros) -> appendWhole(values, TS, micros);
            case Value.BoolValue(boolean bool) -> appendWhole(values, BOOL, bool ? 1 : 0);
            case Value.JsonValue(String json) -> appendText(values, JSON, json);
        }
        values.endRow();
    }

    private static void appendText(DuckDBAppender values, byte kind, String text) throws SQLException {
        values.append(kind);
        values.append(0.0);
        values.append(0L);
        values.append(text);
    }

    private static void appendWhole(DuckDBAppender values, byte kind, long whole) throws SQLException {
        values.append(kind);
        values.append(0.0);
        values.append(whole);
        values.appendNull();
    }
}
