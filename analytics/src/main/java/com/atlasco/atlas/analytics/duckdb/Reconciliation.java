package com.atlasco.atlas.analytics.duckdb;

import com.atlasco.atlas.analytics.change.ChangeOrder;
import com.atlasco.atlas.analytics.snapshot.SnapshotScope;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.model.Value;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Map;
import org.duckdb.DuckDBConnection;

/**
 * Makes the entity table say what a table of rows from the primary says, and notes in the history what differed. Rows that
 * are the same are left alone. In the caller's transaction, for the writer thread.
 */
final class Reconciliation {

    /** The rows of a snapshot that wait for its end. */
    static final String PUT_ASIDE = "snapshot_row";

    /** Those of a correction, a temporary table. */
    static final String CORRECTED = "corrected";

    static final String ROW_COLUMNS = DuckDbSchema.ENTITY_HEAD + ", " + DuckDbSchema.ENTITY_MAPS;

    private static final String SAME_ENTITY = "%1$s.tenant_id = %2$s.tenant_id AND %1$s.entity_id = %2$s.entity_id";

    private final DuckDBConnection connection;
    private final String fresh;
    private final String concerned;

    private Reconciliation(DuckDBConnection connection, String fresh, String concerned) {
        this.connection = connection;
        this.fresh = fresh;
        this.concerned = concerned;
    }

    /** Of a snapshot whose rows were put aside: without the entities that the log has brought meanwhile. */
    static Reconciliation ofSnapshot(DuckDBConnection connection, SnapshotScope scope) {
        String tenant = switch (scope) {
            case SnapshotScope.Everything _ -> "TRUE";
            case SnapshotScope.OneTenant(TenantId one) -> "r.tenant_id = " + one.value();
        };
        return new Reconciliation(
                connection,
                PUT_ASIDE,
                tenant + " AND NOT EXISTS (SELECT 1 FROM snapshot_seen s WHERE " + SAME_ENTITY.formatted("s", "r")
                        + ")");
    }

    /** Of the entities in the temporary table {@code wanted}. */
    static Reconciliation ofWanted(DuckDBConnection connection) {
        return new Reconciliation(
                connection, CORRECTED, "EXISTS (SELECT 1 FROM wanted w WHERE " + SAME_ENTITY.formatted("w", "r") + ")");
    }

    /**
     * Runs it.
     *
     * @param order of the rows that are put in, above all that was applied and below all that comes
     * @param at when the primary was asked
     * @return how many entities differed
     */
    long run(ChangeOrder order, Instant at, boolean keepsHistory) throws SQLException {
        compare();
        long differing = count();
        if (differing == 0) {
            return 0;
        }
        if (keepsHistory) {
            recordHistory(order, at);
        }
        execute("DELETE FROM entity USING differing d WHERE " + SAME_ENTITY.formatted("entity", "d"));
        try (PreparedStatement statement = connection.prepareStatement("""
                INSERT INTO entity (%1$s, %2$s)
                SELECT r.tenant_id, r.entity_id, r.entity_type, r.version, r.updated_at, CAST(? AS UBIGINT), ?, %2$s
                FROM %3$s r JOIN differing d ON %4$s
                """.formatted(
                        DuckDbSchema.ENTITY_HEAD, DuckDbSchema.ENTITY_MAPS, fresh, SAME_ENTITY.formatted("r", "d")))) {
            bind(statement, 1, order);
            statement.executeUpdate();
        }
        return differing;
    }

