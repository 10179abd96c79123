package com.atlasco.atlas.postgres.read;

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
        List<Driver> drivers = new ArrayList<>();
        conjuncts(filter).forEach(conjunct -> driver(conjunct).ifPresent(drivers::add));
        return drivers;
    }

    static List<Filter> conjuncts(Filter filter) {
        return filter instanceof Filter.And(List<Filter> operands)
                ? operands.stream()
                        .flatMap(operand -> conjuncts(operand).stream())
                        .toList()
                : List.of(filter);
    }

    /** Whether only rows that have the property can pass the filter, as far as its conjuncts tell. */
    static boolean requires(Filter filter, Property property) {
        return conjuncts(filter).stream().anyMatch(conjunct -> switch (conjunct) {
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
            case Filter.Not _,
                    Filter.And _,
                    Filter.Or _,
                    Filter.IsNull _,
                    Filter.Constant _,
                    Filter.TermIsNull _,
                    Filter.IsUnknown _ -> false;
        });
    }

    private static Optional<Driver> driver(Filter filter) {
        return switch (filter) {
            case Filter.Comparison(Property property, Filter.Operator operator, Value value) ->
                IndexKey.of(property)
                        .flatMap(key -> condition(key, operator, value).map(found -> new Scan(key, found)));
            case Filter.Between(Property property, Value low, Value high) ->
                IndexKey.of(property)
                        .map(key -> new Scan(
                                key,
                                new Condition.Range(
                                        Optional.of(low(key, low, true)), Optional.of(high(key, high, true)))));
            case Filter.In(Property property, List<Value> values) ->
                IndexKey.of(property).map(key -> new Scan(key, in(key, values)));
            case Filter.Like(Property property, var pattern)
            when !pattern.prefix().isEmpty() ->
                IndexKey.of(property).map(key -> new Scan(key, prefix(key, pattern.prefix())));
            case Filter.Or(List<Filter> operands) -> union(operands);
            case Filter.And _ -> of(filter).stream().min(Comparator.comparingInt(Drivers::rank));
            case Filter.Like _,
                    Filter.Not _,
                    Filter.IsNull _,
                    Filter.Constant _,
                    Filter.TermComparison _,
                    Filter.TermIn _,
                    Filter.TermLike _,
                    Filter.TermIsNull _,
                    Filter.IsUnknown _,
                    Filter.ArrayContains _,
                    Filter.ArrayOverlaps _ -> Optional.empty();
        };
    }

    /** Only where every branch has a driver: rows of a branch without one would be missing. */
    private static Optional<Driver> union(List<Filter> operands) {
        List<Driver> branches = new ArrayList<>();
        for (Filter operand : operands) {
            Optional<Driver> branch = driver(operand);
            if (branch.isEmpty()) {
                return Optional.empty();
            }
            branches.add(branch.get());
        }
        return Optional.of(new Driver.Union(branches));
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

    private static Optional<Condition> condition(IndexKey key, Filter.Operator operator, Value value) {
        return switch (operator) {
            case EQUAL -> Optional.of(equal(key, value));
            case NOT_EQUAL -> Optional.empty();
            case LESS -> Optional.of(new Condition.Range(Optional.empty(), Optional.of(high(key, value, false))));
            case LESS_OR_EQUAL ->
                Optional.of(new Condition.Range(Optional.empty(), Optional.of(high(key, value, true))));
            case GREATER -> Optional.of(new Condition.Range(Optional.of(low(key, value, false)), Optional.empty()));
            case GREATER_OR_EQUAL ->
                Optional.of(new Condition.Range(Optional.of(low(key, value, true)), Optional.empty()));
        };
    }

    private static Condition equal(IndexKey key, Value value) {
        return new Condition.Equal(key.keyOf(value));
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
