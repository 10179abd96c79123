package com.atlasco.atlas.query.aggregate;

import com.atlasco.atlas.model.Value;
import java.util.List;
import java.util.Optional;

/**
 * The groups of an aggregate in the asked order.
 *
 * @param truncated whether the limit left groups out
 */
public record AggregateResult(List<Group> groups, boolean truncated) {

    public AggregateResult {
        groups = List.copyOf(groups);
    }

    /**
     * One group.
     *
     * @param key a value per part of the grouping, empty where the rows have none; a histogram's is the bucket as a
     *     number, an interval's its first instant
     * @param metrics a figure per metric; empty where no row had the property. Counts and distinct counts are whole
     *     numbers; sums and averages are those of {@link Figures}
     */
    public record Group(List<Optional<Value>> key, List<Optional<Value>> metrics) {
        public Group {
            key = List.copyOf(key);
            metrics = List.copyOf(metrics);
        }
    }
}
