package com.atlasco.atlas.postgres.write;

import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.Registry;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.postgres.BinaryArray;
import com.atlasco.atlas.postgres.StatementChain;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Carries the difference between old and new documents over to the pivot: nothing else of it is touched. A value that
 * changes is updated where it stands, which takes one search of the index instead of a search and an insertion elsewhere.
 *
 * <p>Rows are written in the order of the index they belong to. Measured with batches of 1,000 entities of 10 values, that
 * takes a fifth less time of the server than the order of the entities: neighbours share pages.
 */
final class PivotTable {

    /** How many code points of a text the index holds. */
    private static final int KEY_LENGTH = 500;

    private PivotTable() {}

    /** A value that appears, goes or changes; a missing side is told by the list it stands in. */
    private record Change(int attributeId, long entityId, Value before, Value after) {}

    /** All data types at once: each statement on a partitioned table costs as much as ten rows before its first one. */
    private static final String INSERT = """
            INSERT INTO entity_attribute
                (tenant_id, attribute_id, entity_id, value_number, value_text, value_ts, value_bool, value_jsonb)
            SELECT ?, n.attribute_id, n.entity_id, n.value, NULL::text, NULL::timestamptz, NULL::boolean, NULL::jsonb
            FROM unnest(?::integer[], ?::bigint[], ?::float8[]) AS n (attribute_id, entity_id, value)
            UNION ALL
            SELECT ?, n.attribute_id, n.entity_id, NULL, n.value, NULL, NULL, NULL
            FROM unnest(?::integer[], ?::bigint[], ?::text[]) AS n (attribute_id, entity_id, value)
            UNION ALL
            SELECT ?, n.attribute_id, n.entity_id, NULL, NULL, n.value, NULL, NULL
            FROM unnest(?::integer[], ?::bigint[], ?::timestamptz[]) AS n (attribute_id, entity_id, value)
            UNION ALL
            SELECT ?, n.attribute_id, n.entity_id, NULL, NULL, NULL, n.value, NULL
            FROM unnest(?::integer[], ?::bigint[], ?::boolean[]) AS n (attribute_id, entity_id, value)
            UNION ALL
            SELECT ?, n.attribute_id, n.entity_id, NULL, NULL, NULL, NULL, n.value
            FROM unnest(?::integer[], ?::bigint[], ?::jsonb[]) AS n (attribute_id, entity_id, value)""";

    /** The statements for one data type. */
    private record Statements(String update, String delete) {

        private static final Statements NUMBER = statements(DataType.NUMBER);
        private static final Statements TEXT = statements(DataType.TEXT);
        private static final Statements TS = statements(DataType.TS);
        private static final Statements BOOL = statements(DataType.BOOL);
        private static final Statements JSON = statements(DataType.JSON);

        static Statements of(DataType type) {
            return switch (type) {
                case NUMBER -> NUMBER;
                case TEXT -> TEXT;
                case TS -> TS;
                case BOOL -> BOOL;
                case JSON -> JSON;
            };
        }
    }

    /** The changes of one data type. */
    private static final class Changes {
        private final List<Change> added = new ArrayList<>();
        private final List<Change> changed = new ArrayList<>();
        private final List<Change> removed = new ArrayList<>();
    }

    /** Adds to the chain what makes the pivot agree with the folds' documents. */
    static void apply(StatementChain chain, TenantId tenant, Registry registry, Collection<EntityFold> folds) {
        Map<DataType, Changes> byType = new EnumMap<>(DataType.class);
        for (EntityFold fold : folds) {
            collect(byType, registry, fold);
        }
        byType.forEach((type, changes) -> {
            Statements statements = Statements.of(type);
            if (!changes.removed.isEmpty()) {
                changes.removed.sort(byIndex(type, Change::before));
                Columns columns = new Columns(changes.removed);
                chain.update(
                        statements.delete(),
                        columns.attributeIds(),
                        columns.entityIds(),
                        keys(type, changes.removed),
                        tenant.value());
            }
            if (!changes.changed.isEmpty()) {
                changes.changed.sort(byIndex(type, Change::after));
                Columns columns = new Columns(changes.changed);
                chain.update(
                        statements.update(),
                        columns.attributeIds(),
                        columns.entityIds(),
                        keys(type, changes.changed),
                        values(type, changes.changed),
                        tenant.value());
            }
        });
        insert(chain, tenant, byType);
    }

    private static void insert(StatementChain chain, TenantId tenant, Map<DataType, Changes> byType) {
        List<Object> parameters = new ArrayList<>();
        boolean any = false;
        // In the order of the statement's parts.
        for (DataType type : List.of(DataType.NUMBER, DataType.TEXT, DataType.TS, DataType.BOOL, DataType.JSON)) {
            List<Change> added = byType.containsKey(type) ? byType.get(type).added : new ArrayList<>();
            any |= !added.isEmpty();
            added.sort(byIndex(type, Change::after));
            Columns columns = new Columns(added);
            parameters.add(tenant.value());
            parameters.add(columns.attributeIds());
            parameters.add(columns.entityIds());
            parameters.add(values(type, added));
        }
        if (any) {
            chain.update(INSERT, parameters.toArray());
        }
    }

