package com.atlasco.atlas.bench.ingest;

import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Value;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.postgresql.PGConnection;

/** Rows of typed values, put in by one INSERT … SELECT unnest for each type that occurs. */
final class UnnestValues {

    private final String table;
    private final long tenant;
    private final List<Column> columns = new ArrayList<>();

    /** The rows of one type; the arrays are of what the driver sends in binary. */
    private record Column(DataType type, Elements attributeIds, Elements entityIds, Elements values) {}

    private record Elements(String type, Object array) {}

    UnnestValues(String table, Chunk chunk) {
        this.table = table;
        this.tenant = chunk.tenant();
        Map<DataType, List<Chunk.PivotRow>> byType = new EnumMap<>(DataType.class);
        for (Chunk.PivotRow row : chunk.pivot()) {
            byType.computeIfAbsent(row.value().dataType(), absent -> new ArrayList<>())
                    .add(row);
        }
        byType.forEach((type, rows) -> columns.add(new Column(
                type,
                new Elements(
                        "int4",
                        rows.stream().mapToInt(Chunk.PivotRow::attributeId).toArray()),
                new Elements(
                        "int8",
                        rows.stream().mapToLong(Chunk.PivotRow::entityId).toArray()),
                values(type, rows))));
    }

    private static Elements values(DataType type, List<Chunk.PivotRow> rows) {
        return switch (type) {
            case NUMBER ->
                new Elements(
                        "float8",
                        rows.stream()
                                .mapToDouble(row -> ((Value.NumberValue) row.value()).number())
                                .toArray());
            case TEXT ->
                new Elements(
                        "text",
                        rows.stream()
                                .map(row -> ((Value.TextValue) row.value()).text())
                                .toArray(String[]::new));
            // As microseconds: the server would spend more on reading a text.
            case TS ->
                new Elements(
                        "int8",
                        rows.stream()
                                .mapToLong(row -> ((Value.TimestampValue) row.value()).epochMicros())
                                .toArray());
            case BOOL -> {
                boolean[] values = new boolean[rows.size()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = ((Value.BoolValue) rows.get(i).value()).bool();
                }
                yield new Elements("bool", values);
            }
            case JSON -> throw new IllegalArgumentException("the data set has no JSON values");
        };
    }

    void insert(Connection connection) throws SQLException {
        for (Column column : columns) {
            String name = switch (column.type()) {
                case NUMBER -> "value_number";
                case TEXT -> "value_text";
                case TS -> "value_ts";
                case BOOL -> "value_bool";
                case JSON -> "value_jsonb";
            };
            String value =
                    column.type() == DataType.TS ? "'epoch'::timestamptz + n.v * interval '1 microsecond'" : "n.v";
            String sql = """
                    INSERT INTO %s (tenant_id, attribute_id, entity_id, %s)
                    SELECT ?, n.a, n.e, %s FROM unnest(?::integer[], ?::bigint[], ?::%s[]) AS n (a, e, v)""".formatted(table, name, value, column.values().type());
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setLong(1, tenant);
                set(connection, statement, 2, column.attributeIds());
                set(connection, statement, 3, column.entityIds());
                set(connection, statement, 4, column.values());
                statement.executeUpdate();
            }
        }
    }

    private static void set(Connection connection, PreparedStatement statement, int index, Elements elements)
            throws SQLException {
        statement.setArray(
                index, connection.unwrap(PGConnection.class).createArrayOf(elements.type(), elements.array()));
    }
}
