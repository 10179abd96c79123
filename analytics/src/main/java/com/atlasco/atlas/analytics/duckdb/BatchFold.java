package com.atlasco.atlas.analytics.duckdb;

import com.atlasco.atlas.analytics.change.Change;
import com.atlasco.atlas.analytics.change.ChangeOrder;
import com.atlasco.atlas.model.Document;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Folds the entity changes of a batch into one net change per entity, and leaves out those that the store has already.
 * For one batch.
 */
final class BatchFold {

    private final Map<EntityKey, ChangeOrder> storedOrders;
    private final Map<EntityKey, ChangeOrder> lastOrders = new HashMap<>();
    private final Map<EntityKey, NetChange> net = new LinkedHashMap<>();
    private final List<Change> accepted = new ArrayList<>();
    private final Set<EntityKey> absent;
    private final Predicate<Change> surelyNew;
    private final Set<EntityKey> withoutDocument = new HashSet<>();
    private final Set<EntityKey> unknown = new HashSet<>();

    /**
     * @param storedOrders the orders of the rows that may be newer than a change; rows known to be older may be missing
     * @param absent the entities known to have no row
     * @param surelyNew whether a change that the log says created an entity can be believed to find no row of it
     */
    BatchFold(Map<EntityKey, ChangeOrder> storedOrders, Set<EntityKey> absent, Predicate<Change> surelyNew) {
        this.storedOrders = storedOrders;
        this.absent = absent;
        this.surelyNew = surelyNew;
    }

    void add(Change.EntityUpserted change) {
        EntityKey key = new EntityKey(change.tenant().value(), change.entityId());
        if (!advance(key, change.order())) {
            return;
        }
        Optional<Document> document = change.document().or(() -> knownDocument(key));
        if (document.isEmpty()) {
            withoutDocument.add(key);
            if (hasNoRow(key)) {
                // Its document is neither here nor in the store, and an invented one would be served as the truth.
                unknown.add(key);
                return;
            }
        }
        accepted.add(change);
        net.put(
                key,
                document.<NetChange>map(known -> new NetChange.Replaced(change, known, isCreated(key, change)))
                        .orElseGet(() -> new NetChange.Touched(change)));
    }

    void add(Change.EntityDeleted change) {
        EntityKey key = new EntityKey(change.tenant().value(), change.entityId());
        if (advance(key, change.order())) {
            accepted.add(change);
            net.put(key, new NetChange.Removed(change));
        }
    }

    private boolean advance(EntityKey key, ChangeOrder order) {
        ChangeOrder before = lastOrders.getOrDefault(key, storedOrders.get(key));
        if (before != null && order.compareTo(before) <= 0) {
            return false;
        }
        lastOrders.put(key, order);
        return true;
    }

    private Optional<Document> knownDocument(EntityKey key) {
        return net.get(key) instanceof NetChange.Replaced replaced
                ? Optional.of(replaced.document())
                : Optional.empty();
    }

    /** Whether the log and the store agree that the batch found no row of the entity, and none was deleted in it. */
    private boolean isCreated(EntityKey key, Change.EntityUpserted change) {
        NetChange before = net.get(key);
        return before == null
                ? change.created() && surelyNew.test(change)
                : before instanceof NetChange.Replaced replaced && replaced.created();
    }

    private boolean hasNoRow(EntityKey key) {
        return net.get(key) instanceof NetChange.Removed || (net.get(key) == null && absent.contains(key));
    }

    /** The entities that changed while the batch did not say what their documents are. */
    Set<EntityKey> withoutDocument() {
        return Collections.unmodifiableSet(withoutDocument);
    }

    /** Those of them whose documents the store does not have either: they are left out. */
    Set<EntityKey> unknown() {
        return Collections.unmodifiableSet(unknown);
    }

    /** By entity, in the order of their first changes. */
    Map<EntityKey, NetChange> net() {
        return Collections.unmodifiableMap(net);
    }

    /** All changes that take effect, those included that a later one of the batch overtakes. */
    List<Change> accepted() {
        return Collections.unmodifiableList(accepted);
    }
}
