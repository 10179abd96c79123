package com.atlasco.atlas.bench.store;

import com.atlasco.atlas.analytics.duckdb.DuckDbStore;
import com.atlasco.atlas.bench.dataset.Dataset;
import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.query.aggregate.AggregateQuery;
import com.atlasco.atlas.query.aggregate.GroupKey;
import com.atlasco.atlas.query.aggregate.Metric;
import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.query.filter.Property;
import java.util.List;
import java.util.Optional;

/** A histogram of the first attribute over all entities. */
final class DistributionQuery {

    private static final TenantId TENANT = new TenantId(1);
    private static final int TURNS = 3;

    private final AggregateQuery query;

    DistributionQuery(StoreBenchSettings settings) {
        Dataset.Attribute first =
                new Dataset(settings.seed(), settings.attributes()).attributes().getFirst();
        Property property = new Property.Attribute(new AttributeType(
                1, first.name(), first.type(), false, settings.hot() > 0, Optional.empty(), Optional.empty()));
        this.query = new AggregateQuery(
                Filter.ALL,
                List.of(new GroupKey.Histogram(property, 0, 100, 20)),
                List.of(new Metric(Metric.Operation.COUNT, Optional.empty())),
                List.of(),
                100);
    }

    /** The least time of some turns, in ms. */
    double millis(DuckDbStore store) {
        long least = Long.MAX_VALUE;
        for (int turn = 0; turn < TURNS; turn++) {
            long begun = System.nanoTime();
            store.aggregate(TENANT, query);
            least = Math.min(least, System.nanoTime() - begun);
        }
        return least / 1e6;
    }
}
