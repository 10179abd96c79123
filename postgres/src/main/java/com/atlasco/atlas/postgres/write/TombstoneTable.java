package com.atlasco.atlas.postgres.write;

import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.BinaryArray;
import com.atlasco.atlas.postgres.StatementChain;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/** The SQL that remembers the last versions of entities that are gone. */
final class TombstoneTable {

    private static final String FIND = """
            SELECT t.entity_id, t.version
            FROM unnest(?::bigint[]) AS i (entity_id)
            CROSS JOIN LATERAL (
                SELECT entity_id, version FROM entity_tombstone
                WHERE tenant_id = ? AND entity_id = i.entity_id OFFSET 0) t""";

    private static final String BURY = """
            INSERT INTO entity_tombstone AS t (tenant_id, entity_id, version)
            SELECT ?, n.entity_id, n.version FROM unnest(?::bigint[], ?::bigint[]) AS n (entity_id, version)
            ON CONFLICT (tenant_id, entity_id) DO UPDATE SET version = greatest(t.version, excluded.version)""";

    // Takes the id for this transaction, as any other writer that creates the entity does.
    private static final String TAKE = """
            INSERT INTO entity (tenant_id, entity_id, entity_type, version, document, changed_attributes, updated_at)
            SELECT ?, n.entity_id, '', n.version, '{}', '{}', now()
            FROM unnest(?::bigint[], ?::bigint[]) AS n (entity_id, version)
            ON CONFLICT DO NOTHING""";

    private TombstoneTable() {}

    /** Adds a statement that reads the last versions of those that were there once. */
    static void find(StatementChain chain, TenantId tenant, List<EntityFold> folds, Map<Long, Long> versions) {
        if (!folds.isEmpty()) {
            chain.query(FIND, rows -> read(rows, versions), ids(folds), tenant.value());
        }
    }

    private static void read(ResultSet rows, Map<Long, Long> versions) throws SQLException {
        while (rows.next()) {
            versions.put(rows.getLong(1), rows.getLong(2));
        }
    }

    /** Adds a statement that remembers the last version of each. */
    static void bury(StatementChain chain, TenantId tenant, List<EntityFold> gone) {
        if (!gone.isEmpty()) {
            chain.update(BURY, tenant.value(), ids(gone), versions(gone));
        }
    }

    /**
     * Adds a statement that makes sure that nobody else creates these until the transaction ends.
     *
     * @param count told how many are held; somebody else has created the others
     */
    static void take(StatementChain chain, TenantId tenant, List<EntityFold> passing, IntConsumer count) {
        if (!passing.isEmpty()) {
            chain.update(TAKE, count, tenant.value(), ids(passing), versions(passing));
        }
    }

    private static BinaryArray ids(List<EntityFold> folds) {
        BinaryArray ids = new BinaryArray(BinaryArray.Type.BIGINT, folds.size());
        folds.forEach(fold -> ids.addBigint(fold.entityId()));
        return ids;
    }

    private static BinaryArray versions(List<EntityFold> folds) {
        BinaryArray versions = new BinaryArray(BinaryArray.Type.BIGINT, folds.size());
        folds.forEach(fold -> versions.addBigint(fold.lastVersion()));
        return versions;
    }
}
