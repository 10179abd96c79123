package com.atlasco.atlas.query.history;

import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.query.aggregate.AggregateQuery;
import com.atlasco.atlas.query.aggregate.AggregateResult;
import java.time.Instant;
import java.util.Optional;

/**
 * Reads the past. Instants are those of commits, by the primary's clock; a change belongs to the state as of its own
 * instant. Thread-safe; calls block.
 *
 * <p>All methods throw {@link com.atlasco.atlas.model.AtlasException} with {@code source_unavailable} when no history is
 * kept or it cannot be read now; those with an instant also with {@code history_unavailable} when it lies before what is
 * known.
 */
public interface HistoryReader {

    /** What became of an entity, the newest change first. An entity that never was has an empty history. */
    HistoryPage history(TenantId tenant, HistoryQuery query);

    /** The entity as it was; empty when it was not there. */
    Optional<Entity> get(TenantId tenant, long entityId, Instant asOf);

    /** Over the entities as they were. */
    AggregateResult aggregate(TenantId tenant, AggregateQuery query, Instant asOf);
}
