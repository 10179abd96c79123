package com.atlasco.atlas.query.cql2;

import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.query.filter.Filter.Operator;
import com.atlasco.atlas.query.filter.Property;
import com.atlasco.atlas.query.filter.Term;
import com.atlasco.atlas.query.interpret.FilterInterpreter;
import java.util.List;

/**
 * Brings comparisons into the simplest form that says the same: a property with a literal, as planners of indexes know
 * it, wherever that is possible; literals with literals are decided.
 */
final class Comparisons {

    private Comparisons() {}

    /** Two sides of one type, each with the expression that it comes from. */
    static Filter normal(
            Term left, Operator operator, Term right, Expression leftExpression, Expression rightExpression) {
        if (left instanceof Term.Reference(Property property) && right instanceof Term.Literal(Value value)) {
            checkExact(property, value, rightExpression);
            return new Filter.Comparison(property, operator, value);
        }
        if (left instanceof Term.Literal && right instanceof Term.Reference) {
            return normal(right, operator.flipped(), left, rightExpression, leftExpression);
        }
        return decided(new Filter.TermComparison(left, operator, right));
    }

    /** The truth of a filter that names no property, where it is known. */
    static Filter decided(Filter filter) {
        return Filter.properties(filter).findAny().isPresent()
                ? filter
                : FilterInterpreter.evaluate(filter)
                        .<Filter>map(Filter.Constant::new)
                        .orElse(filter);
    }

    /** All of them, without those that are decided. */
    static Filter and(List<Filter> operands) {
        return connected(operands, true);
    }

    /** Any of them, without those that are decided. */
    static Filter or(List<Filter> operands) {
        return connected(operands, false);
    }

    private static Filter connected(List<Filter> operands, boolean conjunction) {
        List<Filter> open = operands.stream()
                .filter(operand -> !operand.equals(new Filter.Constant(conjunction)))
                .toList();
        if (open.contains(new Filter.Constant(!conjunction))) {
            return new Filter.Constant(!conjunction);
        }
        return switch (open.size()) {
            case 0 -> new Filter.Constant(conjunction);
            case 1 -> open.getFirst();
            default -> conjunction ? new Filter.And(open) : new Filter.Or(open);
        };
    }

    /** Whole numbers are compared with numbers that are exactly whole ones. */
    private static void checkExact(Property property, Value value, Expression expression) {
        if (property instanceof Property.Intrinsic
                && property.dataType() == DataType.NUMBER
                && value instanceof Value.NumberValue(double number)
                && (number != Math.rint(number) || Math.abs(number) >= Literals.BEYOND_LONG)) {
            throw Literals.inexact(property, expression);
        }
    }
}
