package com.atlasco.atlas.postgres.write;

import com.atlasco.atlas.model.DocumentCodec;
import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.Registry;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.BinaryArray;
import com.atlasco.atlas.postgres.Database;
import com.atlasco.atlas.postgres.StatementChain;
import com.atlasco.atlas.postgres.registry.AttributeRegistry;
import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.query.interpret.FilterInterpreter;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Deletes entities that a filter keeps, looking again under the lock. Thread-safe. */
public final class EntityDeleter {

    // As EntityTable does it.
    private static final String LOCK = """
            SELECT e.entity_id, e.entity_type, e.version, e.document, e.updated_at
            FROM unnest(?::bigint[]) AS i (entity_id)
            CROSS JOIN LATERAL (
                SELECT entity_id, entity_type, version, document, updated_at
                FROM entity WHERE tenant_id = ? AND entity_id = i.entity_id FOR UPDATE) e""";

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
        Database.Committed<Integer> deleted = primary.write(tenant, session -> {
            List<EntityFold> folds = new ArrayList<>();
            StatementChain opening = new StatementChain();
            AttributeRegistry.WriteTicket ticket = registry.beginWrite(opening, tenant);
            lockMatching(opening, tenant, filter, entityIds, folds);
            opening.run(session);
            StatementChain chain = new StatementChain();
            EntityTable.delete(chain, tenant, folds);
            TombstoneTable.bury(chain, tenant, folds);
            PivotTable.apply(chain, tenant, ticket.registry(session), folds);
            chain.run(session);
            return folds.size();
        });
        return new Deletion(deleted.result(), deleted.position());
    }

    private static void lockMatching(
            StatementChain chain, TenantId tenant, Filter filter, List<Long> entityIds, List<EntityFold> folds) {
        BinaryArray ids = new BinaryArray(BinaryArray.Type.BIGINT, entityIds.size());
        entityIds.stream().sorted().forEach(ids::addBigint);
        Allowance allowance = new Allowance(WriteLimits.none());
        chain.query(
                LOCK,
                rows -> {
                    while (rows.next()) {
                        Entity entity = new Entity(
                                rows.getLong(1),
                                rows.getString(2),
                                rows.getLong(3),
                                DocumentCodec.decode(rows.getString(4)),
                                rows.getObject(5, OffsetDateTime.class).toInstant());
                        if (FilterInterpreter.matches(filter, entity)) {
                            folds.add(deleted(entity, allowance));
                        }
                    }
                },
                ids,
                tenant.value());
    }

    private static EntityFold deleted(Entity entity, Allowance allowance) {
        StoredEntity stored = new StoredEntity(entity.entityType(), entity.version(), entity.document());
        EntityFold fold = new EntityFold(
                Registry.empty(),
                entity.entityId(),
                Optional.of(stored),
                0,
                allowance,
                WriteSettings.DEFAULT_MAX_ENTITY_BYTES);
        fold.apply(WriteRequest.of(new EntityWrite.Delete(entity.entityId())));
        return fold;
    }
}
