package com.atlasco.atlas.postgres.write;

import com.atlasco.atlas.model.Registry;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.Database;
import com.atlasco.atlas.postgres.Session;
import com.atlasco.atlas.postgres.registry.AttributeRegistry;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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

    /** The state of a serialization failure, after which a transaction is run again. */
    private static final String BEGIN_ANEW = "40001";

    private final Database primary;
    private final AttributeRegistry registry;

    public EntityWriter(Database primary, AttributeRegistry registry) {
        this.primary = primary;
        this.registry = registry;
    }

    /**
     * Applies all writes in one transaction, those of one entity in the order of the list; durable when this returns. A
     * refused write leaves the others alone.
     *
     * @param writes with values already checked against the tenant's registry
     * @throws com.atlasco.atlas.model.AtlasException {@code tenant_not_found}; {@code source_unavailable} when the
     *     primary cannot be reached or takes no writes, and nothing was written; {@code outcome_unknown} when the
     *     connection broke during or just after the commit;
     *     {@code overloaded} when conflicts with others did not end
     */
    public WriteOutcome write(TenantId tenant, List<EntityWrite> writes) {
        return write(tenant, writes, WriteLimits.none());
    }

    /** As {@link #write(TenantId, List)}; writes that would create beyond the limits are refused. */
    public WriteOutcome write(TenantId tenant, List<EntityWrite> writes, WriteLimits limits) {
        return primary.transaction(
                tenant,
                session -> new Transaction(session, tenant, writes, limits).run(),
                (session, results) -> new WriteOutcome(results, session.flushedPosition()));
    }

    /** The writes of one entity, with their places in the list. */
    private record Target(boolean idGivenOut, List<Integer> places) {}

    /** One run of the transaction; a repetition begins anew. */
    private final class Transaction {

        private final Session session;
        private final TenantId tenant;
        private final List<EntityWrite> writes;
        private final WriteResult[] results;
        private long creatable;

        Transaction(Session session, TenantId tenant, List<EntityWrite> writes, WriteLimits limits) {
            this.session = session;
            this.tenant = tenant;
            this.writes = writes;
            this.creatable = limits.creatable();
            this.results = new WriteResult[writes.size()];
        }

        List<WriteResult> run() throws SQLException {
            Registry types = registry.beginWrite(session, tenant);
            Map<Long, Target> pending = targets();
            while (!pending.isEmpty()) {
                pending = round(types, pending);
            }
            return List.of(results);
        }

        /**
         * Writes these targets; returns, with new ids, those whose ids were given out and taken all the same: brought
         * along by somebody.
         */
        private Map<Long, Target> round(Registry types, Map<Long, Target> pending) throws SQLException {
            List<EntityFold> folds = fold(pending);
            EntityTable.delete(
                    session,
                    tenant,
                    folds.stream().filter(EntityFold::deletesStored).toList());
            List<EntityFold> inserts =
                    folds.stream().filter(EntityFold::inserts).toList();
            Set<Long> inserted = EntityTable.insert(session, tenant, inserts);
            EntityTable.update(
                    session, tenant, folds.stream().filter(EntityFold::updates).toList());

            List<Integer> withoutId = new ArrayList<>();
            List<EntityFold> done = new ArrayList<>();
            Iterator<Target> targets = pending.values().iterator();
            for (EntityFold fold : folds) {
                Target target = targets.next();
                if (!fold.inserts() || inserted.contains(fold.entityId())) {
                    done.add(fold);
                    record(target, fold);
                } else if (target.idGivenOut()) {
                    creatable++;
                    withoutId.addAll(target.places());
                } else {
                    throw new SQLException("entity %d was created meanwhile".formatted(fold.entityId()), BEGIN_ANEW);
                }
            }
            PivotTable.apply(session, tenant, types, done);
            Map<Long, Target> again = new LinkedHashMap<>();
            giveOutIds(again, withoutId);
            return again;
        }

        /** One per target, in the order of the targets. */
        private List<EntityFold> fold(Map<Long, Target> pending) throws SQLException {
            List<Long> known = new ArrayList<>();
            pending.forEach((id, target) -> {
                if (!target.idGivenOut()) {
                    known.add(id);
                }
            });
            Map<Long, StoredEntity> stored = EntityTable.lock(session, tenant, known);
            List<EntityFold> folds = new ArrayList<>();
            pending.forEach((id, target) -> {
                EntityFold fold = EntityFold.of(
                        id,
                        Optional.ofNullable(stored.get(id)),
                        target.places().stream().map(writes::get).toList(),
                        creatable > 0);
                creatable -= fold.creates() ? 1 : 0;
                folds.add(fold);
            });
            return folds;
        }

        private void record(Target target, EntityFold fold) {
            for (int i = 0; i < target.places().size(); i++) {
                results[target.places().get(i)] = fold.results().get(i);
            }
        }

        /** Groups the writes by entity, and gives ids to those that have none. */
        private Map<Long, Target> targets() throws SQLException {
            Map<Long, Target> targets = new LinkedHashMap<>();
            List<Integer> withoutId = new ArrayList<>();
            for (int place = 0; place < writes.size(); place++) {
                Optional<Long> id = entityId(writes.get(place));
                if (id.isPresent()) {
                    targets.computeIfAbsent(id.get(), key -> new Target(false, new ArrayList<>()))
                            .places()
                            .add(place);
                } else {
                    withoutId.add(place);
                }
            }
            giveOutIds(targets, withoutId);
            return targets;
        }

        private void giveOutIds(Map<Long, Target> targets, List<Integer> places) throws SQLException {
            Iterator<Integer> remaining = places.iterator();
            int missing = places.size();
            while (missing > 0) {
                for (long id : EntityTable.giveOutIds(session, missing)) {
                    if (!targets.containsKey(id)) {
                        targets.put(id, new Target(true, List.of(remaining.next())));
                        missing--;
                    }
                }
            }
        }

        private static Optional<Long> entityId(EntityWrite write) {
            return switch (write) {
                case EntityWrite.Create create -> create.entityId();
                case EntityWrite.Replace replace -> Optional.of(replace.entityId());
                case EntityWrite.Patch patch -> Optional.of(patch.entityId());
                case EntityWrite.Merge merge -> Optional.of(merge.entityId());
                case EntityWrite.Delete delete -> Optional.of(delete.entityId());
            };
        }
    }
}
