package com.atlasco.atlas.bench.filter;

import com.atlasco.atlas.bench.dataset.Dataset.Attribute;
import com.atlasco.atlas.model.NumberText;
import com.atlasco.atlas.model.Value;
import java.util.List;
import java.util.stream.Collectors;

/** Filters as CQL2 text. */
public final class Cql2 {

    private Cql2() {}

    /** All of them hold. */
    public static String text(List<Predicate> predicates) {
        return predicates.stream().map(Cql2::text).collect(Collectors.joining(" AND "));
    }

    private static String text(Predicate predicate) {
        return switch (predicate) {
            case Predicate.Equal(Attribute attribute, Value value) -> attribute.name() + " = " + literal(value);
            case Predicate.Range(Attribute attribute, var low, var high) ->
                low.map(value -> attribute.name() + " >= " + literal(value)).orElse("")
                        + (low.isPresent() && high.isPresent() ? " AND " : "")
                        + high.map(value -> attribute.name() + " < " + literal(value))
                                .orElse("");
            case Predicate.Prefix(Attribute attribute, String prefix) -> attribute.name() + " LIKE '" + prefix + "%'";
            case Predicate.In(Attribute attribute, List<String> values) ->
                attribute.name() + values.stream().collect(Collectors.joining("', '", " IN ('", "')"));
            case Predicate.Not(Predicate.Equal operand) -> "NOT (" + text(operand) + ")";
            case Predicate.Or(List<Predicate.Simple> operands) ->
                operands.stream()
                        .map(operand -> "(" + text(operand) + ")")
                        .collect(Collectors.joining(" OR ", "(", ")"));
        };
    }

    private static String literal(Value value) {
        return switch (value) {
            case Value.NumberValue(double number) -> NumberText.of(number);
            // None of the texts here needs escaping.
            case Value.TextValue(String text) -> "'" + text + "'";
            case Value.TimestampValue timestamp -> "TIMESTAMP('" + timestamp.instant() + "')";
            case Value.BoolValue(boolean bool) -> bool ? "TRUE" : "FALSE";
            case Value.JsonValue _ -> throw new IllegalArgumentException("the data sets have no JSON values");
        };
    }
}
