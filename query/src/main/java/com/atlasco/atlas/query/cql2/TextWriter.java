package com.atlasco.atlas.query.cql2;

import com.atlasco.atlas.query.filter.Filter;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Writes expressions as CQL2 text, with as few parentheses as the standard's grammar needs: {@link SyntaxReader} reads an
 * equal expression back. Recurses as deep as the expression is.
 */
final class TextWriter {

    /** How tightly an expression holds together, from the loosest. */
    private enum Level {
        OR,
        AND,
        NOT,
        PREDICATE,
        SUM,
        PRODUCT,
        POWER,
        SIGNED,
        PRIMARY
    }

    private TextWriter() {}

    static String write(Expression expression) {
        return switch (expression) {
            case Expression.Connective(boolean conjunction, var operands, var _) ->
                operands.stream()
                        .map(operand -> write(operand, conjunction ? Level.AND : Level.OR))
                        .collect(Collectors.joining(conjunction ? " AND " : " OR "));
            case Expression.Negation(var operand, var _) -> negated(operand);
            case Expression.Comparison(var left, Filter.Operator operator, var right, var _) ->
                write(left, Level.SUM) + " " + operator.symbol() + " " + write(right, Level.SUM);
            case Expression.Between between -> between(between, " ");
            case Expression.InList in -> in(in, " ");
            case Expression.Like like -> like(like, " ");
            case Expression.IsNull(var operand, var _) -> write(operand, Level.SUM) + " IS NULL";
            case Expression.PropertyName(String name, var _, var _) -> Quoting.quoteName(name);
            case Expression.TextLiteral(String text, var _) -> Quoting.quoteText(text);
            case Expression.NumberLiteral(String number, var _) -> number;
            case Expression.BooleanLiteral(boolean bool, var _) -> bool ? "TRUE" : "FALSE";
            case Expression.InstantLiteral instant ->
                (instant.date() ? "DATE('" : "TIMESTAMP('") + Instants.text(instant) + "')";
            case Expression.IntervalLiteral(var start, var end, var _) -> call("INTERVAL", List.of(start, end));
            case Expression.Geometry(Shape shape, var _) -> shape.text();
            case Expression.ArrayLiteral(var elements, var _) -> call("", elements);
            case Expression.Arithmetic arithmetic -> arithmetic(arithmetic);
            case Expression.Minus(var operand, var _) -> "-" + write(operand, Level.PRIMARY);
            case Expression.Folded(String function, var operand, var _) -> call(function, List.of(operand));
            case Expression.StandardCall(String function, var left, var right, var _) ->
                call(function, List.of(left, right));
            case Expression.FunctionCall(String function, var arguments, var _) -> call(function, arguments);
        };
    }

    private static String write(Expression expression, Level least) {
        String text = write(expression);
        return level(expression).compareTo(least) < 0 ? "(" + text + ")" : text;
    }

    private static String negated(Expression operand) {
        return switch (operand) {
            case Expression.Between between -> between(between, " NOT ");
            case Expression.InList in -> in(in, " NOT ");
            case Expression.Like like -> like(like, " NOT ");
            case Expression.IsNull(var inner, var _) -> write(inner, Level.SUM) + " IS NOT NULL";
            // The standard has one NOT before a predicate.
            default -> "NOT " + write(operand, Level.PREDICATE);
        };
    }

    private static String between(Expression.Between between, String before) {
        return write(between.operand(), Level.SUM) + before + "BETWEEN " + write(between.low(), Level.SUM) + " AND "
                + write(between.high(), Level.SUM);
    }

    private static String in(Expression.InList in, String before) {
        return write(in.operand(), Level.SUM) + before + call("IN ", in.values());
    }

    private static String like(Expression.Like like, String before) {
        return write(like.operand(), Level.SUM) + before + "LIKE " + write(like.pattern());
    }

    /** Operators of one level are read from the left; a power has one operator, and no sign that could be read as its own. */
    private static String arithmetic(Expression.Arithmetic arithmetic) {
        Level level = level(arithmetic);
        boolean power = level == Level.POWER;
        Level right = power ? Level.SIGNED : level == Level.SUM ? Level.PRODUCT : Level.POWER;
        return write(arithmetic.left(), power ? Level.PRIMARY : level) + " "
                + (arithmetic.operator().equals("DIV") ? "div" : arithmetic.operator())
                + " "
                + write(arithmetic.right(), right);
    }

    private static String call(String function, List<Expression> arguments) {
        return arguments.stream().map(TextWriter::write).collect(Collectors.joining(", ", function + "(", ")"));
    }

    private static Level level(Expression expression) {
        return switch (expression) {
            case Expression.Connective(boolean conjunction, var _, var _) -> conjunction ? Level.AND : Level.OR;
            case Expression.Negation _ -> Level.NOT;
            case Expression.Comparison _,
                    Expression.Between _,
                    Expression.InList _,
                    Expression.Like _,
                    Expression.IsNull _ -> Level.PREDICATE;
            case Expression.Arithmetic(var _, String operator, var _, var _) ->
                switch (operator) {
                    case "+", "-" -> Level.SUM;
                    case "^" -> Level.POWER;
                    default -> Level.PRODUCT;
                };
            case Expression.Minus _ -> Level.SIGNED;
            case Expression.NumberLiteral(String number, var _) ->
                number.startsWith("-") ? Level.SIGNED : Level.PRIMARY;
            case Expression.PropertyName _,
                    Expression.TextLiteral _,
                    Expression.BooleanLiteral _,
                    Expression.InstantLiteral _,
                    Expression.IntervalLiteral _,
                    Expression.Geometry _,
                    Expression.ArrayLiteral _,
                    Expression.Folded _,
                    Expression.StandardCall _,
                    Expression.FunctionCall _ -> Level.PRIMARY;
        };
    }
}
