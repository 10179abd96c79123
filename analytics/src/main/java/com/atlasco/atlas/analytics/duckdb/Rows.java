package com.atlasco.atlas.analytics.duckdb;

import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.Value;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads values and entities from results. */
final class Rows {

    /** What {@link #entity} reads, in its order. */
    static final String ENTITY_COLUMNS =
            "entity_id, entity_type, version, epoch_us(updated_at), " + DuckDbSchema.ENTITY_MAPS;

    /** How many columns that is. */
    static final int ENTITY_WIDTH = 9;

    private Rows() {}

    /** A value of the type; timestamps are read as microseconds. Empty for NULL. */
    static Optional<Value> value(ResultSet rows, int column, DataType dataType) throws SQLException {
        return Optional.ofNullable(rows.getObject(column)).flatMap(found -> convert(found, dataType));
    }

    static Entity entity(ResultSet rows) throws SQLException {
        TreeMap<Integer, Value> values = new TreeMap<>();
        putAll(values, rows.getObject(5), number -> new Value.NumberValue((Double) number));
        putAll(values, rows.getObject(6), text -> new Value.TextValue((String) text));
        putAll(values, rows.getObject(7), micros -> new Value.TimestampValue((Long) micros));
        putAll(values, rows.getObject(8), bool -> new Value.BoolValue((Boolean) bool));
        putAll(values, rows.getObject(9), json -> new Value.JsonValue((String) json));
        return new Entity(
                rows.getLong(1),
                rows.getString(2),
                rows.getLong(3),
                new Document(values),
                new Value.TimestampValue(rows.getLong(4)).instant());
    }

    private static void putAll(Map<Integer, Value> values, @Nullable Object map, Function<Object, Value> conversion) {
        if (map instanceof Map<?, ?> entries) {
            entries.forEach((id, value) -> values.put((Integer) id, conversion.apply(value)));
        }
    }

    private static Optional<Value> convert(Object found, DataType dataType) {
        return switch (dataType) {
            case NUMBER -> Optional.of(new Value.NumberValue(((Number) found).doubleValue()));
            case TS -> Optional.of(new Value.TimestampValue(((Number) found).longValue()));
            case TEXT -> Optional.of(new Value.TextValue((String) found));
            case BOOL -> Optional.of(new Value.BoolValue((Boolean) found));
            case JSON -> Optional.of(new Value.JsonValue((String) found));
        };
    }
}
