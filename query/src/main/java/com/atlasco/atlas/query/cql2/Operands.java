package com.atlasco.atlas.query.cql2;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.Problem.TextPosition;
import java.util.function.Predicate;

/** What the standard lets stand where, in both forms of the language: the rest is refused with {@code filter_syntax}. */
final class Operands {

    private Operands() {}

    static Expression scalar(Expression expression) {
        return check(expression, Expression::isScalar, "a single value, such as 5, 'text' or a property");
    }

    static Expression numeric(Expression expression) {
        return check(
                expression,
                operand -> operand instanceof Expression.NumberLiteral
                        || operand instanceof Expression.PropertyName
                        || operand instanceof Expression.FunctionCall
                        || operand instanceof Expression.Arithmetic
                        || operand instanceof Expression.Minus,
                "a number");
    }

    /** What CASEI and ACCENTI take. */
    static Expression character(Expression expression) {
        return check(
                expression,
                operand -> operand instanceof Expression.TextLiteral
                        || operand instanceof Expression.PropertyName
                        || operand instanceof Expression.FunctionCall
                        || operand instanceof Expression.Folded,
                "text or a property");
    }

    /** What IS NULL takes: all but an array. */
    static Expression nullable(Expression expression) {
        return check(
                expression, operand -> !(operand instanceof Expression.ArrayLiteral), "a single value or a condition");
    }

    /** What a function of the standard takes, by its name in upper case. */
    static Expression of(String function, Expression expression) {
        Predicate<Expression> open =
                value -> value instanceof Expression.PropertyName || value instanceof Expression.FunctionCall;
        return switch (function.charAt(0)) {
            case 'S' ->
                check(expression, open.or(Expression.Geometry.class::isInstance), "a geometry, such as POINT(7 50)");
            case 'T' ->
                check(
                        expression,
                        open.or(Expression.InstantLiteral.class::isInstance)
                                .or(Expression.IntervalLiteral.class::isInstance),
                        "an instant or an interval, such as DATE('2026-01-31')");
            default ->
                check(expression, open.or(Expression.ArrayLiteral.class::isInstance), "an array, such as ('a', 'b')");
        };
    }

    private static Expression check(Expression expression, Predicate<Expression> fits, String wanted) {
        if (!fits.test(expression)) {
            throw syntax("expected %s, found %s".formatted(wanted, expression.describe()), expression.position());
        }
        return expression;
    }

    static AtlasException syntax(String detail, TextPosition position) {
        return Problem.of(ErrorCode.FILTER_SYNTAX, detail).at(position).asException();
    }
}
