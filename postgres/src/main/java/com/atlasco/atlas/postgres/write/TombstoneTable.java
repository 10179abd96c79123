package com.atlasco.atlas.postgres.write;

import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.Session;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The SQL that remembers the last versions of entities that are gone. */
final class TombstoneTable {

    private static final String FIND =
            "SELECT entity_id, version FROM entity_tombstone WHERE tenant_id = ? AND entity_id = ANY (?)";

    private static final String BURY = """
            INSERT INTO entity_tombstone AS t (tenant_id, entity_id, version)
            SELECT ?, n.entity_id, n.version FROM unnest(?::bigint[], ?::bigint[]) AS n (entity_id, version)
            ON CONFLICT (tenant_id, entity_id) DO UPDATE SET version = greatest(t.version, excluded.version)""";

    // Takes the id for this transaction, as any other writer that creates the entity does.
    private static final String TAKE = """
            WITH taken AS (
                INSERT INTO entity (tenant_id, entity_id, entity_type, version, document, changed_attributes, updated_at)
                SELECT ?, n.entity_id, '', n.version, '{}', '{}', now()
                FROM unnest(?::bigint[], ?::bigint[]) AS n (entity_id, version)
                ON CONFLICT DO NOTHING
                RETURNING 1)
            SELECT count(*) FROM taken""";

    private TombstoneTable() {}

    /** The last versions of those that were there once; to be asked when their ids are held by this transaction. */
    static Map<Long, Long> find(Session session, TenantId tenant, Collection<Long> ids) throws SQLException {
        Map<Long, Long> versions = new HashMap<>();
        if (ids.isEmpty()) {
            return versions;
        }
        try (PreparedStatement statement = session.prepare(FIND)) {
            statement.setLong(1, tenant.value());
            EntityTable.setArray(statement, 2, "int8", List.copyOf(ids), id -> id);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    versions.put(rows.getLong(1), rows.getLong(2));
                }
            }
        }
        return versions;
    }

    /** Remembers the last version of each. */
    static void bury(Session session, TenantId tenant, List<EntityFold> gone) throws SQLException {
        if (gone.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = session.prepare(BURY)) {
            set(statement, tenant, gone);
            statement.executeUpdate();
        }
    }

    /** Makes sure that nobody else creates these until the transaction ends; false when somebody has. */
    static boolean take(Session session, TenantId tenant, List<EntityFold> passing) throws SQLException {
        if (passing.isEmpty()) {
            return true;
        }
        try (PreparedStatement statement = session.prepare(TAKE)) {
            set(statement, tenant, passing);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1) == passing.size();
            }
        }
    }

    private static void set(PreparedStatement statement, TenantId tenant, List<EntityFold> folds) throws SQLException {
        List<EntityFold> sorted = folds.stream()
                .sorted(Comparator.comparingLong(EntityFold::entityId))
                .toList();
        statement.setLong(1, tenant.value());
        EntityTable.setArray(statement, 2, "int8", sorted, EntityFold::entityId);
        EntityTable.setArray(statement, 3, "int8", sorted, EntityFold::lastVersion);
    }
}
