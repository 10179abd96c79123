package com.atlasco.atlas.postgres.write;

import com.atlasco.atlas.model.DocumentCodec;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.BinaryArray;
import com.atlasco.atlas.postgres.StatementChain;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/** The SQL that changes the table of entities. */
final class EntityTable {

    // Each id is looked up by itself and in its own partition: before a table has statistics the planner would rather
    // read the tenant's rows, all of them (measured: 0.9 s a batch in place of 0.1 s after 8,000 entities). The ids
    // come in ascending order, and rows are locked in that order by every writer, so that writers wait for each other
    // and not in a circle. Citus refuses both LATERAL … OFFSET 0 and a SELECT … FOR UPDATE of many shards: there, a
    // multi-row UPDATE … RETURNING takes the locks instead.
    private static final String LOCK = """
            SELECT e.entity_id, e.entity_type, e.version, e.document
            FROM unnest(?::bigint[]) AS i (entity_id)
            CROSS JOIN LATERAL (
                SELECT entity_id, entity_type, version, document
                FROM entity WHERE tenant_id = ? AND entity_id = i.entity_id FOR UPDATE) e""";

    private static final String INSERT = """
            INSERT INTO entity (tenant_id, entity_id, entity_type, version, document, changed_attributes, updated_at)
            SELECT ?, n.entity_id, n.entity_type, n.version, n.document, n.changed::integer[], now()
            FROM unnest(?::bigint[], ?::text[], ?::bigint[], ?::jsonb[], ?::text[])
                AS n (entity_id, entity_type, version, document, changed)
            ON CONFLICT DO NOTHING""";

    private static final String UPDATE = """
            UPDATE entity e
            SET entity_type = n.entity_type, version = n.version, document = n.document,
                changed_attributes = n.changed::integer[], updated_at = now()
            FROM unnest(?::bigint[], ?::text[], ?::bigint[], ?::jsonb[], ?::text[])
                AS n (entity_id, entity_type, version, document, changed)
            WHERE e.tenant_id = ? AND e.entity_id = n.entity_id""";

    private static final String DELETE = """
            DELETE FROM entity e USING unnest(?::bigint[]) AS o (entity_id)
            WHERE e.tenant_id = ? AND e.entity_id = o.entity_id""";

    private EntityTable() {}

    /** Adds a statement that locks the rows of these ids that are there, until the transaction ends, and reads them. */
    static void lock(StatementChain chain, TenantId tenant, Collection<Long> ids, Map<Long, StoredEntity> stored) {
        BinaryArray array = new BinaryArray(BinaryArray.Type.BIGINT, ids.size());
        ids.stream().sorted().forEach(array::addBigint);
        chain.query(LOCK, rows -> read(rows, stored), array, tenant.value());
    }

    private static void read(ResultSet rows, Map<Long, StoredEntity> stored) throws SQLException {
        while (rows.next()) {
            stored.put(
                    rows.getLong(1),
                    new StoredEntity(rows.getString(2), rows.getLong(3), DocumentCodec.decode(rows.getString(4))));
        }
    }

    /**
     * Adds a statement that inserts rows.
     *
     * @param folds in ascending order of entity_id, in which they are locked
     * @param count told how many of them are new; the others have been created by somebody else meanwhile
     */
    static void insert(StatementChain chain, TenantId tenant, List<EntityFold> folds, IntConsumer count) {
        if (!folds.isEmpty()) {
            Columns rows = new Columns(folds);
            chain.update(
                    INSERT,
                    count,
                    tenant.value(),
                    rows.entityIds,
                    rows.entityTypes,
                    rows.versions,
                    rows.documents,
                    rows.changed);
        }
    }

    static void update(StatementChain chain, TenantId tenant, List<EntityFold> folds) {
        if (!folds.isEmpty()) {
            Columns rows = new Columns(folds);
            chain.update(
                    UPDATE,
                    rows.entityIds,
                    rows.entityTypes,
                    rows.versions,
                    rows.documents,
                    rows.changed,
                    tenant.value());
        }
    }

    static void delete(StatementChain chain, TenantId tenant, List<EntityFold> folds) {
        if (!folds.isEmpty()) {
            BinaryArray ids = new BinaryArray(BinaryArray.Type.BIGINT, folds.size());
            folds.forEach(fold -> ids.addBigint(fold.entityId()));
            chain.update(DELETE, ids, tenant.value());
        }
    }

    private static final class Columns {

        private final BinaryArray entityIds;
        private final BinaryArray entityTypes;
        private final BinaryArray versions;
        private final BinaryArray documents;
        private final BinaryArray changed;

        Columns(List<EntityFold> folds) {
            entityIds = new BinaryArray(BinaryArray.Type.BIGINT, folds.size());
            entityTypes = new BinaryArray(BinaryArray.Type.TEXT, folds.size());
            versions = new BinaryArray(BinaryArray.Type.BIGINT, folds.size());
            documents = new BinaryArray(BinaryArray.Type.JSONB, folds.size());
            // As text: an array of arrays must be rectangular, and these are not.
            changed = new BinaryArray(BinaryArray.Type.TEXT, folds.size());
            for (EntityFold fold : folds) {
                StoredEntity entity = fold.current().orElseThrow();
                entityIds.addBigint(fold.entityId());
                entityTypes.addText(entity.entityType());
                versions.addBigint(entity.version());
                documents.addJsonb(DocumentCodec.encode(entity.document()));
                changed.addText(
                        fold.changedAttributes().toString().replace('[', '{').replace(']', '}'));
            }
        }
    }
}
