package com.atlasco.atlas.bench.filter;

import com.atlasco.atlas.bench.dataset.Dataset.Attribute;
import com.atlasco.atlas.bench.dataset.EntitySource;
import com.atlasco.atlas.model.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** How an attribute's values are distributed, as a sample of entities tells. Immutable. */
final class Distributions {

    static final Comparator<Value> BY_VALUE = (left, right) -> switch (left) {
        case Value.NumberValue(double number) -> Double.compare(number, ((Value.NumberValue) right).number());
        case Value.TextValue(String text) -> text.compareTo(((Value.TextValue) right).text());
        case Value.TimestampValue(long micros) -> Long.compare(micros, ((Value.TimestampValue) right).epochMicros());
        case Value.BoolValue(boolean bool) -> Boolean.compare(bool, ((Value.BoolValue) right).bool());
        case Value.JsonValue(String json) -> json.compareTo(((Value.JsonValue) right).json());
    };

    private static final int SAMPLE = 20_000;

    private final List<Attribute> attributes;
    private final List<List<Value>> sorted = new ArrayList<>();
    private final List<Integer> distinct = new ArrayList<>();
    private final int sampled;

    Distributions(EntitySource source, long entities) {
        this.attributes = source.attributes();
        this.sampled = (int) Math.min(SAMPLE, entities);
        List<List<Value>> values = new ArrayList<>();
        attributes.forEach(attribute -> values.add(new ArrayList<>()));
        for (long entityId = 1; entityId <= sampled; entityId++) {
            List<Optional<Value>> entity = source.entity(entityId);
            for (int i = 0; i < entity.size(); i++) {
                entity.get(i).ifPresent(values.get(i)::add);
            }
        }
        values.forEach(each -> {
            Value[] ordered = each.toArray(Value[]::new);
            Arrays.sort(ordered, BY_VALUE);
            sorted.add(List.of(ordered));
            distinct.add((int) each.stream().distinct().count());
        });
    }

    /** Whether every entity has it. */
    boolean isComplete(int attribute) {
        return sorted.get(attribute).size() == sampled;
    }

    /** How many different values the sample has. */
    int distinct(int attribute) {
        return distinct.get(attribute);
    }

    /** How much of all has this value. */
    double share(int attribute, Value value) {
        return (double) (position(attribute, value, true) - position(attribute, value, false)) / sampled;
    }

    double prefixShare(int attribute, String prefix) {
        int from = position(attribute, new Value.TextValue(prefix), false);
        int to = position(attribute, new Value.TextValue(prefix + Character.MAX_VALUE), false);
        // Beyond what a sample can tell, a hexadecimal digit more is a sixteenth.
        return to - from > 1 ? (double) (to - from) / sampled : Math.pow(16, -prefix.length());
    }

    /** How much lies below the value, with half of its equals. */
    double rank(int attribute, Value value) {
        return (position(attribute, value, false) + position(attribute, value, true))
                / 2.0
                / sorted.get(attribute).size();
    }

    /** The value that so much lies below; between two of the sample where there is something between. */
    Value quantile(int attribute, double rank) {
        List<Value> values = sorted.get(attribute);
        double place = Math.clamp(rank, 0, 1) * values.size() - 0.5;
        int low = (int) Math.clamp(Math.floor(place), 0, values.size() - 1);
        int high = Math.min(values.size() - 1, low + 1);
        double part = Math.clamp(place - low, 0, 1);
        return switch (values.get(low)) {
            case Value.NumberValue(double from) -> {
                double to = ((Value.NumberValue) values.get(high)).number();
                yield new Value.NumberValue(from + (to - from) * part);
            }
            case Value.TimestampValue(long from) -> {
                long to = ((Value.TimestampValue) values.get(high)).epochMicros();
                yield new Value.TimestampValue(from + (long) ((to - from) * part));
            }
            case Value.TextValue _, Value.BoolValue _, Value.JsonValue _ -> values.get(low);
        };
    }

    /** How much a predicate keeps, at least a part of a million. */
    double share(Predicate predicate) {
        double share = switch (predicate) {
            case Predicate.Equal(Attribute attribute, Value value) -> share(index(attribute), value);
            case Predicate.Range(Attribute attribute, var low, var high) ->
                high.map(value -> rank(index(attribute), value)).orElse(1.0)
                        - low.map(value -> rank(index(attribute), value)).orElse(0.0);
            case Predicate.Prefix(Attribute attribute, String prefix) -> prefixShare(index(attribute), prefix);
            case Predicate.In(Attribute attribute, List<String> values) ->
                values.stream()
                        .mapToDouble(value -> share(index(attribute), new Value.TextValue(value)))
                        .sum();
            case Predicate.Not(Predicate.Equal operand) -> 1 - share(operand);
            case Predicate.Or(List<Predicate.Simple> operands) ->
                operands.stream().mapToDouble(this::share).sum();
        };
        return Math.clamp(share, 1e-6, 1);
    }

    private int index(Attribute attribute) {
        return attributes.indexOf(attribute);
    }

    /** How many of the sample are less than the value, or, with equals, not more. */
    private int position(int attribute, Value value, boolean equals) {
        List<Value> values = sorted.get(attribute);
        int low = 0;
        int high = values.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            int order = BY_VALUE.compare(values.get(middle), value);
            if (order < 0 || (equals && order == 0)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
