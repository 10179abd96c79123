package com.atlasco.atlas.query;

import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.query.aggregate.AggregateQuery;
import com.atlasco.atlas.query.aggregate.AggregateResult;
import java.util.Optional;

/**
 * Where reads are served. Every implementation gives the same answer on the same data. Thread-safe; calls block.
 *
 * <p>All methods throw {@link com.atlasco.atlas.model.AtlasException} with {@code source_unavailable} when the source
 * cannot be reached, with {@code not_filterable} when it cannot serve a property.
 */
public interface EntityReader {

    Optional<Entity> get(TenantId tenant, long entityId);

    EntityPage find(TenantId tenant, EntityQuery query);

    AggregateResult aggregate(TenantId tenant, AggregateQuery query);
}