    private static void collect(Map<DataType, Changes> byType, Registry registry, EntityFold fold) {
        Document before = fold.storedDocument();
        Document after = fold.currentDocument();
        long entityId = fold.entityId();
        after.values().forEach((id, value) -> {
            Value old = before.values().get(id);
            if (value.equals(old) || !isMaintained(registry, id)) {
                return;
            }
            if (old != null && old.dataType() == value.dataType()) {
                changes(byType, value.dataType()).changed.add(new Change(id, entityId, old, value));
                return;
            }
            if (old != null) {
                changes(byType, old.dataType()).removed.add(new Change(id, entityId, old, old));
            }
            changes(byType, value.dataType()).added.add(new Change(id, entityId, value, value));
        });
        before.values().forEach((id, value) -> {
            if (!after.values().containsKey(id) && isMaintained(registry, id)) {
                changes(byType, value.dataType()).removed.add(new Change(id, entityId, value, value));
            }
        });
    }

    private static Changes changes(Map<DataType, Changes> byType, DataType type) {
        return byType.computeIfAbsent(type, key -> new Changes());
    }

    private static boolean isMaintained(Registry registry, int attributeId) {
        return registry.find(attributeId)
                .filter(type -> type.pivotState().maintained())
                .isPresent();
    }

    private interface Side {
        Value of(Change change);
    }

    /** The order of the covering index; that of text up to code points beyond U+FFFF, which is near enough. */
    private static Comparator<Change> byIndex(DataType type, Side side) {
        Comparator<Change> byValue = switch (type) {
            case NUMBER -> Comparator.comparingDouble(change -> ((Value.NumberValue) side.of(change)).number());
            case TEXT -> Comparator.comparing(change -> ((Value.TextValue) side.of(change)).text());
            case TS -> Comparator.comparingLong(change -> ((Value.TimestampValue) side.of(change)).epochMicros());
            case BOOL -> Comparator.comparing(change -> ((Value.BoolValue) side.of(change)).bool());
            case JSON -> Comparator.comparingLong(Change::entityId);
        };
        return Comparator.comparingInt(Change::attributeId)
                .thenComparing(byValue)
                .thenComparingLong(Change::entityId);
    }

    private record Columns(List<Change> changes) {

        BinaryArray attributeIds() {
            BinaryArray array = new BinaryArray(BinaryArray.Type.INTEGER, changes.size());
            changes.forEach(change -> array.addInteger(change.attributeId()));
            return array;
        }

        BinaryArray entityIds() {
            BinaryArray array = new BinaryArray(BinaryArray.Type.BIGINT, changes.size());
            changes.forEach(change -> array.addBigint(change.entityId()));
            return array;
        }
    }

    /** The old values as the index has them, by which rows are found. */
    private static BinaryArray keys(DataType type, List<Change> changes) {
        return array(type, changes, change -> key(change.before()));
    }

    private static Value key(Value value) {
        return value instanceof Value.TextValue(String text) && text.length() > KEY_LENGTH
                ? new Value.TextValue(
                        text.codePointCount(0, text.length()) <= KEY_LENGTH
                                ? text
                                : text.substring(0, text.offsetByCodePoints(0, KEY_LENGTH)))
                : value;
    }

    private static BinaryArray values(DataType type, List<Change> changes) {
        return array(type, changes, Change::after);
    }

    private static BinaryArray array(DataType type, List<Change> changes, Side side) {
        BinaryArray array = new BinaryArray(
                switch (type) {
                    case NUMBER -> BinaryArray.Type.DOUBLE;
                    case TEXT -> BinaryArray.Type.TEXT;
                    case TS -> BinaryArray.Type.TIMESTAMP;
                    case BOOL -> BinaryArray.Type.BOOLEAN;
                    case JSON -> BinaryArray.Type.JSONB;
                },
                changes.size());
        for (Change change : changes) {
            switch (side.of(change)) {
                case Value.NumberValue(double number) -> array.addDouble(number);
                case Value.TextValue(String text) -> array.addText(text);
                case Value.TimestampValue(long micros) -> array.addTimestamp(micros);
                case Value.BoolValue(boolean bool) -> array.addBoolean(bool);
                case Value.JsonValue(String json) -> array.addJsonb(json);
            }
        }
        return array;
    }

    private static Statements statements(DataType type) {
        String column = switch (type) {
            case NUMBER -> "value_number";
            case TEXT -> "value_text";
            case TS -> "value_ts";
            case BOOL -> "value_bool";
            case JSON -> "value_jsonb";
        };
        String array = switch (type) {
            case NUMBER -> "float8[]";
            case TEXT -> "text[]";
            case TS -> "timestamptz[]";
            case BOOL -> "boolean[]";
            case JSON -> "jsonb[]";
        };
        // A row is found by its old value through the covering index; there is no other way, and none is needed.
        String isOld = switch (type) {
            case NUMBER, TS, BOOL -> "p.%s = o.old".formatted(column);
            // Cut here, not by left(): that function is not leakproof, so row-level security would keep the condition
            // away from the index, and every search would read all texts of the attribute.
            case TEXT -> "p.value_text_key = o.old COLLATE \"C\"";
            case JSON -> "p.value_jsonb IS NOT NULL";
        };
        return new Statements("""
                UPDATE entity_attribute p SET %s = o.value
                FROM unnest(?::integer[], ?::bigint[], ?::%s, ?::%s) AS o (attribute_id, entity_id, old, value)
                WHERE p.tenant_id = ? AND p.attribute_id = o.attribute_id AND p.entity_id = o.entity_id AND %s""".formatted(column, array, array, isOld), """
                DELETE FROM entity_attribute p
                USING unnest(?::integer[], ?::bigint[], ?::%s) AS o (attribute_id, entity_id, old)
                WHERE p.tenant_id = ? AND p.attribute_id = o.attribute_id AND p.entity_id = o.entity_id AND %s""".formatted(array, isOld));
    }
}
