package com.atlasco.atlas.analytics.duckdb;

import com.atlasco.atlas.analytics.change.Change;
import com.atlasco.atlas.analytics.change.ChangeOrder;
import com.atlasco.atlas.model.Document;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folds the entity changes of a batch into one net change per entity, and leaves out those that the store has already.
 * For one batch.
 */
final class BatchFold {

    private static final Logger LOG = LoggerFactory.getLogger(BatchFold.class);

    private final Map<EntityKey, ChangeOrder> storedOrders;
    private final Map<EntityKey, ChangeOrder> lastOrders = new HashMap<>();
    private final Map<EntityKey, NetChange> net = new LinkedHashMap<>();
    private final List<Change> accepted = new ArrayList<>();
    private final Set<EntityKey> absent;
    private final Predicate<Change> aboveAll;

    /**
     * @param storedOrders the orders of the rows that may be newer than a change; rows known to be older may be missing
     * @param absent the entities known to have no row
     * @param aboveAll whether a change is newer than all that has been applied
     */
    BatchFold(Map<EntityKey, ChangeOrder> storedOrders, Set<EntityKey> absent, Predicate<Change> aboveAll) {
        this.storedOrders = storedOrders;
        this.absent = absent;
        this.aboveAll = aboveAll;
    }

    void add(Change.EntityUpserted change) {
        EntityKey key = new EntityKey(change.tenant().value(), change.entityId());
        if (!advance(key, change.order())) {
            return;
        }
        Optional<Document> document = change.document().or(() -> knownDocument(key));
        if (document.isEmpty() && hasNoRow(key)) {
            // Its document is neither here nor in the store, and an invented one would be served as the truth.
            LOG.warn(
                    "Entity {} of tenant {} was changed without its document, and none is stored: it is left out until"
                            + " its next change",
                    key.entityId(),
                    key.tenantId());
            return;
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
                ? change.created() && aboveAll.test(change)
                : before instanceof NetChange.Replaced replaced && replaced.created();
    }

    private boolean hasNoRow(EntityKey key) {
        return net.get(key) instanceof NetChange.Removed || (net.get(key) == null && absent.contains(key));
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
