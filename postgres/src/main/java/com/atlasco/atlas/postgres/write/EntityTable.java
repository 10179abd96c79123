package com.atlasco.atlas.postgres.write;

import com.atlasco.atlas.model.DocumentCodec;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.Session;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The SQL that changes the table of entities. */
final class EntityTable {

    // Locks in the order of entity_id, as every writer does, so that writers wait for each other and not in a circle.
    // Citus refuses a SELECT … FOR UPDATE of many shards: there, a multi-row UPDATE … RETURNING takes the locks
    // instead.
    private static final String LOCK = """
            SELECT entity_id, entity_type, version, document
            FROM entity WHERE tenant_id = ? AND entity_id = ANY (?)
            ORDER BY entity_id FOR UPDATE""";

    private static final String INSERT = """
            INSERT INTO entity (tenant_id, entity_id, entity_type, version, document, changed_attributes, updated_at)
            SELECT ?, n.entity_id, n.entity_type, n.version, n.document::jsonb, n.changed::integer[], now()
            FROM unnest(?::bigint[], ?::text[], ?::bigint[], ?::text[], ?::text[])
                AS n (entity_id, entity_type, version, document, changed)
            ORDER BY n.entity_id
            ON CONFLICT DO NOTHING
            RETURNING entity_id""";

    private static final String UPDATE = """
            UPDATE entity e
            SET entity_type = n.entity_type, version = n.version, document = n.document::jsonb,
                changed_attributes = n.changed::integer[], updated_at = now()
            FROM unnest(?::bigint[], ?::text[], ?::bigint[], ?::text[], ?::text[])
                AS n (entity_id, entity_type, version, document, changed)
            WHERE e.tenant_id = ? AND e.entity_id = n.entity_id""";

    private static final String DELETE = "DELETE FROM entity WHERE tenant_id = ? AND entity_id = ANY (?)";

    private static final String GIVE_OUT = "SELECT nextval('entity_id_seq') FROM generate_series(1, ?)";

    private EntityTable() {}

    /** The rows of these ids that are there, locked until the transaction ends. */
    static Map<Long, StoredEntity> lock(Session session, TenantId tenant, Collection<Long> ids) throws SQLException {
        Map<Long, StoredEntity> stored = new HashMap<>();
        if (ids.isEmpty()) {
            return stored;
        }
        try (PreparedStatement statement = session.prepare(LOCK)) {
            statement.setLong(1, tenant.value());
            setArray(statement, 2, "int8", List.copyOf(ids), id -> id);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    stored.put(
                            rows.getLong(1),
                            new StoredEntity(
                                    rows.getString(2), rows.getLong(3), DocumentCodec.decode(rows.getString(4))));
                }
            }
        }
        return stored;
    }

    /** Inserts rows and says which ids are new; the others have been created by somebody else meanwhile. */
    static Set<Long> insert(Session session, TenantId tenant, List<EntityFold> folds) throws SQLException {
        Set<Long> inserted = new HashSet<>();
        if (folds.isEmpty()) {
            return inserted;
        }
        try (PreparedStatement statement = session.prepare(INSERT)) {
            statement.setLong(1, tenant.value());
            setRows(statement, 2, folds);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    inserted.add(rows.getLong(1));
                }
            }
        }
        return inserted;
    }

    static void update(Session session, TenantId tenant, List<EntityFold> folds) throws SQLException {
        if (folds.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = session.prepare(UPDATE)) {
            setRows(statement, 1, folds);
            statement.setLong(6, tenant.value());
            statement.executeUpdate();
        }
    }

    static void delete(Session session, TenantId tenant, List<EntityFold> folds) throws SQLException {
        if (folds.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = session.prepare(DELETE)) {
            statement.setLong(1, tenant.value());
            setArray(statement, 2, "int8", folds, EntityFold::entityId);
            statement.executeUpdate();
        }
    }

    /** Ids that nobody has been given before; somebody may have brought them along. */
    static List<Long> giveOutIds(Session session, int count) throws SQLException {
        Long[] ids = new Long[count];
        if (count > 0) {
            try (PreparedStatement statement = session.prepare(GIVE_OUT)) {
                statement.setInt(1, count);
                try (ResultSet rows = statement.executeQuery()) {
                    for (int i = 0; rows.next(); i++) {
                        ids[i] = rows.getLong(1);
                    }
                }
            }
        }
        return List.of(ids);
    }

    private static void setRows(PreparedStatement statement, int first, List<EntityFold> folds) throws SQLException {
        setArray(statement, first, "int8", folds, EntityFold::entityId);
        setArray(statement, first + 1, "text", folds, fold -> written(fold).entityType());
        setArray(statement, first + 2, "int8", folds, fold -> written(fold).version());
        setArray(
                statement,
                first + 3,
                "text",
                folds,
                fold -> DocumentCodec.encode(written(fold).document()));
        // An array of arrays must be rectangular, and these are not.
        setArray(
                statement,
                first + 4,
                "text",
                folds,
                fold -> fold.changedAttributes().toString().replace('[', '{').replace(']', '}'));
    }

    private static StoredEntity written(EntityFold fold) {
        return fold.current().orElseThrow();
    }

    static <T> void setArray(
            PreparedStatement statement, int index, String type, List<T> items, Function<T, Object> element)
            throws SQLException {
        Object[] elements = items.stream().map(element).toArray();
        statement.setArray(index, statement.getConnection().createArrayOf(type, elements));
    }
}
