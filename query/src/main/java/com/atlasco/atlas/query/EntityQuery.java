package com.atlasco.atlas.query;

import com.atlasco.atlas.query.filter.Filter;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A filter with an order and a limit.
 *
 * @param sort empty means ascending entity_id; at most {@link SortKey#MAX_KEYS}, each of another property
 * @param limit 1 to 10,000
 * @param after the last row already seen, with a value for each key of the order
 * @param attributes the ids of those that are wanted, all when empty; a reader may give more
 */
public record EntityQuery(
        Filter filter, List<SortKey> sort, int limit, Optional<Cursor> after, Optional<Set<Integer>> attributes) {

    public static final int MAX_LIMIT = 10_000;

    /** With all attributes. */
    public EntityQuery(Filter filter, List<SortKey> sort, int limit, Optional<Cursor> after) {
        this(filter, sort, limit, after, Optional.empty());
    }

    public EntityQuery {
        sort = List.copyOf(sort);
        attributes = attributes.map(Set::copyOf);
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit is 1 to " + MAX_LIMIT + ", not " + limit);
        }
        if (sort.size() > SortKey.MAX_KEYS
                || sort.stream().map(SortKey::property).distinct().count() < sort.size()) {
            throw new IllegalArgumentException("a sort is at most " + SortKey.MAX_KEYS + " different properties");
        }
        int values = sort.size();
        if (after.filter(cursor -> cursor.sortValues().size() != values).isPresent()) {
            throw new IllegalArgumentException("the cursor belongs to another sort");
        }
    }
}
