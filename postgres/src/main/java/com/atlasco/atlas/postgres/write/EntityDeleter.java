package com.atlasco.atlas.postgres.write;

import com.atlasco.atlas.model.DocumentCodec;
import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.Registry;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.Database;
import com.atlasco.atlas.postgres.Session;
import com.atlasco.atlas.postgres.registry.AttributeRegistry;
import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.query.interpret.FilterInterpreter;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Deletes entities that a filter keeps, looking again under the lock. Thread-safe. */
public final class EntityDeleter {

    private static final String LOCK = """
            SELECT entity_id, entity_type, version, document, updated_at
            FROM entity WHERE tenant_id = ? AND entity_id = ANY (?)
            ORDER BY entity_id FOR UPDATE""";

    private final Database primary;
    private final AttributeRegistry registry;

    public EntityDeleter(Database primary, AttributeRegistry registry) {
        this.primary = primary;
        this.registry = registry;
    }

    /**
     * What a transaction deleted.
     *
     * @param position a source that contains it contains the deletion
     */
    public record Deletion(int deleted, Position position) {}

    /**
     * Deletes, in one transaction, those of these entities that are there and that the filter keeps now, whatever they
     * were when they were found; durable when this returns.
     *
     * @throws com.atlasco.atlas.model.AtlasException as {@link EntityWriter#write}
     */
    public Deletion delete(TenantId tenant, Filter filter, List<Long> entityIds) {
        return primary.transaction(
                tenant,
                session -> {
                    Registry types = registry.beginWrite(session, tenant);
                    List<EntityFold> folds = lockMatching(session, tenant, filter, entityIds);
                    EntityTable.delete(session, tenant, folds);
                    PivotTable.apply(session, tenant, types, folds);
                    return folds.size();
                },
                (session, deleted) -> new Deletion(deleted, session.flushedPosition()));
    }

    private static List<EntityFold> lockMatching(Session session, TenantId tenant, Filter filter, List<Long> entityIds)
            throws SQLException {
        List<EntityFold> folds = new ArrayList<>();
        try (PreparedStatement statement = session.prepare(LOCK)) {
            statement.setLong(1, tenant.value());
            EntityTable.setArray(statement, 2, "int8", entityIds, id -> id);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    Entity entity = new Entity(
                            rows.getLong(1),
                            rows.getString(2),
                            rows.getLong(3),
                            DocumentCodec.decode(rows.getString(4)),
                            rows.getObject(5, OffsetDateTime.class).toInstant());
                    if (FilterInterpreter.matches(filter, entity)) {
                        folds.add(EntityFold.of(
                                entity.entityId(),
                                Optional.of(new StoredEntity(entity.entityType(), entity.version(), entity.document())),
                                List.of(new EntityWrite.Delete(entity.entityId()))));
                    }
                }
            }
        }
        return folds;
    }
}
