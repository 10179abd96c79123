package com.atlasco.atlas.postgres.check;

import com.atlasco.atlas.model.DataType;
import java.util.Arrays;
import java.util.List;

/**
 * How values of one type lie in the pivot and in documents, as SQL.
 *
 * @param column of the value in the pivot
 * @param key what the index holds of it, by which rows are found; of a JSON value nothing, and rows are found by entity
 * @param keyType the SQL type of the key
 */
record PivotColumn(DataType dataType, String column, String key, String keyType) {

    static PivotColumn of(DataType dataType) {
        return switch (dataType) {
            case NUMBER -> new PivotColumn(dataType, "value_number", "value_number", "float8");
            case TEXT -> new PivotColumn(dataType, "value_text", "value_text_key", "text");
            case TS -> new PivotColumn(dataType, "value_ts", "value_ts", "timestamptz");
            case BOOL -> new PivotColumn(dataType, "value_bool", "value_bool", "boolean");
            case JSON -> new PivotColumn(dataType, "value_jsonb", "value_jsonb", "jsonb");
        };
    }

    static List<PivotColumn> all() {
        return Arrays.stream(DataType.values()).map(PivotColumn::of).toList();
    }

    /** Whether the index goes by value. */
    boolean keyed() {
        return dataType != DataType.JSON;
    }

    /** Whether a value of a document, which is not NULL, is of this type. */
    String isOfType(String value) {
        return switch (dataType) {
            case NUMBER -> "jsonb_typeof(" + value + ") = 'number'";
            case TEXT -> "jsonb_typeof(" + value + ") = 'string'";
            case BOOL -> "jsonb_typeof(" + value + ") = 'boolean'";
            case TS -> "(jsonb_typeof(%1$s) = 'object' AND jsonb_exists(%1$s, 'ts'))".formatted(value);
            case JSON -> "(jsonb_typeof(%1$s) = 'object' AND jsonb_exists(%1$s, 'json'))".formatted(value);
        };
    }

    /** A value of a document of this type as the pivot has it. */
    String typed(String value) {
        return switch (dataType) {
            case NUMBER -> "(" + value + ")::float8";
            case TEXT -> "(" + value + " #>> '{}') COLLATE \"C\"";
            case BOOL -> "(" + value + ")::boolean";
            // Whole seconds and microseconds apart: an interval times a number is computed in doubles.
            case TS -> """
                    (to_timestamp(div((%1$s ->> 'ts')::numeric, 1000000)::float8)
                        + make_interval(secs => mod((%1$s ->> 'ts')::numeric, 1000000)::float8 / 1000000))""".formatted(value);
            case JSON -> "(" + value + " -> 'json')";
        };
    }

    /** As {@link #typed}, NULL for a value of another type. */
    String typedOrNull(String value) {
        return "CASE WHEN " + isOfType(value) + " THEN " + typed(value) + " END";
    }

    /** Whether a row of the pivot, by the name p, has this value, in a form that leads through the index. */
    String rowHas(String value) {
        return switch (dataType) {
            case NUMBER, TS, BOOL -> "p." + column + " = " + value;
            case TEXT -> "p.value_text_key = left(" + value + ", 500) COLLATE \"C\" AND p.value_text = " + value;
            case JSON -> "p.value_jsonb IS NOT NULL AND p.value_jsonb = " + value;
        };
    }

    /** Whether a row of the pivot, by the name p, may be the one of a key, which is a parameter for all but JSON. */
    String rowHasKey() {
        return keyed() ? "p." + key + " = ?::" + keyType : "p.value_jsonb IS NOT NULL";
    }
}
