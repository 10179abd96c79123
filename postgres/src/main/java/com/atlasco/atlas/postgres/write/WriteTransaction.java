package com.atlasco.atlas.postgres.write;

import com.atlasco.atlas.model.Registry;
import com.atlasco.atlas.model.TenantId;
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
import java.util.TreeMap;
import java.util.function.Predicate;

/** One run of the transaction that writes a list; a repetition begins anew, with a new one. */
final class WriteTransaction {

    /** The state of a serialization failure, after which a transaction is run again. */
    private static final String BEGIN_ANEW = "40001";

    private final Session session;
    private final TenantId tenant;
    private final List<WriteRequest> requests;
    private final Allowance allowance;
    private final Map<Long, Long> lastVersions;
    private final WriteSettings settings;
    private final WriteResult[] results;

    /**
     * Prepares a run.
     *
     * @param lastVersions what runs before this one have found out of earlier entities of the same ids; added to
     */
    WriteTransaction(
            Session session,
            TenantId tenant,
            List<WriteRequest> requests,
            WriteLimits limits,
            Map<Long, Long> lastVersions,
            WriteSettings settings) {
        this.session = session;
        this.tenant = tenant;
        this.requests = requests;
        this.allowance = new Allowance(limits);
        this.lastVersions = lastVersions;
        this.settings = settings;
        this.results = new WriteResult[requests.size()];
    }

    /** The writes of one entity, with their places in the list. */
    private record Target(boolean idGivenOut, List<Integer> places) {}

    List<WriteResult> run(AttributeRegistry registry) throws SQLException {
        Registry types = registry.beginWrite(session, tenant);
        IdempotencyRound keys = IdempotencyRound.begin(session, tenant, requests);
        Map<Long, Target> pending = targets(keys);
        while (!pending.isEmpty()) {
            pending = round(types, pending);
        }
        if (!keys.complete(session, tenant, results)) {
            throw beginAnew("an idempotency key was used meanwhile");
        }
        return List.of(results);
    }

    /**
     * Writes these targets; returns, with new ids, those whose ids were given out and taken all the same: brought
     * along by somebody.
     */
    private Map<Long, Target> round(Registry types, Map<Long, Target> pending) throws SQLException {
        List<EntityFold> folds = fold(pending);
        List<EntityFold> passing = select(folds, EntityFold::passes);
        List<EntityFold> gone = select(folds, fold -> fold.deletesStored() || fold.passes());
        Set<Long> inserted = EntityTable.insert(session, tenant, select(folds, EntityFold::inserts));
        if (!TombstoneTable.take(session, tenant, passing)) {
            throw beginAnew("an entity was created meanwhile");
        }
        goOnAboveEarlierVersions(folds, inserted);
        EntityTable.delete(session, tenant, gone);
        TombstoneTable.bury(session, tenant, gone);
        EntityTable.update(session, tenant, select(folds, EntityFold::updates));

        List<Integer> withoutId = new ArrayList<>();
        List<EntityFold> done = new ArrayList<>();
        Iterator<Target> targets = pending.values().iterator();
        for (EntityFold fold : folds) {
            Target target = targets.next();
            if (!fold.inserts() || inserted.contains(fold.entityId())) {
                done.add(fold);
            } else if (target.idGivenOut()) {
                withoutId.addAll(target.places());
                allowance.giveBack();
            } else {
                throw beginAnew("entity %d was created meanwhile".formatted(fold.entityId()));
            }
        }
        PivotTable.apply(session, tenant, types, done);
        Map<Long, Target> again = new LinkedHashMap<>();
        giveOutIds(again, withoutId);
        return again;
    }

    /**
     * An entity that has been there before goes on above its last version. That is asked when the id is held: nobody
     * can create and delete it any more. Almost always the answer is none; otherwise the transaction begins anew.
     */
    private void goOnAboveEarlierVersions(List<EntityFold> folds, Set<Long> inserted) throws SQLException {
        List<Long> held = folds.stream()
                .filter(fold -> inserted.contains(fold.entityId()) || fold.passes())
                .map(EntityFold::entityId)
                .toList();
        boolean found = false;
        for (var last : TombstoneTable.find(session, tenant, held).entrySet()) {
            found |= !last.getValue().equals(lastVersions.put(last.getKey(), last.getValue()));
        }
        if (found) {
            throw beginAnew("an entity of the same id was deleted before");
        }
    }

    private static List<EntityFold> select(List<EntityFold> folds, Predicate<EntityFold> wanted) {
        return folds.stream().filter(wanted).toList();
    }

    private static SQLException beginAnew(String why) {
        return new SQLException(why, BEGIN_ANEW);
    }

    /** One per target, in the order of the targets; the writes are applied in the order of the list. */
    private List<EntityFold> fold(Map<Long, Target> pending) throws SQLException {
        List<Long> known = new ArrayList<>();
        pending.forEach((id, target) -> {
            if (!target.idGivenOut()) {
                known.add(id);
            }
        });
        Map<Long, StoredEntity> stored = EntityTable.lock(session, tenant, known);
        List<EntityFold> folds = new ArrayList<>();
        Map<Integer, EntityFold> byPlace = new TreeMap<>();
        pending.forEach((id, target) -> {
            EntityFold fold = new EntityFold(
                    id,
                    Optional.ofNullable(stored.get(id)),
                    lastVersions.getOrDefault(id, 0L),
                    allowance,
                    settings.maxEntityBytes());
            folds.add(fold);
            target.places().forEach(place -> byPlace.put(place, fold));
        });
        byPlace.forEach((place, fold) -> results[place] = fold.apply(requests.get(place)));
        return folds;
    }

    /** Groups the writes by entity, and gives ids to those that have none. */
    private Map<Long, Target> targets(IdempotencyRound keys) throws SQLException {
        Map<Long, Target> targets = new LinkedHashMap<>();
        List<Integer> withoutId = new ArrayList<>();
        for (int place = 0; place < requests.size(); place++) {
            if (!keys.executes(place)) {
                continue;
            }
            Optional<Long> id = entityId(requests.get(place).write());
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
            case EntityWrite.SetAttribute set -> Optional.of(set.entityId());
            case EntityWrite.RemoveAttribute remove -> Optional.of(remove.entityId());
            case EntityWrite.Delete delete -> Optional.of(delete.entityId());
        };
    }
}
