package com.atlasco.atlas.postgres.read;

import com.atlasco.atlas.query.SortKey;
import com.atlasco.atlas.query.filter.Property;
import java.util.List;
import java.util.Optional;

/**
 * The order of a page, as far as indexes have it.
 *
 * @param property what comes before entity_id; empty for the order of entity_id
 * @param walkable whether an index lies in this order
 * @param descending in which direction entity_id decides
 */
record PageOrder(Optional<Property> property, boolean walkable, boolean descending) {

    static PageOrder of(List<SortKey> sort) {
        List<SortKey> keys = SortKey.beforeEntityId(sort);
        boolean descending = SortKey.entityIdDescends(sort);
        boolean walkable = keys.isEmpty()
                || (keys.size() == 1
                        && keys.getFirst().descending() == descending
                        && IndexKey.of(keys.getFirst().property()).isPresent());
        return new PageOrder(keys.stream().map(SortKey::property).findFirst(), walkable, descending);
    }

    boolean isById() {
        return property.isEmpty();
    }

    /** The index that lies in this order, where it is not that of entity_id. */
    Optional<IndexKey> index() {
        return walkable ? property.flatMap(IndexKey::of) : Optional.empty();
    }
}
