package com.atlasco.atlas.analytics.duckdb;

import com.atlasco.atlas.model.DataType;
import java.util.Arrays;
import java.util.Optional;

/**
 * A typed column of the entity table that every tenant may use for one of its hot attributes.
 *
 * @param dataType any but json
 * @param number from 1 within the type
 */
record Slot(DataType dataType, int number) {

    String column() {
        return prefix(dataType) + number;
    }

    String sqlType() {
        return switch (dataType) {
            case NUMBER -> "DOUBLE";
            case TEXT -> "VARCHAR";
            case TS -> "TIMESTAMP";
            case BOOL -> "BOOLEAN";
            case JSON -> throw new IllegalArgumentException("json has no slots");
        };
    }

    /** The slot whose column has this name; empty for other columns. */
    static Optional<Slot> ofColumn(String column) {
        return Arrays.stream(DataType.values())
                .filter(type -> type != DataType.JSON && column.matches(prefix(type) + "\\d+"))
                .map(type -> new Slot(
                        type, Integer.parseInt(column.substring(prefix(type).length()))))
                .findFirst();
    }

    private static String prefix(DataType dataType) {
        return switch (dataType) {
            case NUMBER -> "number_";
            case TEXT -> "text_";
            case TS -> "ts_";
            case BOOL -> "bool_";
            case JSON -> throw new IllegalArgumentException("json has no slots");
        };
    }
}
