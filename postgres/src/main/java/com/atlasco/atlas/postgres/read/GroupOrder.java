package com.atlasco.atlas.postgres.read;

import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.query.aggregate.AggregateQuery;
import com.atlasco.atlas.query.aggregate.AggregateQuery.AggregateSort;
import com.atlasco.atlas.query.aggregate.AggregateResult.Group;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;

/** The order of groups that an aggregate asks for. */
final class GroupOrder {

    private GroupOrder() {}

    static Comparator<Group> of(AggregateQuery query) {
        Comparator<Group> order = (_, _) -> 0;
        for (AggregateSort sort : query.sort()) {
            order = order.thenComparing(
                    group -> switch (sort) {
                        case AggregateSort.ByMetric(int index, var _) ->
                            group.metrics().get(index);
                        case AggregateSort.ByKey(int index, var _) ->
                            group.key().get(index);
                    },
                    missingLast(sort.descending()));
        }
        for (int i = 0; i < query.groupBy().size(); i++) {
            int index = i;
            order = order.thenComparing(group -> group.key().get(index), missingLast(false));
        }
        return order;
    }

    private static Comparator<Optional<Value>> missingLast(boolean descending) {
        Comparator<Value> values =
                descending ? Comparator.comparing(v -> v, GroupOrder::reversed) : GroupOrder::compare;
        return (left, right) -> left.isPresent() && right.isPresent()
                ? values.compare(left.get(), right.get())
                : Boolean.compare(left.isEmpty(), right.isEmpty());
    }

    private static int reversed(Value left, Value right) {
        return compare(right, left);
    }

    /** Values of one property; text by code point, which is not the order of UTF-16 units. */
    private static int compare(Value left, Value right) {
        if (left instanceof Value.NumberValue(double one) && right instanceof Value.NumberValue(double other)) {
            return Double.compare(one, other);
        }
        if (left instanceof Value.TextValue(String one) && right instanceof Value.TextValue(String other)) {
            return Arrays.compare(one.codePoints().toArray(), other.codePoints().toArray());
        }
        if (left instanceof Value.TimestampValue(long one) && right instanceof Value.TimestampValue(long other)) {
            return Long.compare(one, other);
        }
        if (left instanceof Value.BoolValue(boolean one) && right instanceof Value.BoolValue(boolean other)) {
            return Boolean.compare(one, other);
        }
        throw new IllegalArgumentException("not comparable: " + left + " and " + right);
    }
}
