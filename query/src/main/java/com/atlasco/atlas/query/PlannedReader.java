package com.atlasco.atlas.query;

import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.TenantId;
import java.util.Optional;

/** A reader that estimates what a query takes before it begins. Thread-safe; calls block. */
public interface PlannedReader extends EntityReader {

    /**
     * A page.
     *
     * @param position a position at or past everything that was seen, where it came with the page
     */
    record Found(EntityPage page, Optional<Position> position) {}

    /**
     * As {@link #find}, but only where that is not expected to take too much.
     *
     * @throws com.atlasco.atlas.model.AtlasException also {@code filter_too_costly}, which says what would help
     */
    Found findBounded(TenantId tenant, EntityQuery query);

    /**
     * How a page would be found.
     *
     * @param analyze whether to find it, and to count what is read
     */
    Explanation explain(TenantId tenant, EntityQuery query, boolean analyze);
}
