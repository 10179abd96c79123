package com.atlasco.atlas.query;

import com.atlasco.atlas.query.filter.Property;
import java.util.List;

/**
 * One property of an order. Rows without the property come last in both directions. Ties of all keys are broken by
 * entity_id in the direction of the last one; without a key the order is that of ascending entity_id.
 */
public record SortKey(Property property, boolean descending) {

    /** The most keys of one order. */
    public static final int MAX_KEYS = 8;

    /** The keys that decide before entity_id does: those behind a key of entity_id never do. */
    public static List<SortKey> beforeEntityId(List<SortKey> sort) {
        return sort.stream()
                .takeWhile(key -> key.property() != Property.Intrinsic.ENTITY_ID)
                .toList();
    }

    /** The direction in which entity_id decides among rows that are equal in all of {@link #beforeEntityId}. */
    public static boolean entityIdDescends(List<SortKey> sort) {
        List<SortKey> before = beforeEntityId(sort);
        boolean named = before.size() < sort.size();
        return named
                ? sort.get(before.size()).descending()
                : !before.isEmpty() && before.getLast().descending();
    }
}
