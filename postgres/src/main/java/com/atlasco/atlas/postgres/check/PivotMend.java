package com.atlasco.atlas.postgres.check;

import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.Session;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Makes the pivot agree with the documents, a fault at a time and in a transaction of its own, which holds off changes of
 * what is filterable and locks the entity as every writer does. What is written is taken from the document as it is then.
 * Thread-safe.
 */
public final class PivotMend {

    private static final String HOLD_OFF_FILTERABLE_CHANGE =
            "SELECT pg_advisory_xact_lock_shared(hashtextextended('atlas.filterable', ?))";

    private static final String LOCK = "SELECT FROM entity WHERE tenant_id = ? AND entity_id = ? FOR UPDATE";

    private static final String STATE = "SELECT pivot_state FROM attr_type WHERE tenant_id = ? AND attribute_id = ?";

    private final CheckedServer primary;

    public PivotMend(CheckedServer primary) {
        this.primary = primary;
    }

    /**
     * Mends what a fault speaks of, as far as it is still there.
     *
     * @return whether the pivot agrees with the document now; false for what cannot be mended here, and while the attribute
     *     is being filled or emptied
     * @throws com.atlasco.atlas.model.AtlasException as a write
     */
    public boolean mend(TenantId tenant, PivotFault fault) {
        if (fault.kind() == PivotFault.Kind.UNREGISTERED) {
            return false;
        }
        return primary.database()
                .write(tenant, session -> mend(session, tenant, fault))
                .result();
    }

    private static boolean mend(Session session, TenantId tenant, PivotFault fault) throws SQLException {
        try (PreparedStatement statement = session.prepare(HOLD_OFF_FILTERABLE_CHANGE)) {
            statement.setLong(1, tenant.value());
            statement.execute();
        }
        try (PreparedStatement statement = session.prepare(LOCK)) {
            statement.setLong(1, tenant.value());
            statement.setLong(2, fault.entityId());
            statement.execute();
        }
        String state = state(session, tenant, fault.attributeId());
        if (state.equals("filling") || state.equals("emptying")) {
            return false;
        }
        boolean kept = state.equals("ready");
        if (fault.row().isPresent()) {
            remove(session, tenant, fault, fault.row().get(), kept);
        }
        if (kept) {
            for (DataType dataType : DataType.values()) {
                add(session, tenant, fault, PivotColumn.of(dataType));
            }
        }
        return true;
    }

    private static String state(Session session, TenantId tenant, int attributeId) throws SQLException {
        try (PreparedStatement statement = session.prepare(STATE)) {
            statement.setLong(1, tenant.value());
            statement.setInt(2, attributeId);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) : "none";
            }
        }
    }

    private static void remove(Session session, TenantId tenant, PivotFault fault, PivotFault.Row row, boolean kept)
            throws SQLException {
        PivotColumn column = PivotColumn.of(row.dataType());
        Optional<String> key = Optional.of(row.key()).filter(text -> column.keyed());
        // Of the rows of one key all go but one that has the document's value. An entity that is gone cannot be locked,
        // but it
        // and its rows come in one transaction, so in one statement's view either both are there or neither.
        String sql = """
            WITH stored AS MATERIALIZED (
                SELECT %1$s AS value FROM (
                    SELECT e.document -> ?::text AS stored FROM entity e
                    WHERE e.tenant_id = ? AND e.entity_id = ? AND ?) x),
            found AS MATERIALIZED (
                SELECT p.ctid AS place, p.%2$s = (SELECT value FROM stored) AS accounted,
                    row_number() OVER (PARTITION BY p.%2$s) AS nth
                FROM entity_attribute p
                WHERE p.tenant_id = ? AND p.attribute_id = ? AND p.entity_id = ? AND %3$s)
            DELETE FROM entity_attribute p
            WHERE p.tenant_id = ? AND p.attribute_id = ?
                AND p.ctid = ANY (ARRAY(SELECT place FROM found WHERE accounted IS NOT TRUE OR nth > 1))""".formatted(column.typedOrNull("x.stored"), column.column(), column.rowHasKey());
        try (PreparedStatement statement = session.prepare(sql)) {
            int index = 1;
            statement.setString(index++, Integer.toString(fault.attributeId()));
            statement.setLong(index++, tenant.value());
            statement.setLong(index++, fault.entityId());
            statement.setBoolean(index++, kept);
            statement.setLong(index++, tenant.value());
            statement.setInt(index++, fault.attributeId());
            statement.setLong(index++, fault.entityId());
            if (key.isPresent()) {
                statement.setString(index++, key.get());
            }
            statement.setLong(index++, tenant.value());
            statement.setInt(index, fault.attributeId());
            statement.executeUpdate();
        }
    }

    private static void add(Session session, TenantId tenant, PivotFault fault, PivotColumn column)
            throws SQLException {
        String value = column.typed("x.stored");
        String sql = """
            INSERT INTO entity_attribute (tenant_id, attribute_id, entity_id, %1$s)
            SELECT x.tenant_id, x.attribute_id, x.entity_id, %2$s
            FROM (SELECT e.tenant_id, ?::integer AS attribute_id, e.entity_id, e.document -> ?::text AS stored
                  FROM entity e WHERE e.tenant_id = ? AND e.entity_id = ?
                  OFFSET 0) x
            WHERE CASE WHEN x.stored IS NOT NULL AND %3$s
                THEN 0 = (SELECT count(*) FROM entity_attribute p
                          WHERE p.tenant_id = x.tenant_id AND p.attribute_id = x.attribute_id
                              AND p.entity_id = x.entity_id AND %4$s)
                ELSE false END""".formatted(column.column(), value, column.isOfType("x.stored"), column.rowHas(value));
        try (PreparedStatement statement = session.prepare(sql)) {
            statement.setInt(1, fault.attributeId());
            statement.setString(2, Integer.toString(fault.attributeId()));
            statement.setLong(3, tenant.value());
            statement.setLong(4, fault.entityId());
            statement.executeUpdate();
        }
    }
}
