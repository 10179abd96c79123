package com.atlasco.atlas.postgres.read;

import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.postgres.read.Driver.Bound;
import com.atlasco.atlas.postgres.read.Driver.Condition;
import com.atlasco.atlas.postgres.read.Driver.Scan;
import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.query.filter.Property;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds the parts of a filter that an index can answer. Every row the filter keeps is among those of each driver. */
final class Drivers {

    private Drivers() {}

    /** One driver per conjunct that has one. */
    static List<Driver> of(Filter filter) {
        return parts(filter).stream().flatMap(part -> part.driver().stream()).toList();
    }

    /** What the filter is a conjunction of. */
    static List<Part> parts(Filter filter) {
        List<Part> parts = new ArrayList<>();
        NormalForm.conjuncts(filter).stream().map(Drivers::part).forEach(part -> addOrJoin(parts, part));
        return parts;
    }

    /** A range that is open above and one of the same index that is open below are one. */
    private static void addOrJoin(List<Part> parts, Part part) {
        for (int i = 0; i < parts.size(); i++) {
            Optional<Part> joined = joined(parts.get(i), part);
            if (joined.isPresent()) {
                parts.set(i, joined.get());
                return;
            }
        }
        parts.add(part);
    }

    private static Optional<Part> joined(Part one, Part other) {
        if (one.driver().isPresent()
                && other.driver().isPresent()
                && one.driver().get() instanceof Scan(IndexKey key, Condition.Range(var low, var high))
                && other.driver().get() instanceof Scan(IndexKey otherKey, Condition.Range(var otherLow, var otherHigh))
                && key.equals(otherKey)
                && low.isPresent() != high.isPresent()
                && otherLow.isPresent() != otherHigh.isPresent()
                && low.isPresent() != otherLow.isPresent()) {
            return Optional.of(new Part(
                    new Filter.And(List.of(one.filter(), other.filter())),
                    Optional.of(new Scan(key, new Condition.Range(low.or(() -> otherLow), high.or(() -> otherHigh)))),
                    one.exact() && other.exact(),
                    Optional.empty()));
        }
        return Optional.empty();
    }

    private static Part part(Filter conjunct) {
        Optional<Found> found = find(conjunct);
        Optional<Driver> absent = conjunct instanceof Filter.IsNull(Property.Attribute attribute)
                ? IndexKey.of(attribute).map(Drivers::present)
                : Optional.empty();
        return new Part(
                conjunct, found.map(Found::driver), found.filter(Found::exact).isPresent(), absent);
    }

    /** All entries of an index. */
    private static Scan present(IndexKey key) {
        return new Scan(key, new Condition.Range(Optional.empty(), Optional.empty()));
    }

    /** Whether only rows that have the property can pass the filter, as far as its conjuncts tell. */
    static boolean requires(Filter filter, Property property) {
        return NormalForm.conjuncts(filter).stream().anyMatch(conjunct -> switch (conjunct) {
            case Filter.Comparison(Property on, var _, var _) -> on.equals(property);
            case Filter.Between(Property on, var _, var _) -> on.equals(property);
            case Filter.In(Property on, var _) -> on.equals(property);
            case Filter.Like(Property on, var _) -> on.equals(property);
            case Filter.Not(Filter.IsNull(Property on)) -> on.equals(property);
            case Filter.TermComparison comparison ->
                Filter.properties(comparison).anyMatch(property::equals);
            case Filter.TermIn in -> Filter.properties(in).anyMatch(property::equals);
            case Filter.TermLike like -> Filter.properties(like).anyMatch(property::equals);
            case Filter.ArrayContains contains -> Filter.properties(contains).anyMatch(property::equals);
            case Filter.ArrayOverlaps overlaps -> Filter.properties(overlaps).anyMatch(property::equals);
            default -> false;
        });
    }

    /** A driver, and whether it leads to nothing but what the filter keeps. */
    private record Found(Driver driver, boolean exact) {}

    private static Optional<Found> find(Filter filter) {
        return switch (filter) {
            case Filter.Comparison(Property property, Filter.Operator operator, Value value) ->
                IndexKey.of(property).flatMap(key -> comparison(key, operator, value));
            case Filter.Between(Property property, Value low, Value high) ->
                IndexKey.of(property)
                        .map(key -> new Found(
                                new Scan(
                                        key,
                                        new Condition.Range(
                                                Optional.of(low(key, low, true)), Optional.of(high(key, high, true)))),
                                isExact(key, low) && isExact(key, high)));
            case Filter.In(Property property, List<Value> values) ->
                IndexKey.of(property)
                        .map(key -> new Found(
                                new Scan(key, in(key, values)),
                                values.stream().allMatch(value -> isExact(key, value))));
            case Filter.Like(Property property, var pattern)
            when !pattern.prefix().isEmpty() ->
                IndexKey.of(property).map(key -> new Found(new Scan(key, prefix(key, pattern.prefix())), false));
            case Filter.Not(Filter.IsNull(Property.Attribute attribute)) ->
                IndexKey.of(attribute).map(key -> new Found(present(key), true));
            case Filter.Or(List<Filter> operands) -> union(operands);
            case Filter.And _ -> {
                List<Part> parts = parts(filter);
                yield parts.stream()
                        .filter(part -> part.driver().isPresent())
                        .map(part -> new Found(part.driver().orElseThrow(), part.exact() && parts.size() == 1))
                        .min(Comparator.comparingInt(found -> rank(found.driver())));
            }
            default -> Optional.empty();
        };
    }

