package com.atlasco.atlas.it.postgres;

import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.model.Value;
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
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Skewed, sparse and unruly data, and queries over it. */
final class RandomData {

    static final List<String> TYPES = List.of("person", "place", "θing");

    private static final List<String> WORDS = List.of(
            "",
            "a",
            "A",
            "ab",
            "abc",
            "b",
            "%",
            "_",
            "\\",
            "a%b",
            "a_b",
            "é",
            "ü",
            "\uFFFD",
            "\uE000",
            "\uD83D\uDE00",
            "\uD83D\uDE01x",
            "x".repeat(499),
            "x".repeat(500),
            "x".repeat(500) + "a",
            "x".repeat(500) + "b",
            "x".repeat(501),
            "x".repeat(3_000),
            "\uD83D\uDE00".repeat(500),
            "\uD83D\uDE00".repeat(501),
            "\uD83D\uDE00".repeat(499) + "y");

    private final Random random;
    final List<AttributeType> attributes;

    RandomData(Random random, Store store, TenantId tenant) {
        this.random = random;
        this.attributes = List.of(
                store.register(tenant, "skewed", DataType.NUMBER, true),
                store.register(tenant, "spread", DataType.NUMBER, true),
                store.register(tenant, "word", DataType.TEXT, true),
                store.register(tenant, "short", DataType.TEXT, true),
                store.register(tenant, "moment", DataType.TS, true),
                store.register(tenant, "flag", DataType.BOOL, true),
                store.register(tenant, "rare", DataType.TEXT, true),
                store.register(tenant, "json", DataType.JSON, true));
    }

    Document document() {
        TreeMap<Integer, Value> values = new TreeMap<>();
        for (AttributeType type : attributes) {
            double presence = type.name().equals("rare") ? 0.03 : 0.8;
            if (random.nextDouble() < presence) {
                values.put(type.attributeId(), value(type));
            }
        }
        return new Document(values);
    }

    Value value(AttributeType type) {
        return switch (type.name()) {
            case "skewed" -> new Value.NumberValue(Math.floor(Math.pow(random.nextDouble(), 4) * 12) / 4 - 1);
            // Eighths: the interpreter sums what doubles are, PostgreSQL what they are written as, and here that is
            // one.
            case "spread" -> new Value.NumberValue(Math.rint(random.nextGaussian() * 8_000) / 8);
            case "short" ->
                new Value.TextValue(
                        List.of("US", "DE", "FR", "é", "us").get((int) (Math.pow(random.nextDouble(), 2) * 5)));
            case "word", "rare" -> new Value.TextValue(WORDS.get(random.nextInt(WORDS.size())));
            case "moment" ->
                new Value.TimestampValue(
                        switch (random.nextInt(5)) {
                            case 0 -> -62135596800000000L + random.nextInt(3);
                            case 1 -> 253402300799999999L - random.nextInt(3);
                            case 2 -> -random.nextLong(3_000_000_000_000_000L);
                            default -> 1_700_000_000_000_000L + random.nextInt(200) * 3_600_000_000L / 7;
                        });
            case "flag" -> new Value.BoolValue(random.nextInt(10) == 0);
            default -> new Value.JsonValue("{\"a\":" + random.nextInt(3) + "}");
        };
    }

    Property property() {
        int index = random.nextInt(attributes.size() - 1 + 4);
        return index < attributes.size() - 1
                ? new Property.Attribute(attributes.get(index))
                : List.of(Property.Intrinsic.values()).get(index - attributes.size() + 1);
    }

    List<SortKey> sort() {
        Map<Property, SortKey> keys = new LinkedHashMap<>();
        for (int i = random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(1 + random.nextInt(4)); i > 0; i--) {
            Property property = property();
            keys.put(property, new SortKey(property, random.nextBoolean()));
        }
        return List.copyOf(keys.values());
    }

    Value valueOf(Property property) {
        return switch (property) {
            case Property.Attribute(AttributeType type) -> value(type);
            case Property.Intrinsic.ENTITY_ID ->
                new Value.NumberValue(random.nextInt(7_000) / (random.nextInt(4) == 0 ? 2.0 : 1.0));
            case Property.Intrinsic.VERSION -> new Value.NumberValue(random.nextInt(4));
            case Property.Intrinsic.ENTITY_TYPE -> new Value.TextValue(TYPES.get(random.nextInt(TYPES.size())));
            case Property.Intrinsic.UPDATED_AT ->
                new Value.TimestampValue(System.currentTimeMillis() * 1_000 - random.nextInt(10_000_000));
        };
    }

