package com.atlasco.atlas.postgres.write;

import com.atlasco.atlas.model.Registry;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.Session;
import com.atlasco.atlas.postgres.StatementChain;
import com.atlasco.atlas.postgres.registry.AttributeRegistry;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** One run of the transaction that writes a list; a repetition begins anew, with a new one. */
final class WriteTransaction {

    /** The state of a serialization failure, after which a transaction is run again. */
    private static final String BEGIN_ANEW = "40001";

    private final Session session;
    private final TenantId tenant;
    private final List<WriteRequest> requests;
    private final WriteLimits limits;
    private final Map<Long, Long> lastVersions;
    private final WriteSettings settings;
    private final EntityIds ids;
    private final boolean idsAreChecked;
    private final boolean presumedNew;
    private final WriteResult[] results;

    /**
     * Prepares a run.
     *
     * @param lastVersions what runs before this one have found out of earlier entities of the same ids; added to
     * @param idsAreChecked whether ids that are given out may be taken, which costs a look at each
     * @param presumedNew whether it is likely that none of the entities is there yet; then they are written without a look,
     *     unless a write asks for more than that
     */
    WriteTransaction(
            Session session,
            TenantId tenant,
            List<WriteRequest> requests,
            WriteLimits limits,
            Map<Long, Long> lastVersions,
            WriteSettings settings,
            EntityIds ids,
            boolean idsAreChecked,
            boolean presumedNew) {
        this.session = session;
        this.tenant = tenant;
        this.requests = requests;
        this.limits = limits;
        this.lastVersions = lastVersions;
        this.settings = settings;
        this.ids = ids;
        this.idsAreChecked = idsAreChecked;
        this.presumedNew = presumedNew;
        this.results = new WriteResult[requests.size()];
    }

    /** The writes of one entity, with their places in the list. */
    private record Target(boolean idGivenOut, List<Integer> places) {}

    /**
     * What a run has done.
     *
     * @param created how many entities are new
     * @param onlyCreated whether nothing but new entities was asked for and met
     */
    record Done(List<WriteResult> results, int created, boolean onlyCreated) {}

    Done run(AttributeRegistry registry) throws SQLException {
        IdempotencyRound keys = IdempotencyRound.begin(session, tenant, requests);
        Map<Long, Target> targets = targets(keys);
        Optional<List<EntityFold>> unseen = presumedNew ? insertUnseen(registry, keys, targets) : Optional.empty();
        List<EntityFold> folds = unseen.isPresent() ? unseen.get() : lookAndWrite(registry, keys, targets);
        if (!keys.complete(session, tenant, results)) {
            throw beginAnew("an idempotency key was used meanwhile");
        }
        int created = (int) folds.stream().filter(EntityFold::inserts).count();
        return new Done(List.of(results), created, created == folds.size());
    }

    private List<EntityFold> lookAndWrite(AttributeRegistry registry, IdempotencyRound keys, Map<Long, Target> targets)
            throws SQLException {
        StatementChain opening = new StatementChain();
        AttributeRegistry.WriteTicket ticket = registry.beginWrite(opening, tenant);
        Map<Long, StoredEntity> stored = lock(opening, targets);
        opening.run(session);
        Registry types = ticket.registry(session);
        if (idsAreChecked) {
            redrawTaken(targets, stored);
        }
        List<EntityFold> folds = fold(types, keys, targets, stored);
        write(new StatementChain(), types, folds);
        return folds;
    }

    /**
     * Writes entities of which none is there, in one round trip: the insertion itself finds out when one is, and the
     * transaction begins anew. Does nothing, and returns nothing, when anything but insertions would come out.
     */
    private Optional<List<EntityFold>> insertUnseen(
            AttributeRegistry registry, IdempotencyRound keys, Map<Long, Target> targets) throws SQLException {
        Optional<Registry> known = registry.known(tenant);
        if (known.isEmpty()) {
            return Optional.empty();
        }
        List<EntityFold> folds = fold(known.get(), keys, targets, Map.of());
        if (!folds.stream().allMatch(EntityFold::inserts)
                || Arrays.stream(results).anyMatch(WriteResult.Refused.class::isInstance)) {
            return Optional.empty();
        }
        StatementChain chain = new StatementChain();
        AttributeRegistry.WriteTicket ticket = registry.beginWrite(chain, tenant);
        write(chain, known.get(), folds);
        if (ticket.registry(session) != known.get()) {
            throw beginAnew("the registry has changed meanwhile");
        }
        return Optional.of(folds);
    }