    /** Which entities differ, and whether they are there now. Entries of maps have no order to go by. */
    private void compare() throws SQLException {
        String compared = """
                SELECT tenant_id, entity_id, entity_type, version, updated_at, count(*) OVER (PARTITION BY tenant_id, entity_id) AS
                    copies,
                    list_sort(map_entries(numbers)) AS numbers, list_sort(map_entries(texts)) AS texts,
                    list_sort(map_entries(timestamps)) AS timestamps, list_sort(map_entries(booleans)) AS booleans,
                    list_sort(map_entries(jsons)) AS jsons
                FROM %s r WHERE %s
                """;
        execute("""
                CREATE OR REPLACE TEMP TABLE differing AS
                WITH stored AS (%s), given AS (%s), compared AS (
                    SELECT coalesce(s.tenant_id, g.tenant_id) AS tenant_id, coalesce(s.entity_id, g.entity_id) AS entity_id,
                        g.entity_id IS NOT NULL AS is_now,
                        s.entity_type IS DISTINCT FROM g.entity_type OR s.version IS DISTINCT FROM g.version
                            OR s.updated_at IS DISTINCT FROM g.updated_at AS other_head
                    FROM stored s FULL JOIN given g ON %s
                    WHERE other_head OR s.copies > 1 OR s.numbers IS DISTINCT FROM g.numbers
                        OR s.texts IS DISTINCT FROM g.texts OR s.timestamps IS DISTINCT FROM g.timestamps
                        OR s.booleans IS DISTINCT FROM g.booleans OR s.jsons IS DISTINCT FROM g.jsons
                )
                SELECT tenant_id, entity_id, bool_or(is_now) AS is_now, bool_or(other_head) AS other_head
                FROM compared GROUP BY tenant_id, entity_id
                """.formatted(
                        compared.formatted("entity", concerned),
                        compared.formatted(fresh, concerned),
                        SAME_ENTITY.formatted("s", "g")));
    }

