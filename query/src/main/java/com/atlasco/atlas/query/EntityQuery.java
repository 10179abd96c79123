package com.atlasco.atlas.query;

import com.atlasco.atlas.query.filter.Filter;
import java.util.Optional;

/**
 * A filter with an order and a limit.
 *
 * @param sort empty means ascending entity_id
 * @param limit 1 to 10,000
 * @param after the last row already seen
 */
public record EntityQuery(Filter filter, Optional<SortKey> sort, int limit, Optional<Cursor> after) {

    public static final int MAX_LIMIT = 10_000;

    public EntityQuery {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit is 1 to " + MAX_LIMIT + ", not " + limit);
        }
    }
}
