package com.atlasco.atlas.analytics.duckdb;

import com.atlasco.atlas.analytics.change.Change;
import com.atlasco.atlas.analytics.change.ChangeOrder;
import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.Value;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * Writes net changes into the entity table: staged by appender, then moved over by set operations. The appender is
 * slow at maps, so values are staged as rows, and maps and history built from them; docs/decisions/0005 has the figures.
 * For the writer thread.
 */
final class EntityTable {

    // Of these two a row is replaced or removed.
    private static final int REPLACED = 0;
    private static final int REMOVED = 1;
    private static final int TOUCHED = 2;
    private static final int CREATED = 3;

    private final DuckDBConnection connection;

    EntityTable(DuckDBConnection connection) {
        this.connection = connection;
    }

    /** Puts the keys into the temporary table {@code wanted}. */
    void want(Collection<EntityKey> keys) throws SQLException {
        execute("CREATE OR REPLACE TEMP TABLE wanted (tenant_id BIGINT, entity_id BIGINT)");
        try (DuckDBAppender appender = connection.createAppender("temp", "main", "wanted")) {
            for (EntityKey key : keys) {
                appender.beginRow();
                appender.append(key.tenantId());
                appender.append(key.entityId());
                appender.endRow();
            }
        }
    }

    /** The orders of the rows that these entities have. */
    Map<EntityKey, ChangeOrder> orders(Collection<EntityKey> keys) throws SQLException {
        want(keys);
        Map<EntityKey, ChangeOrder> orders = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("""
                        SELECT tenant_id, entity_id, commit_lsn, commit_ordinal
                        FROM entity JOIN wanted USING (tenant_id, entity_id)
                        """)) {
            while (rows.next()) {
                orders.put(
                        new EntityKey(rows.getLong(1), rows.getLong(2)),
                        WatermarkTable.order(rows, 3).orElseThrow());
            }
        }
        return orders;
    }

    void apply(Map<EntityKey, NetChange> changes, Slots slots) throws SQLException {
        if (changes.isEmpty()) {
            return;
        }
        stage(changes, slots);
        // Looking for rows costs a scan, of a table that grows; for entities that the log says are new there is none.
        if (!changes.values().stream().allMatch(EntityTable::isCreated)) {
            execute("""
                    DELETE FROM entity USING staged
                    WHERE entity.tenant_id = staged.tenant_id AND entity.entity_id = staged.entity_id
                        AND staged.kind IN (%d, %d)
                    """.formatted(REPLACED, REMOVED));
        }
        if (changes.values().stream().anyMatch(NetChange.Touched.class::isInstance)) {
            execute("""
                    UPDATE entity
                    SET entity_type = staged.entity_type, version = staged.version, updated_at = staged.updated_at,
                        commit_lsn = staged.commit_lsn, commit_ordinal = staged.commit_ordinal
                    FROM staged
                    WHERE entity.tenant_id = staged.tenant_id AND entity.entity_id = staged.entity_id
                        AND staged.kind = 2
                    """);
        }
        insertStaged("entity", slots);
    }

    /** Stages rows of a snapshot without those that the log has brought since it began, and inserts them. */
    void insertUnseen(Map<EntityKey, NetChange> rows, Slots slots) throws SQLException {
        stage(rows, slots);
        execute("""
                DELETE FROM staged USING snapshot_seen
                WHERE staged.tenant_id = snapshot_seen.tenant_id AND staged.entity_id = snapshot_seen.entity_id
                """);
        insertStaged("entity", slots);
    }

    /** Makes a temporary table of rows without slots. */
    void makeTemporary(String table) throws SQLException {
        execute(DuckDbSchema.rows("CREATE OR REPLACE TEMP TABLE " + table));
    }

    /** Stages rows and inserts them into a table without slots. */
    void insertInto(String table, Map<EntityKey, NetChange> rows) throws SQLException {
        stage(rows, Slots.NONE);
        insertStaged(table, Slots.NONE);
    }

    private void insertStaged(String table, Slots slots) throws SQLException {
        String slotNames =
                slots.columns().stream().map(slot -> ", " + slot.column()).collect(Collectors.joining());
        execute("""
                INSERT INTO %7$s (%1$s, %2$s%3$s)
                SELECT %1$s, %2$s%3$s
                FROM staged LEFT JOIN (
                    SELECT row_number, %4$s
                    FROM staged_value
                    GROUP BY row_number
                ) USING (row_number)
                WHERE kind IN (%5$d, %6$d)
                """.formatted(
                        DuckDbSchema.ENTITY_HEAD,
                        DuckDbSchema.ENTITY_MAPS,
                        slotNames,
                        StagedValues.maps(),
                        REPLACED,
                        CREATED,
                        table));
    }

    private static boolean isCreated(NetChange change) {
        return change instanceof NetChange.Replaced replaced && replaced.created();
    }

    private void stage(Map<EntityKey, NetChange> changes, Slots slots) throws SQLException {
        String slotColumns = slots.columns().stream()
                .map(slot -> ", " + slot.column() + " " + slot.sqlType())
                .collect(Collectors.joining());
        execute("""
                CREATE OR REPLACE TEMP TABLE staged (
                    row_number INTEGER, kind TINYINT, tenant_id BIGINT, entity_id BIGINT, entity_type VARCHAR,
                    version BIGINT, updated_at TIMESTAMP, commit_lsn UBIGINT, commit_ordinal BIGINT,
                    committed_at TIMESTAMP%s)
                """.formatted(slotColumns));
        execute(StagedValues.CREATE);
        Map<Long, Map<Slot, Integer>> byTenant = attributesBySlot(slots);
        try (DuckDBAppender rows = connection.createAppender("temp", "main", "staged");
                DuckDBAppender values = connection.createAppender("temp", "main", StagedValues.TABLE)) {
            int rowNumber = 0;
            for (Map.Entry<EntityKey, NetChange> entry : changes.entrySet()) {
                rows.beginRow();
                rows.append(rowNumber);
                NetChange change = entry.getValue();
                Document document = appendHead(rows, entry.getKey(), change);
                Map<Slot, Integer> attributes =
                        byTenant.getOrDefault(entry.getKey().tenantId(), Map.of());
                // A value of another type was written before the attribute changed its type: it stays in its map.
                for (Slot slot : slots.columns()) {
                    TypedColumns.appendOne(
                            rows,
                            slot.dataType(),
                            Optional.ofNullable(attributes.get(slot)).flatMap(document::find));
                }
                rows.endRow();
                for (Map.Entry<Integer, Value> value : document.values().entrySet()) {
                    StagedValues.append(
                            values, rowNumber, value.getKey(), value.getValue(), change.recordsValue(value.getKey()));
                }
                rowNumber++;
            }
        }
    }

    /** Appends the kind and the columns up to the order; gives the document that the row is to hold. */
    private static Document appendHead(DuckDBAppender rows, EntityKey key, NetChange change) throws SQLException {
        return switch (change) {
            case NetChange.Replaced(Change.EntityUpserted last, Document document, boolean created) -> {
                appendUpserted(rows, created ? CREATED : REPLACED, last);
                yield document;
            }
            case NetChange.Touched(Change.EntityUpserted last) -> {
                appendUpserted(rows, TOUCHED, last);
                yield Document.empty();
            }
            case NetChange.Removed _ -> {
                rows.append((byte) REMOVED);
                rows.append(key.tenantId());
                rows.append(key.entityId());
                for (String _ : List.of(
                        "entity_type", "version", "updated_at", "commit_lsn", "commit_ordinal", "committed_at")) {
                    rows.appendNull();
                }
                yield Document.empty();
            }
        };
    }

    private static void appendUpserted(DuckDBAppender rows, int kind, Change.EntityUpserted last) throws SQLException {
        rows.append((byte) kind);
        rows.append(last.tenant().value());
        rows.append(last.entityId());
        rows.append(last.entityType());
        rows.append(last.version());
        rows.appendEpochMicros(Value.TimestampValue.of(last.updatedAt()).epochMicros());
        rows.append(last.order().commit().value());
        rows.append(last.order().ordinal());
        rows.appendEpochMicros(Value.TimestampValue.of(last.committedAt()).epochMicros());
    }

    private static Map<Long, Map<Slot, Integer>> attributesBySlot(Slots slots) {
        Map<Long, Map<Slot, Integer>> byTenant = new HashMap<>();
        slots.assigned()
                .forEach((attribute, slot) -> byTenant.computeIfAbsent(attribute.tenantId(), _ -> new HashMap<>())
                        .put(slot, attribute.attributeId()));
        return byTenant;
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
