package com.atlasco.atlas.query.cql2;

import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.query.filter.LikePattern;
import com.atlasco.atlas.query.filter.Property;
import com.atlasco.atlas.query.filter.Term;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Writes filters as CQL2 text: one text per filter, which {@link FilterParser} reads back as an equal filter when no AND
 * lies directly in an AND and no OR in an OR, as the parser has it. Thread-safe.
 */
public final class FilterPrinter {

    private static final double BEYOND_LONG = 0x1p63;

    private FilterPrinter() {}

    public static String toText(Filter filter) {
        return switch (filter) {
            case Filter.Constant(boolean value) -> value ? "TRUE" : "FALSE";
            case Filter.And(List<Filter> operands) ->
                operands.stream().map(FilterPrinter::operandOfAnd).collect(Collectors.joining(" AND "));
            case Filter.Or(List<Filter> operands) ->
                operands.stream().map(FilterPrinter::toText).collect(Collectors.joining(" OR "));
            case Filter.Not(Filter operand) -> negated(operand);
            case Filter.Comparison(Property property, Filter.Operator operator, Value value) ->
                "%s %s %s".formatted(name(property), operator.symbol(), literal(value));
            case Filter.Between between -> between(between, "BETWEEN");
            case Filter.In in -> in(in, "IN");
            case Filter.Like like -> like(like, "LIKE");
            case Filter.IsNull(Property property) -> name(property) + " IS NULL";
            case Filter.TermComparison(Term left, Filter.Operator operator, Term right) ->
                TermPrinter.comparison(left, operator, right);
            case Filter.TermIn(Term operand, List<Value> values) -> TermPrinter.in(operand, values);
            case Filter.TermLike(Term operand, LikePattern pattern) -> TermPrinter.like(operand, pattern);
            case Filter.TermIsNull(Term operand) -> TermPrinter.isNull(operand);
            case Filter.IsUnknown(Filter operand) -> "(" + toText(operand) + ") IS NULL";
            case Filter.ArrayContains(Term whole, Term part) -> TermPrinter.call("A_CONTAINS", whole, part);
            case Filter.ArrayOverlaps(Term left, Term right) -> TermPrinter.call("A_OVERLAPS", left, right);
        };
    }

    private static String operandOfAnd(Filter operand) {
        String text = toText(operand);
        return operand instanceof Filter.Or ? "(" + text + ")" : text;
    }

    private static String negated(Filter operand) {
        return switch (operand) {
            case Filter.Between between -> between(between, "NOT BETWEEN");
            case Filter.In in -> in(in, "NOT IN");
            case Filter.Like like -> like(like, "NOT LIKE");
            case Filter.IsNull(Property property) -> name(property) + " IS NOT NULL";
            case Filter.Constant constant -> "NOT " + toText(constant);
            default -> "NOT (" + toText(operand) + ")";
        };
    }

    private static String between(Filter.Between between, String keyword) {
        return "%s %s %s AND %s"
                .formatted(name(between.property()), keyword, literal(between.low()), literal(between.high()));
    }

    private static String in(Filter.In in, String keyword) {
        return in.values().stream()
                .map(FilterPrinter::literal)
                .collect(Collectors.joining(", ", name(in.property()) + " " + keyword + " (", ")"));
    }

    private static String like(Filter.Like like, String keyword) {
        LikePattern pattern = like.pattern();
        return "%s %s %s".formatted(name(like.property()), keyword, Quoting.quoteText(pattern.toSql()));
    }

    private static String name(Property property) {
        return Quoting.quoteName(property.wireName());
    }

    static String literal(Value value) {
        return switch (value) {
            case Value.NumberValue(double number) -> number(number);
            case Value.TextValue(String text) -> Quoting.quoteText(text);
            case Value.BoolValue(boolean bool) -> bool ? "TRUE" : "FALSE";
            case Value.TimestampValue timestamp -> "TIMESTAMP('" + timestamp.instant() + "')";
            case Value.JsonValue _ -> throw new IllegalArgumentException("no filter compares with json");
        };
    }

    /** Whole numbers digit by digit, since entity_id and version take only literals that are exact. */
    private static String number(double number) {
        boolean whole = number == Math.rint(number) && Math.abs(number) < BEYOND_LONG;
        return whole ? Long.toString((long) number) : Double.toString(number);
    }
}
