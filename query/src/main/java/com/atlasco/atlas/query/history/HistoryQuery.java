package com.atlasco.atlas.query.history;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Asks for a page of what became of one entity.
 *
 * @param attributeId of this attribute alone; empty for all of them, and for what concerns the entity as a whole
 * @param from changes committed then or later
 * @param to changes committed before
 * @param limit 1 to {@link #MAX_LIMIT}
 * @param after the last entry already seen
 */
public record HistoryQuery(
        long entityId,
        OptionalInt attributeId,
        Optional<Instant> from,
        Optional<Instant> to,
        int limit,
        Optional<HistoryPlace> after) {

    public static final int MAX_LIMIT = 10_000;

    public HistoryQuery {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit is 1 to " + MAX_LIMIT + ", not " + limit);
        }
    }
}
