package com.atlasco.atlas.analytics;

import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.query.EntityQuery;
import com.atlasco.atlas.query.SortKey;
import com.atlasco.atlas.query.aggregate.AggregateQuery;
import com.atlasco.atlas.query.aggregate.AggregateQuery.AggregateSort;
import com.atlasco.atlas.query.aggregate.GroupKey;
import com.atlasco.atlas.query.aggregate.Metric;
import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.query.filter.LikePattern;
import com.atlasco.atlas.query.filter.Property;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/** Random queries over what a {@link PrimaryModel} holds. */
final class RandomQueries {

    private static final List<String> PATTERNS = List.of(
            "%",
            "",
            "a%",
            "%b",
            "a_b",
            "a\\%b",
            "a\\_b",
            "a\\\\b",
            "_",
            "__",
            "%_%",
            "\u00e9",
            "%a%b%",
            "%(%)%[%",
            "%x%:%1%}%",
            "%\uD83D\uDE00%",
            "line%",
            "%n%b%k%",
            "\\'%");

    private final PrimaryModel primary;
    private final Random random;

    RandomQueries(PrimaryModel primary, Random random) {
        this.primary = primary;
        this.random = random;
    }

    EntityQuery find(TenantId tenant) {
        Map<Property, SortKey> sort = new LinkedHashMap<>();
        for (int i = random.nextInt(1 + random.nextInt(4)); i >= 0; i--) {
            Property property = property(tenant, type -> type != DataType.JSON);
            sort.put(property, new SortKey(property, random.nextBoolean()));
        }
        List<SortKey> keys = random.nextInt(3) == 0 ? List.of() : List.copyOf(sort.values());
        return new EntityQuery(filter(tenant, 3), keys, 1 + random.nextInt(8), Optional.empty());
    }

    AggregateQuery aggregate(TenantId tenant) {
        List<GroupKey> keys =
                Stream.generate(() -> key(tenant)).limit(random.nextInt(3)).toList();
        List<Metric> metrics = Stream.generate(() -> metric(tenant))
                .limit(1 + random.nextInt(3))
                .toList();
        List<AggregateSort> sort = new ArrayList<>();
        if (random.nextBoolean()) {
            sort.add(new AggregateSort.ByMetric(random.nextInt(metrics.size()), random.nextBoolean()));
        }
        if (!keys.isEmpty() && random.nextBoolean()) {
            sort.add(new AggregateSort.ByKey(random.nextInt(keys.size()), random.nextBoolean()));
        }
        return new AggregateQuery(filter(tenant, 2), keys, metrics, sort, 1 + random.nextInt(30));
    }

    private GroupKey key(TenantId tenant) {
        return switch (random.nextInt(3)) {
            case 0 -> new GroupKey.ByValue(property(tenant, type -> type != DataType.JSON));
            case 1 -> {
                double min = random.nextInt(5) - 2;
                yield new GroupKey.Histogram(
                        property(tenant, type -> type == DataType.NUMBER),
                        min,
                        min + 0.1 + random.nextInt(100),
                        1 + random.nextInt(10));
            }
            default ->
                new GroupKey.ByInterval(
                        property(tenant, type -> type == DataType.TS),
                        primary.pick(List.of(GroupKey.Interval.values())));
        };
    }

    private Metric metric(TenantId tenant) {
        Metric.Operation operation = primary.pick(List.of(Metric.Operation.values()));
        return switch (operation) {
            case COUNT ->
                new Metric(
                        operation, random.nextBoolean() ? Optional.empty() : Optional.of(property(tenant, _ -> true)));
            case COUNT_DISTINCT -> new Metric(operation, Optional.of(property(tenant, type -> type != DataType.JSON)));
            case SUM, AVG -> new Metric(operation, Optional.of(property(tenant, type -> type == DataType.NUMBER)));
            case MIN, MAX ->
                new Metric(
                        operation,
                        Optional.of(property(tenant, type -> type != DataType.JSON && type != DataType.BOOL)));
        };
    }

    private Filter filter(TenantId tenant, int depth) {
        int kind = random.nextInt(depth == 0 ? 6 : 10);
        Property any = property(tenant, type -> type != DataType.JSON);
        return switch (kind) {
            case 0 -> new Filter.IsNull(property(tenant, _ -> true));
            case 1 ->
                new Filter.Like(
                        property(tenant, type -> type == DataType.TEXT), LikePattern.parse(primary.pick(PATTERNS)));
            case 2 -> {
                Property ordered = property(tenant, type -> type != DataType.JSON && type != DataType.BOOL);
                yield new Filter.Between(ordered, value(ordered), value(ordered));
            }
            case 3 ->
                new Filter.In(
                        any,
                        Stream.generate(() -> value(any))
                                .limit(1 + random.nextInt(4))
                                .toList());
            case 4, 5 ->
                new Filter.Comparison(
                        any,
                        any.dataType() == DataType.BOOL
                                ? primary.pick(List.of(Filter.Operator.EQUAL, Filter.Operator.NOT_EQUAL))
                                : primary.pick(List.of(Filter.Operator.values())),
                        value(any));
            case 6 -> new Filter.Not(filter(tenant, depth - 1));
            case 7 -> new Filter.And(List.of(filter(tenant, depth - 1), filter(tenant, depth - 1)));
            case 8 -> new Filter.Or(List.of(filter(tenant, depth - 1), filter(tenant, depth - 1)));
            default -> new Filter.Constant(random.nextInt(4) != 0);
        };
    }

    private Value value(Property property) {
        return property == Property.Intrinsic.ENTITY_ID || property == Property.Intrinsic.VERSION
                ? new Value.NumberValue(random.nextInt(60) / 2.0)
                : primary.value(property.dataType());
    }

    private interface TypeTest {
        boolean accepts(DataType type);
    }

    private Property property(TenantId tenant, TypeTest wanted) {
        List<Property> properties = new ArrayList<>(List.of(Property.Intrinsic.values()));
        primary.types(tenant).forEach(type -> properties.add(new Property.Attribute(type)));
        properties.removeIf(property -> !wanted.accepts(property.dataType()));
        return primary.pick(properties);
    }
}
