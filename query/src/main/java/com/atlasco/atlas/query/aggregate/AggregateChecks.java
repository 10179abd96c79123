package com.atlasco.atlas.query.aggregate;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.query.aggregate.AggregateQuery.AggregateSort;
import com.atlasco.atlas.query.filter.Property;
import java.util.Set;

/**
 * Whether an aggregate can be computed. Each check throws {@link AtlasException}, with the JSON pointer into the request
 * as its place: {@code filter_type} when a property's type does not fit, {@code invalid_request} for all else.
 * Thread-safe.
 */
public final class AggregateChecks {

    /** The most buckets of a histogram. */
    public static final int MAX_BUCKETS = 10_000;

    private static final Set<DataType> ORDERED = Set.of(DataType.NUMBER, DataType.TEXT, DataType.TS);

    private AggregateChecks() {}

    /** Checks all of a request; pointers are {@code /metrics/0}, {@code /group_by/0}, {@code /sort/0}, {@code /limit}. */
    public static void check(AggregateQuery query) {
        if (query.limit() < 1 || query.limit() > AggregateQuery.MAX_LIMIT) {
            throw invalid(
                    "limit is 1 to %,d, not %,d".formatted(AggregateQuery.MAX_LIMIT, query.limit()),
                    "/limit",
                    "Ask for fewer groups, or filter.");
        }
        if (query.metrics().isEmpty()) {
            throw invalid("an aggregate has at least one metric", "/metrics", "Ask for {\"op\": \"count\"}.");
        }
        for (int i = 0; i < query.metrics().size(); i++) {
            check(query.metrics().get(i), "/metrics/" + i);
        }
        for (int i = 0; i < query.groupBy().size(); i++) {
            check(query.groupBy().get(i), "/group_by/" + i);
        }
        for (int i = 0; i < query.sort().size(); i++) {
            AggregateSort sort = query.sort().get(i);
            int index = switch (sort) {
                case AggregateSort.ByMetric(int metric, var _) -> metric;
                case AggregateSort.ByKey(int key, var _) -> key;
            };
            int size = switch (sort) {
                case AggregateSort.ByMetric _ -> query.metrics().size();
                case AggregateSort.ByKey _ -> query.groupBy().size();
            };
            if (index < 0 || index >= size) {
                throw invalid(
                        "the sort names what is not asked for",
                        "/sort/" + i,
                        "Sort by one of the metrics or group_by entries of the request.");
            }
        }
    }

    /** Checks that the operation applies to the property's type. */
    public static void check(Metric metric, String place) {
        if (metric.property().isEmpty()) {
            if (metric.operation() != Metric.Operation.COUNT) {
                throw invalid(
                        "%s needs an attribute".formatted(metric.name()),
                        place,
                        "Name an attribute; only count does without.");
            }
            return;
        }
        Property property = metric.property().get();
        DataType type = property.dataType();
        switch (metric.operation()) {
            case COUNT -> {}
            case COUNT_DISTINCT ->
                require(type != DataType.JSON, metric.name(), property, place, "number, text, ts and bool");
            case SUM, AVG -> require(type == DataType.NUMBER, metric.name(), property, place, "number");
            case MIN, MAX -> require(ORDERED.contains(type), metric.name(), property, place, "number, text and ts");
        }
    }

    /** Checks that rows can be grouped so. */
    public static void check(GroupKey key, String place) {
        DataType type = key.property().dataType();
        switch (key) {
            case GroupKey.ByValue(Property property) ->
                require(type != DataType.JSON, "grouping by value", property, place, "number, text, ts and bool");
            case GroupKey.ByInterval(Property property, var _) ->
                require(type == DataType.TS, "grouping by interval", property, place, "ts");
            case GroupKey.Histogram(Property property, double min, double max, int buckets) -> {
                require(type == DataType.NUMBER, "a histogram", property, place, "number");
                if (buckets < 1 || buckets > MAX_BUCKETS) {
                    throw invalid(
                            "a histogram has 1 to %,d buckets, not %,d".formatted(MAX_BUCKETS, buckets),
                            place + "/histogram/buckets",
                            "Ask for fewer buckets.");
                }
                if (!(min < max) || !Double.isFinite(min) || !Double.isFinite(max) || !Double.isFinite(max - min)) {
                    throw invalid(
                            "a histogram's min is less than its max, and the range between them is a finite number; not %s to %s"
                                    .formatted(min, max),
                            place + "/histogram",
                            "Send min and max such as 0 and 100; what lies outside has buckets of its own.");
                }
            }
        }
    }

    private static void require(boolean fits, String operation, Property property, String place, String types) {
        if (!fits) {
            throw Problem.of(
                            ErrorCode.FILTER_TYPE,
                            "%s applies to type %s; '%s' is of type %s"
                                    .formatted(
                                            operation,
                                            types,
                                            property.wireName(),
                                            property.dataType().wireName()))
                    .at(place)
                    .hint("Name an attribute of type %s; GET /api/v1/attributes lists them.".formatted(types))
                    .asException();
        }
    }

    private static AtlasException invalid(String detail, String place, String hint) {
        return Problem.of(ErrorCode.INVALID_REQUEST, detail)
                .at(place)
                .hint(hint)
                .asException();
    }
}
