package com.atlasco.atlas.query.aggregate;

import com.atlasco.atlas.query.filter.Filter;
import java.util.List;

/**
 * Groups the rows that a filter keeps, and computes figures for each group.
 *
 * @param groupBy empty means one group of all rows, which is there even when no row is
 * @param metrics at least one
 * @param sort what comes first; ties, and an empty sort, are decided by the keys in ascending order, empty keys last
 * @param limit at most so many groups, 1 to 100,000
 */
public record AggregateQuery(
        Filter filter, List<GroupKey> groupBy, List<Metric> metrics, List<AggregateSort> sort, int limit) {

    public static final int MAX_LIMIT = 100_000;

    public AggregateQuery {
        groupBy = List.copyOf(groupBy);
        metrics = List.copyOf(metrics);
        sort = List.copyOf(sort);
    }

    /** Sorts by a metric or by a part of the key; groups without the figure or key come last in both directions. */
    public sealed interface AggregateSort {
        boolean descending();

        /** By the metric at this index of {@link AggregateQuery#metrics}. */
        record ByMetric(int index, boolean descending) implements AggregateSort {}

        /** By the part of the key at this index of {@link AggregateQuery#groupBy}. */
        record ByKey(int index, boolean descending) implements AggregateSort {}
    }
}
