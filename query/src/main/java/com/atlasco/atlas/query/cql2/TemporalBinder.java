package com.atlasco.atlas.query.cql2;

import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.query.cql2.Expression.PropertyName;
import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.query.filter.Filter.Operator;
import com.atlasco.atlas.query.filter.Term;
import java.util.List;
import java.util.Set;

/**
 * Turns the functions on time into comparisons of starts and ends, as the standard defines them. An instant starts and
 * ends at once; intervals include both their ends; an end that is open lies beyond all timestamps there are. A date is
 * its first instant in UTC, but as the end of an interval its last.
 */
final class TemporalBinder {

    private static final Set<String> OF_INSTANTS =
            Set.of("T_AFTER", "T_BEFORE", "T_DISJOINT", "T_EQUALS", "T_INTERSECTS");

    private final TermBinder terms;

    TemporalBinder(TermBinder terms) {
        this.terms = terms;
    }

    /** A moment: one before all timestamps, one after them, or a term of type ts. */
    private sealed interface Moment {

        record Before() implements Moment {}

        record At(Term term, Expression expression) implements Moment {}

        record After() implements Moment {}
    }

    private record Extent(Moment start, Moment end) {
        boolean isInstant() {
            return start.equals(end);
        }
    }

    Filter bind(Expression.StandardCall call) {
        Extent a = extent(call, call.left());
        Extent b = extent(call, call.right());
        return switch (call.function()) {
            case "T_AFTER" -> compare(a.start, Operator.GREATER, b.end);
            case "T_BEFORE" -> compare(a.end, Operator.LESS, b.start);
            case "T_DISJOINT" ->
                Comparisons.or(
                        List.of(compare(a.end, Operator.LESS, b.start), compare(a.start, Operator.GREATER, b.end)));
            case "T_INTERSECTS" -> intersects(a, b);
            case "T_EQUALS" -> both(a.start, Operator.EQUAL, b.start, a.end, Operator.EQUAL, b.end);
            case "T_CONTAINS" -> both(a.start, Operator.LESS, b.start, a.end, Operator.GREATER, b.end);
            case "T_DURING" -> both(a.start, Operator.GREATER, b.start, a.end, Operator.LESS, b.end);
            case "T_FINISHEDBY" -> both(a.start, Operator.LESS, b.start, a.end, Operator.EQUAL, b.end);
            case "T_FINISHES" -> both(a.start, Operator.GREATER, b.start, a.end, Operator.EQUAL, b.end);
            case "T_MEETS" -> compare(a.end, Operator.EQUAL, b.start);
            case "T_METBY" -> compare(a.start, Operator.EQUAL, b.end);
            case "T_OVERLAPPEDBY" -> overlaps(b, a);
            case "T_OVERLAPS" -> overlaps(a, b);
            case "T_STARTEDBY" -> both(a.start, Operator.EQUAL, b.start, a.end, Operator.GREATER, b.end);
            case "T_STARTS" -> both(a.start, Operator.EQUAL, b.start, a.end, Operator.LESS, b.end);
            default -> throw TypeErrors.unsupported(call);
        };
    }

    /** Of a property and an interval of literals a range, which an index can serve. */
    private Filter intersects(Extent a, Extent b) {
        if (a.isInstant() && b.isInstant()) {
            return compare(a.start, Operator.EQUAL, b.start);
        }
        Extent interval = a.isInstant() ? b : a;
        if ((a.isInstant() ? a : b).start instanceof Moment.At(Term.Reference(var property), var _)
                && a.isInstant() != b.isInstant()
                && interval.start instanceof Moment.At(Term.Literal(Value low), var _)
                && interval.end instanceof Moment.At(Term.Literal(Value high), var _)) {
            return new Filter.Between(property, low, high);
        }
        return both(a.start, Operator.LESS_OR_EQUAL, b.end, a.end, Operator.GREATER_OR_EQUAL, b.start);
    }

    private Filter overlaps(Extent a, Extent b) {
        return Comparisons.and(List.of(
                compare(a.start, Operator.LESS, b.start),
                compare(a.end, Operator.GREATER, b.start),
                compare(a.end, Operator.LESS, b.end)));
    }