    /** Replaces ids that were given out and are taken all the same: brought along by somebody. */
    private void redrawTaken(Map<Long, Target> targets, Map<Long, StoredEntity> stored) throws SQLException {
        List<Integer> withoutId = new ArrayList<>();
        do {
            withoutId.clear();
            targets.entrySet().removeIf(target -> {
                boolean taken = target.getValue().idGivenOut() && stored.containsKey(target.getKey());
                if (taken) {
                    withoutId.addAll(target.getValue().places());
                }
                return taken;
            });
            giveOutIds(targets, withoutId);
            StatementChain again = new StatementChain();
            Map<Long, StoredEntity> found = lock(again, targets);
            again.run(session);
            stored.putAll(found);
        } while (!withoutId.isEmpty());
    }

    private void write(StatementChain chain, Registry types, List<EntityFold> folds) throws SQLException {
        List<EntityFold> inserts = select(folds, EntityFold::inserts);
        List<EntityFold> passing = select(folds, EntityFold::passes);
        List<EntityFold> gone = select(folds, fold -> fold.deletesStored() || fold.passes());
        int[] held = {0};
        Map<Long, Long> earlier = new HashMap<>();
        EntityTable.insert(chain, tenant, inserts, count -> held[0] += count);
        TombstoneTable.take(chain, tenant, passing, count -> held[0] += count);
        // Asked when the ids are held: nobody can create and delete their entities any more.
        TombstoneTable.find(chain, tenant, inserts, earlier);
        TombstoneTable.find(chain, tenant, passing, earlier);
        EntityTable.delete(chain, tenant, gone);
        TombstoneTable.bury(chain, tenant, gone);
        EntityTable.update(chain, tenant, select(folds, EntityFold::updates));
        PivotTable.apply(chain, tenant, types, folds);
        chain.run(session);
        if (held[0] < inserts.size() + passing.size()) {
            throw beginAnew("an entity was created meanwhile");
        }
        goOnAbove(earlier);
    }

    /**
     * An entity that has been there before goes on above its last version. Almost always there is none; otherwise the
     * transaction begins anew.
     */
    private void goOnAbove(Map<Long, Long> earlier) throws SQLException {
        boolean found = false;
        for (var last : earlier.entrySet()) {
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

    /** Adds a statement that locks what may be there; the map is filled when the chain has run. */
    private Map<Long, StoredEntity> lock(StatementChain chain, Map<Long, Target> targets) {
        Map<Long, StoredEntity> stored = new HashMap<>();
        List<Long> known = new ArrayList<>(targets.size());
        targets.forEach((id, target) -> {
            if (idsAreChecked || !target.idGivenOut()) {
                known.add(id);
            }
        });
        if (!known.isEmpty()) {
            EntityTable.lock(chain, tenant, known, stored);
        }
        return stored;
    }

    /** One per target, in ascending order of entity_id; the writes are applied in the order of the list. */
    private List<EntityFold> fold(
            Registry types, IdempotencyRound keys, Map<Long, Target> targets, Map<Long, StoredEntity> stored) {
        Allowance allowance = new Allowance(limits);
        List<EntityFold> folds = new ArrayList<>(targets.size());
        EntityFold[] byPlace = new EntityFold[requests.size()];
        targets.forEach((id, target) -> {
            EntityFold fold = new EntityFold(
                    types,
                    id,
                    Optional.ofNullable(stored.get(id)),
                    lastVersions.getOrDefault(id, 0L),
                    allowance,
                    settings.maxEntityBytes());
            folds.add(fold);
            target.places().forEach(place -> byPlace[place] = fold);
        });
        for (int place = 0; place < byPlace.length; place++) {
            if (keys.executes(place)) {
                results[place] = byPlace[place].apply(requests.get(place));
            }
        }
        folds.sort(Comparator.comparingLong(EntityFold::entityId));
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
            Optional<Long> id = requests.get(place).write().target();
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
            for (long id : ids.take(session, missing)) {
                if (!targets.containsKey(id)) {
                    targets.put(id, new Target(true, List.of(remaining.next())));
                    missing--;
                }
            }
        }
    }
}
