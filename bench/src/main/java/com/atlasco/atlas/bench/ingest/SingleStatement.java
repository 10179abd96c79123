package com.atlasco.atlas.bench.ingest;

import com.atlasco.atlas.bench.dataset.Dataset;
import com.atlasco.atlas.model.Value;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/** One entity, document and pivot rows, in one statement. */
final class SingleStatement {

    private final long tenant;
    private final Chunk.Row entity;
    private final String document;
    private final String sql;

    /** Composes the statement, whose text is the same for all entities of a tenant. */
    SingleStatement(Chunk ofOne) {
        this.tenant = ofOne.tenant();
        this.entity = ofOne.entities().getFirst();
        this.document = ofOne.documents().getFirst();
        this.sql = sql(ofOne.attributeIds(), entity.values());
    }

    private static String sql(List<Integer> attributeIds, List<Value> values) {
        String rows = java.util.stream.IntStream.range(0, values.size())
                .mapToObj(i -> "(%d, %s)".formatted(attributeIds.get(i), columns(values.get(i))))
                .collect(Collectors.joining(", "));
        return """
                WITH written AS (
                    INSERT INTO entity (tenant_id, entity_id, entity_type, version, document, changed_attributes, updated_at)
                    VALUES (?, ?, '%s', 1, ?::jsonb, '{%s}', now())
                    RETURNING tenant_id, entity_id
                )
                INSERT INTO entity_attribute (tenant_id, attribute_id, entity_id, value_number, value_text, value_ts, value_bool)
                SELECT w.tenant_id, v.a, w.entity_id, v.n, v.t, v.ts, v.b
                FROM written w, (VALUES %s) AS v (a, n, t, ts, b)""".formatted(
                        Dataset.ENTITY_TYPE,
                        attributeIds.stream().map(Object::toString).collect(Collectors.joining(",")),
                        rows);
    }

    private static String columns(Value value) {
        return switch (value) {
            case Value.NumberValue _ -> "?::float8, NULL::text, NULL::timestamptz, NULL::boolean";
            case Value.TextValue _ -> "NULL, ?::text, NULL, NULL";
            case Value.TimestampValue _ -> "NULL, NULL, 'epoch'::timestamptz + ? * interval '1 microsecond', NULL";
            case Value.BoolValue _ -> "NULL, NULL, NULL, ?::boolean";
            case Value.JsonValue _ -> throw new IllegalArgumentException("the data set has no JSON values");
        };
    }

    void run(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, tenant);
            statement.setLong(2, entity.id());
            statement.setString(3, document);
            for (int i = 0; i < entity.values().size(); i++) {
                switch (entity.values().get(i)) {
                    case Value.NumberValue(double number) -> statement.setDouble(4 + i, number);
                    case Value.TextValue(String text) -> statement.setString(4 + i, text);
                    case Value.TimestampValue(long micros) -> statement.setDouble(4 + i, (double) micros);
                    case Value.BoolValue(boolean bool) -> statement.setBoolean(4 + i, bool);
                    case Value.JsonValue(String json) -> statement.setString(4 + i, json);
                }
            }
            statement.executeUpdate();
        }
    }
}
