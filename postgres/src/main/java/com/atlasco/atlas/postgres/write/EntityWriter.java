package com.atlasco.atlas.postgres.write;

import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.Database;
import com.atlasco.atlas.postgres.registry.AttributeRegistry;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Writes entities on the primary: documents and pivot rows in one transaction, and only what differs from what is
 * stored. Thread-safe.
 *
 * <p>Rows that exist are locked in the order of entity_id, so the new documents are computed here from what nobody else
 * can change. Rows that do not exist cannot be locked: they are inserted, in the same order, unless somebody else was
 * faster; then the transaction begins anew and finds the row. So two writers that create one entity at once both have
 * their say. Going on to lock that row while holding new ones would be locking out of order: measured, eight writers of
 * the same new entities then ran into deadlocks again and again.
 */
public final class EntityWriter {

    private final Database primary;
    private final AttributeRegistry registry;
    private final WriteSettings settings;
    private final EntityIds ids = new EntityIds();

    public EntityWriter(Database primary, AttributeRegistry registry, WriteSettings settings) {
        this.primary = primary;
        this.registry = registry;
        this.settings = settings;
    }

    /** A writer with {@link WriteSettings#defaults}. */
    public EntityWriter(Database primary, AttributeRegistry registry) {
        this(primary, registry, WriteSettings.defaults());
    }

    /** As {@link #write(TenantId, List, WriteLimits)}, without conditions, keys and limits. */
    public WriteOutcome write(TenantId tenant, List<EntityWrite> writes) {
        return write(tenant, writes.stream().map(WriteRequest::of).toList(), WriteLimits.none());
    }

    /**
     * Applies all writes in one transaction, those of one entity in the order of the list; durable when this returns. A
     * refused write leaves the others alone.
     *
     * @param requests of one tenant, with values already checked against its registry; from any number of callers
     * @throws com.atlasco.atlas.model.AtlasException {@code tenant_not_found}; {@code source_unavailable} when the
     *     primary cannot be reached or takes no writes, and nothing was written; {@code outcome_unknown} when the
     *     connection broke during or just after the commit;
     *     {@code overloaded} when conflicts with others did not end
     */
    public WriteOutcome write(TenantId tenant, List<WriteRequest> requests, WriteLimits limits) {
        // The first run trusts that ids which are given out are free; a run after a conflict looks.
        AtomicBoolean repeated = new AtomicBoolean();
        Database.Committed<List<WriteResult>> written = primary.write(
                tenant,
                session -> new WriteTransaction(
                                session, tenant, requests, limits, settings, ids, repeated.getAndSet(true))
                        .run(registry));
        return new WriteOutcome(written.result(), written.position());
    }
}