    private Filter both(Moment a, Operator first, Moment b, Moment c, Operator second, Moment d) {
        return a.equals(c) && b.equals(d) && first == second
                ? compare(a, first, b)
                : Comparisons.and(List.of(compare(a, first, b), compare(c, second, d)));
    }

    private Filter compare(Moment left, Operator operator, Moment right) {
        return switch (left) {
            case Moment.At(Term term, Expression expression) ->
                switch (right) {
                    case Moment.At(Term other, Expression otherExpression) ->
                        Comparisons.normal(term, operator, other, expression, otherExpression);
                    case Moment.After _ -> bounded(term, expression, isTrue(operator, -1), true);
                    case Moment.Before _ -> bounded(term, expression, isTrue(operator, 1), false);
                };
            case Moment.Before _ ->
                right instanceof Moment.At
                        ? compare(right, operator.flipped(), left)
                        : new Filter.Constant(isTrue(operator, right instanceof Moment.Before ? 0 : -1));
            case Moment.After _ ->
                right instanceof Moment.At
                        ? compare(right, operator.flipped(), left)
                        : new Filter.Constant(isTrue(operator, right instanceof Moment.After ? 0 : 1));
        };
    }

    /** True or false of every timestamp, and unknown where there is none. */
    private Filter bounded(Term term, Expression expression, boolean truth, boolean latest) {
        Operator operator = latest
                ? (truth ? Operator.LESS_OR_EQUAL : Operator.GREATER)
                : (truth ? Operator.GREATER_OR_EQUAL : Operator.LESS);
        Term bound = new Term.Literal(latest ? Instants.LATEST : Instants.EARLIEST);
        return Comparisons.normal(term, operator, bound, expression, expression);
    }

    private static boolean isTrue(Operator operator, int order) {
        return switch (operator) {
            case EQUAL -> order == 0;
            case NOT_EQUAL -> order != 0;
            case LESS -> order < 0;
            case LESS_OR_EQUAL -> order <= 0;
            case GREATER -> order > 0;
            case GREATER_OR_EQUAL -> order >= 0;
        };
    }

    private Extent extent(Expression.StandardCall call, Expression operand) {
        if (operand instanceof Expression.IntervalLiteral interval) {
            Extent extent = new Extent(bound(call, interval.start(), false), bound(call, interval.end(), true));
            checkOrder(interval, extent);
            return extent;
        }
        Moment instant = new Moment.At(instant(call, operand), operand);
        if (!OF_INSTANTS.contains(call.function())) {
            throw TypeErrors.of(
                    "%s applies to intervals; %s is an instant".formatted(call.function(), operand.describe()),
                    operand.position(),
                    "Write INTERVAL(start, end), or ask for an instant with T_INTERSECTS, T_AFTER, T_BEFORE or"
                            + " comparisons.");
        }
        return new Extent(instant, instant);
    }

    private Moment bound(Expression.StandardCall call, Expression bound, boolean end) {
        return switch (bound) {
            case Expression.TextLiteral text
            when Instants.isOpen(text) -> end ? new Moment.After() : new Moment.Before();
            case Expression.TextLiteral text -> new Moment.At(new Term.Literal(Instants.bound(text, end)), bound);
            case Expression.InstantLiteral(Value.TimestampValue instant, boolean date, var _) ->
                new Moment.At(new Term.Literal(date && end ? Instants.lastOfDay(instant) : instant), bound);
            default -> new Moment.At(instant(call, bound), bound);
        };
    }

    private Term instant(Expression.StandardCall call, Expression operand) {
        if (operand instanceof PropertyName name && terms.resolve(name).dataType() != DataType.TS) {
            throw TypeErrors.wrongType(operand, terms.resolve(name).dataType(), call.function(), DataType.TS);
        }
        Term term = terms.term(operand);
        if (term.dataType() != DataType.TS) {
            throw TypeErrors.wrongType(operand, term.dataType(), call.function(), DataType.TS);
        }
        return term;
    }

    private static void checkOrder(Expression.IntervalLiteral interval, Extent extent) {
        if (extent.start instanceof Moment.At(Term.Literal(Value.TimestampValue(long start)), var _)
                && extent.end instanceof Moment.At(Term.Literal(Value.TimestampValue(long end)), var _)
                && start > end) {
            throw TypeErrors.of(
                    "the interval ends before it starts", interval.position(), "Write the earlier instant first.");
        }
    }
}
