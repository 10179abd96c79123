package com.atlasco.atlas.postgres.write;

import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.Registry;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.postgres.Session;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Carries the difference between old and new documents over to the pivot: nothing else of it is touched. */
final class PivotTable {

    private PivotTable() {}

    /** One row of the pivot. */
    private record Row(int attributeId, long entityId, Value value) {}

    /** Rows by the type of their values, in an order that keeps neighbours of an index together. */
    private static final class Rows {
        private final Map<DataType, List<Row>> byType = new EnumMap<>(DataType.class);

        void add(Row row) {
            byType.computeIfAbsent(row.value().dataType(), type -> new ArrayList<>())
                    .add(row);
        }
    }

    static void apply(Session session, TenantId tenant, Registry registry, Collection<EntityFold> folds)
            throws SQLException {
        Rows removed = new Rows();
        Rows added = new Rows();
        for (EntityFold fold : folds) {
            Document before = fold.storedDocument();
            Document after = fold.currentDocument();
            before.values().forEach((id, value) -> {
                if (isMaintained(registry, id)
                        && !after.find(id).filter(value::equals).isPresent()) {
                    removed.add(new Row(id, fold.entityId(), value));
                }
            });
            after.values().forEach((id, value) -> {
                if (isMaintained(registry, id)
                        && !before.find(id).filter(value::equals).isPresent()) {
                    added.add(new Row(id, fold.entityId(), value));
                }
            });
        }
        for (var rows : removed.byType.entrySet()) {
            delete(session, tenant, rows.getKey(), rows.getValue());
        }
        for (var rows : added.byType.entrySet()) {
            insert(session, tenant, rows.getKey(), rows.getValue());
        }
    }

    private static boolean isMaintained(Registry registry, int attributeId) {
        return registry.find(attributeId)
                .filter(type -> type.pivotState().maintained())
                .isPresent();
    }

    private static void delete(Session session, TenantId tenant, DataType type, List<Row> rows) throws SQLException {
        String condition = switch (type) {
            case NUMBER -> "p.value_number = o.value";
            case TEXT -> "p.value_text_key = left(o.value, 500) COLLATE \"C\"";
            case TS -> "p.value_ts = o.value";
            case BOOL -> "p.value_bool = o.value";
            case JSON -> "p.value_jsonb IS NOT NULL";
        };
        // A row is found by its old value through the covering index; there is no other way, and none is needed.
        String sql = """
                DELETE FROM entity_attribute p
                USING unnest(?::integer[], ?::bigint[], ?::%s[]) AS o (attribute_id, entity_id, value)
                WHERE p.tenant_id = ? AND p.attribute_id = o.attribute_id AND p.entity_id = o.entity_id AND %s""".formatted(arrayType(type), condition);
        try (PreparedStatement statement = session.prepare(sql)) {
            setRows(statement, 1, type, rows);
            statement.setLong(4, tenant.value());
            statement.executeUpdate();
        }
    }

    private static void insert(Session session, TenantId tenant, DataType type, List<Row> rows) throws SQLException {
        String column = switch (type) {
            case NUMBER -> "value_number";
            case TEXT -> "value_text";
            case TS -> "value_ts";
            case BOOL -> "value_bool";
            case JSON -> "value_jsonb";
        };
        String cast = type == DataType.JSON ? "::jsonb" : "";
        String sql = """
                INSERT INTO entity_attribute (tenant_id, attribute_id, entity_id, %s)
                SELECT ?, n.attribute_id, n.entity_id, n.value%s
                FROM unnest(?::integer[], ?::bigint[], ?::%s[]) AS n (attribute_id, entity_id, value)""".formatted(column, cast, arrayType(type));
        try (PreparedStatement statement = session.prepare(sql)) {
            statement.setLong(1, tenant.value());
            setRows(statement, 2, type, rows);
            statement.executeUpdate();
        }
    }

    private static void setRows(PreparedStatement statement, int first, DataType type, List<Row> rows)
            throws SQLException {
        rows.sort(Comparator.comparingInt(Row::attributeId).thenComparingLong(Row::entityId));
        EntityTable.setArray(statement, first, "int4", rows, Row::attributeId);
        EntityTable.setArray(statement, first + 1, "int8", rows, Row::entityId);
        EntityTable.setArray(statement, first + 2, arrayType(type), rows, row -> element(row.value()));
    }

    /** What the values travel as; JSON as text, which is cast when it has arrived. */
    private static String arrayType(DataType type) {
        return switch (type) {
            case NUMBER -> "float8";
            case TEXT, JSON -> "text";
            case TS -> "timestamptz";
            case BOOL -> "bool";
        };
    }

    private static Object element(Value value) {
        return switch (value) {
            case Value.NumberValue(double number) -> number;
            case Value.TextValue(String text) -> text;
            // As text: it reaches from the year 1 to 9999 with every microsecond.
            case Value.TimestampValue timestamp -> timestamp.instant().toString();
            case Value.BoolValue(boolean bool) -> bool;
            case Value.JsonValue(String json) -> json;
        };
    }
}