    private static boolean isExact(IndexKey key, Value value) {
        return !key.equals(IndexKey.ENTITY_ID) && key.isExact(value);
    }

    /** Only where every branch has a driver: rows of a branch without one would be missing. */
    private static Optional<Found> union(List<Filter> operands) {
        List<Driver> branches = new ArrayList<>();
        boolean exact = true;
        for (Filter operand : operands) {
            Optional<Found> branch = find(operand);
            if (branch.isEmpty()) {
                return Optional.empty();
            }
            branches.add(branch.get().driver());
            exact &= branch.get().exact();
        }
        return Optional.of(new Found(new Driver.Union(branches), exact));
    }

    /** Without looking at the data, the narrower kind of condition is the better guess. */
    private static int rank(Driver driver) {
        return switch (driver) {
            case Scan(var _, Condition.Equal _) -> 0;
            case Scan(var _, Condition.In _) -> 1;
            case Scan(var _, Condition.Range range) ->
                range.low().isPresent() && range.high().isPresent() ? 2 : 3;
            case Driver.Union _ -> 4;
        };
    }

    private static Optional<Found> comparison(IndexKey key, Filter.Operator operator, Value value) {
        if (operator == Filter.Operator.NOT_EQUAL) {
            return notEqual(key, value);
        }
        Condition condition = switch (operator) {
            case EQUAL -> new Condition.Equal(key.keyOf(value));
            case LESS -> new Condition.Range(Optional.empty(), Optional.of(high(key, value, false)));
            case LESS_OR_EQUAL -> new Condition.Range(Optional.empty(), Optional.of(high(key, value, true)));
            case GREATER -> new Condition.Range(Optional.of(low(key, value, false)), Optional.empty());
            case GREATER_OR_EQUAL, NOT_EQUAL ->
                new Condition.Range(Optional.of(low(key, value, true)), Optional.empty());
        };
        return Optional.of(new Found(new Scan(key, condition), isExact(key, value)));
    }

    /** What lies before the value and what lies behind it; of truth values, the other one. */
    private static Optional<Found> notEqual(IndexKey key, Value value) {
        if (value.dataType() == DataType.BOOL) {
            boolean other = !((Value.BoolValue) value).bool();
            return Optional.of(new Found(new Scan(key, new Condition.Equal(other)), true));
        }
        if (!isExact(key, value)) {
            return Optional.empty();
        }
        return Optional.of(new Found(
                new Driver.Union(List.of(
                        new Scan(key, new Condition.Range(Optional.empty(), Optional.of(high(key, value, false)))),
                        new Scan(key, new Condition.Range(Optional.of(low(key, value, false)), Optional.empty())))),
                true));
    }

    private static Condition in(IndexKey key, List<Value> values) {
        List<Object> keys = values.stream().map(key::keyOf).distinct().toList();
        return keys.size() == 1 ? new Condition.Equal(keys.getFirst()) : new Condition.In(keys);
    }

    // Where a key stands for more than its value, or an entity_id is compared with a fraction, the bound itself belongs
    // to the range: too much is found, never too little.

    private static Bound low(IndexKey key, Value value, boolean inclusive) {
        return key.equals(IndexKey.ENTITY_ID) && value instanceof Value.NumberValue(double number)
                ? new Bound(IndexKey.round(number, RoundingMode.FLOOR), true)
                : new Bound(key.keyOf(value), inclusive || !key.isExact(value));
    }

    private static Bound high(IndexKey key, Value value, boolean inclusive) {
        return key.equals(IndexKey.ENTITY_ID) && value instanceof Value.NumberValue(double number)
                ? new Bound(IndexKey.round(number, RoundingMode.CEILING), true)
                : new Bound(key.keyOf(value), inclusive || !key.isExact(value));
    }

    private static Condition prefix(IndexKey key, String prefix) {
        String from = key.isTextKey() ? IndexKey.textKey(prefix) : prefix;
        return new Condition.Range(
                Optional.of(new Bound(from, true)), after(from).map(end -> new Bound(end, false)));
    }

    /** The least text in the order of code points that is greater than all that begin so; empty when there is none. */
    static Optional<String> after(String prefix) {
        int[] codePoints = prefix.codePoints().toArray();
        for (int length = codePoints.length; length > 0; length--) {
            int last = codePoints[length - 1];
            if (last < Character.MAX_CODE_POINT) {
                // Surrogates are no code points of text.
                int next = last + 1 == Character.MIN_SURROGATE ? Character.MAX_SURROGATE + 1 : last + 1;
                return Optional.of(new StringBuilder(new String(codePoints, 0, length - 1))
                        .appendCodePoint(next)
                        .toString());
            }
        }
        return Optional.empty();
    }
}