    private long count() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT count(DISTINCT (tenant_id, entity_id)) FROM differing")) {
            row.next();
            return row.getLong(1);
        }
    }

    private void recordHistory(ChangeOrder order, Instant at) throws SQLException {
        // What the history says is what it has to be told the difference to, whatever the table says.
        execute("""
                CREATE OR REPLACE TEMP TABLE past AS
                SELECT h.*, {'lsn': commit_lsn, 'ordinal': commit_ordinal} AS place
                FROM history h JOIN differing d ON %s
                """.formatted(SAME_ENTITY.formatted("h", "d")));
        execute("""
                CREATE OR REPLACE TEMP TABLE existed AS
                SELECT tenant_id, entity_id, max(place) FILTER (attribute_id IS NULL AND removed) AS deleted
                FROM past GROUP BY tenant_id, entity_id HAVING deleted IS NULL OR max(place) > deleted
                """);
        execute("""
                CREATE OR REPLACE TEMP TABLE stored_value AS
                SELECT tenant_id, entity_id, attribute_id, value.value_number AS value_number, value.value_text AS value_text,
                    value.value_ts AS value_ts, value.value_bool AS value_bool, value.value_json AS value_json
                FROM (
                    SELECT tenant_id, entity_id, attribute_id, max(place) AS place, max_by({
                        'removed': removed, 'value_number': value_number, 'value_text': value_text, 'value_ts': value_ts,
                        'value_bool': value_bool, 'value_json': value_json}, place) AS value
                    FROM past WHERE attribute_id IS NOT NULL GROUP BY tenant_id, entity_id, attribute_id
                ) latest JOIN existed USING (tenant_id, entity_id)
                WHERE NOT value.removed AND (deleted IS NULL OR latest.place > deleted)
                """);
        execute("CREATE OR REPLACE TEMP TABLE given_value AS " + values(fresh, "d.is_now"));
        record(order, at, """
                SELECT tenant_id, entity_id, CAST(NULL AS INTEGER), CAST(NULL AS VARCHAR), CAST(NULL AS BIGINT), %s,
                    CAST(NULL AS TIMESTAMP), TRUE, NULL, NULL, NULL, NULL, NULL
                FROM differing JOIN existed USING (tenant_id, entity_id) WHERE NOT is_now
                """);
        record(order, at, """
                SELECT r.tenant_id, r.entity_id, CAST(NULL AS INTEGER), r.entity_type, r.version, %%s, r.updated_at, FALSE,
                    NULL, NULL, NULL, NULL, NULL
                FROM differing d JOIN %1$s r ON %2$s
                WHERE d.is_now AND d.other_head
                """.formatted(fresh, SAME_ENTITY.formatted("d", "r")));
        record(order, at, """
                SELECT r.tenant_id, r.entity_id, v.attribute_id, r.entity_type, r.version, %%s, r.updated_at, TRUE,
                    NULL, NULL, NULL, NULL, NULL
                FROM (SELECT tenant_id, entity_id, attribute_id FROM stored_value
                    EXCEPT SELECT tenant_id, entity_id, attribute_id FROM given_value) v
                JOIN %1$s r ON %2$s
                """.formatted(fresh, SAME_ENTITY.formatted("v", "r")));
        record(order, at, """
                SELECT r.tenant_id, r.entity_id, v.attribute_id, r.entity_type, r.version, %%s, r.updated_at, FALSE,
                    v.value_number, v.value_text, v.value_ts, v.value_bool, v.value_json
                FROM (SELECT * FROM given_value EXCEPT SELECT * FROM stored_value) v
                JOIN %1$s r ON %2$s
                """.formatted(fresh, SAME_ENTITY.formatted("v", "r")));
    }

    /** Inserts into the history; the place of the selection's only format takes the commit's order and time. */
    private void record(ChangeOrder order, Instant at, String selection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("INSERT INTO history "
                + selection.formatted("CAST(? AS UBIGINT), CAST(? AS BIGINT), make_timestamp(CAST(? AS BIGINT))"))) {
            bind(statement, 1, order);
            statement.setLong(3, Value.TimestampValue.of(at).epochMicros());
            statement.executeUpdate();
        }
    }

    /** The values of the entities that differ, a row each, in the columns of the history. */
    private static String values(String table, String which) {
        return String.join(
                " UNION ALL ",
                values(
                        table,
                        which,
                        "numbers",
                        "x.value AS value_number, CAST(NULL AS VARCHAR) AS value_text, CAST(NULL AS TIMESTAMP) AS value_ts,"
                                + " CAST(NULL AS BOOLEAN) AS value_bool, CAST(NULL AS VARCHAR) AS value_json"),
                values(table, which, "texts", "NULL, x.value, NULL, NULL, NULL"),
                values(table, which, "timestamps", "NULL, NULL, make_timestamp(x.value), NULL, NULL"),
                values(table, which, "booleans", "NULL, NULL, NULL, x.value, NULL"),
                values(table, which, "jsons", "NULL, NULL, NULL, NULL, x.value"));
    }

    private static String values(String table, String which, String map, String columns) {
        return """
                SELECT x.tenant_id, x.entity_id, x.attribute_id, %4$s
                FROM (
                    SELECT r.tenant_id, r.entity_id, unnest(map_keys(%3$s)) AS attribute_id, unnest(map_values(%3$s)) AS value
                    FROM %1$s r JOIN differing d ON %5$s AND %2$s
                ) x (tenant_id, entity_id, attribute_id, value)
                """.formatted(table, which, map, columns, SAME_ENTITY.formatted("r", "d"));
    }

    /** Makes the slots of the concerned entities say what the maps say, wherever they do not. */
    void alignSlots(Slots slots) throws SQLException {
        for (Map.Entry<AttributeKey, Slot> entry : slots.assigned().entrySet()) {
            AttributeKey key = entry.getKey();
            Slot slot = entry.getValue();
            String value = PropertyColumns.mapEntry(slot.dataType(), key.attributeId());
            try (PreparedStatement statement = connection.prepareStatement("UPDATE entity AS r SET " + slot.column()
                    + " = " + value + " WHERE tenant_id = ? AND " + slot.column() + " IS DISTINCT FROM " + value
                    + " AND " + concerned)) {
                statement.setLong(1, key.tenantId());
                statement.executeUpdate();
            }
        }
    }

    private static void bind(PreparedStatement statement, int index, ChangeOrder order) throws SQLException {
        statement.setObject(index, WatermarkTable.unsigned(order.commit()));
        statement.setLong(index + 1, order.ordinal());
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
