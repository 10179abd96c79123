package com.atlasco.atlas.postgres.read;

import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.query.filter.Filter.Operator;
import com.atlasco.atlas.query.filter.Property;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A filter without NOT where there is another way to say it, so that an index can serve it: De Morgan's laws and turned
 * comparisons, which hold in three-valued logic too, since a comparison with a missing value is unknown either way.
 */
final class NormalForm {

    private NormalForm() {}

    /** Conjuncts that together mean the same. */
    static List<Filter> conjuncts(Filter filter) {
        List<Filter> conjuncts = new ArrayList<>();
        flatten(of(filter), conjuncts);
        return conjuncts;
    }

    private static void flatten(Filter filter, List<Filter> conjuncts) {
        switch (filter) {
            case Filter.And(List<Filter> operands) -> operands.forEach(operand -> flatten(operand, conjuncts));
            case Filter.Constant(boolean keeps) when keeps -> {}
            default -> conjuncts.add(filter);
        }
    }

    static Filter of(Filter filter) {
        return switch (filter) {
            case Filter.And(List<Filter> operands) ->
                new Filter.And(operands.stream().map(NormalForm::of).toList());
            case Filter.Or(List<Filter> operands) ->
                new Filter.Or(operands.stream().map(NormalForm::of).toList());
            case Filter.Not(Filter operand) -> not(operand).orElse(filter);
            default -> filter;
        };
    }

    /** The opposite without a NOT around it; empty where there is none. */
    private static Optional<Filter> not(Filter filter) {
        return switch (filter) {
            case Filter.Constant(boolean keeps) -> Optional.of(new Filter.Constant(!keeps));
            case Filter.Not(Filter operand) -> Optional.of(of(operand));
            case Filter.And(List<Filter> operands) -> Optional.of(new Filter.Or(opposites(operands)));
            case Filter.Or(List<Filter> operands) -> Optional.of(new Filter.And(opposites(operands)));
            case Filter.Comparison(Property property, Operator operator, var value) ->
                Optional.of(new Filter.Comparison(property, opposite(operator), value));
            case Filter.Between(Property property, var low, var high) ->
                Optional.of(new Filter.Or(List.of(
                        new Filter.Comparison(property, Operator.LESS, low),
                        new Filter.Comparison(property, Operator.GREATER, high))));
            case Filter.In(Property property, var values) ->
                Optional.of(
                        values.size() == 1
                                ? new Filter.Comparison(property, Operator.NOT_EQUAL, values.getFirst())
                                : new Filter.And(values.stream()
                                        .<Filter>map(
                                                value -> new Filter.Comparison(property, Operator.NOT_EQUAL, value))
                                        .toList()));
            default -> Optional.empty();
        };
    }

    private static List<Filter> opposites(List<Filter> operands) {
        return operands.stream()
                .map(operand -> not(operand).orElseGet(() -> new Filter.Not(operand)))
                .toList();
    }

    private static Operator opposite(Operator operator) {
        return switch (operator) {
            case EQUAL -> Operator.NOT_EQUAL;
            case NOT_EQUAL -> Operator.EQUAL;
            case LESS -> Operator.GREATER_OR_EQUAL;
            case LESS_OR_EQUAL -> Operator.GREATER;
            case GREATER -> Operator.LESS_OR_EQUAL;
            case GREATER_OR_EQUAL -> Operator.LESS;
        };
    }
}
