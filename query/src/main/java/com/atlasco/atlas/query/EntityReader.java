package com.atlasco.atlas.query;

import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.query.aggregate.AggregateQuery;
import com.atlasco.atlas.query.aggregate.AggregateResult;
import com.atlasco.atlas.query.aggregate.Metric;
import com.atlasco.atlas.query.filter.Filter;
import java.util.List;
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

    /**
     * How many entities a filter keeps. A reader may count exactly where an estimate is enough; it says what it did.
     *
     * @throws com.atlasco.atlas.model.AtlasException also {@code overloaded} when counting exactly takes longer than a read
     *     is given
     */
    default EntityCount count(TenantId tenant, Filter filter, EntityCount.Wanted wanted) {
        Metric entities = new Metric(Metric.Operation.COUNT, Optional.empty());
        AggregateResult result =
                aggregate(tenant, new AggregateQuery(filter, List.of(), List.of(entities), List.of(), 1));
        long count = result.groups().stream()
                .flatMap(group -> group.metrics().getFirst().stream())
                .mapToLong(value -> value instanceof Value.NumberValue(double number) ? (long) number : 0)
                .sum();
        return new EntityCount(count, EntityCount.Method.EXACT);
    }
}