    Filter filter(int depth) {
        int kind = depth == 0 ? 3 + random.nextInt(7) : random.nextInt(10);
        return switch (kind) {
            case 0 -> new Filter.Or(operands(depth));
            case 1 -> new Filter.Not(filter(depth - 1));
            case 2 -> new Filter.And(operands(depth));
            default -> leaf();
        };
    }

    private List<Filter> operands(int depth) {
        return IntStream.range(0, 2 + random.nextInt(2))
                .mapToObj(i -> filter(depth - 1))
                .toList();
    }

    private Filter leaf() {
        Property property = property();
        boolean bool = property.dataType() == DataType.BOOL;
        return switch (random.nextInt(bool ? 4 : 8)) {
            case 0 -> new Filter.IsNull(random.nextBoolean() ? property : new Property.Attribute(attributes.getLast()));
            case 1 ->
                new Filter.In(
                        property,
                        IntStream.rangeClosed(0, random.nextInt(random.nextInt(6) == 0 ? 60 : 4))
                                .mapToObj(i -> valueOf(property))
                                .toList());
            case 2 -> new Filter.Comparison(property, Filter.Operator.EQUAL, valueOf(property));
            case 3 -> new Filter.Comparison(property, Filter.Operator.NOT_EQUAL, valueOf(property));
            case 4 -> new Filter.Between(property, valueOf(property), valueOf(property));
            case 5, 6 ->
                property.dataType() == DataType.TEXT && random.nextBoolean()
                        ? new Filter.Like(property, pattern(property))
                        : new Filter.Comparison(property, operator(), valueOf(property));
            default -> new Filter.Comparison(property, operator(), valueOf(property));
        };
    }

    private Filter.Operator operator() {
        return List.of(
                        Filter.Operator.LESS,
                        Filter.Operator.LESS_OR_EQUAL,
                        Filter.Operator.GREATER,
                        Filter.Operator.GREATER_OR_EQUAL)
                .get(random.nextInt(4));
    }

    private LikePattern pattern(Property property) {
        String text = ((Value.TextValue) valueOf(property)).text();
        int from =
                text.isEmpty() ? 0 : text.offsetByCodePoints(0, random.nextInt(text.codePointCount(0, text.length())));
        String literal = text.substring(0, from)
                .replace("\\", "\\\\")
                .replace("%", "\\%")
                .replace("_", "\\_");
        return LikePattern.parse(
                switch (random.nextInt(4)) {
                    case 0 -> literal + "%";
                    case 1 -> "%" + literal + "_";
                    case 2 -> "_" + literal + "%";
                    default -> literal + "_";
                });
    }

    AggregateQuery aggregate() {
        List<GroupKey> keys = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            Property property = property();
            keys.add(
                    switch (property.dataType()) {
                        case NUMBER ->
                            random.nextBoolean() || property instanceof Property.Intrinsic
                                    ? new GroupKey.Histogram(property, -500.5, 700, 1 + random.nextInt(9))
                                    : new GroupKey.ByValue(property);
                        case TS ->
                            new GroupKey.ByInterval(
                                    property,
                                    List.of(GroupKey.Interval.values()).get(random.nextInt(4)));
                        default -> new GroupKey.ByValue(property);
                    });
        }
        List<Metric> metrics = new ArrayList<>();
        metrics.add(new Metric(Metric.Operation.COUNT, java.util.Optional.empty()));
        for (int i = random.nextInt(4); i > 0; i--) {
            Property property = property();
            List<Metric.Operation> operations = switch (property.dataType()) {
                case NUMBER -> List.of(Metric.Operation.values());
                case BOOL -> List.of(Metric.Operation.COUNT, Metric.Operation.COUNT_DISTINCT);
                default ->
                    List.of(
                            Metric.Operation.COUNT,
                            Metric.Operation.COUNT_DISTINCT,
                            Metric.Operation.MIN,
                            Metric.Operation.MAX);
            };
            metrics.add(new Metric(operations.get(random.nextInt(operations.size())), java.util.Optional.of(property)));
        }
        List<AggregateSort> sorts = new ArrayList<>();
        if (random.nextBoolean()) {
            sorts.add(new AggregateSort.ByMetric(random.nextInt(metrics.size()), random.nextBoolean()));
        }
        if (!keys.isEmpty() && random.nextBoolean()) {
            sorts.add(new AggregateSort.ByKey(random.nextInt(keys.size()), random.nextBoolean()));
        }
        return new AggregateQuery(
                random.nextInt(4) == 0 ? Filter.ALL : filter(2),
                keys,
                metrics,
                sorts,
                random.nextInt(3) == 0 ? 3 : 1_000);
    }
}
