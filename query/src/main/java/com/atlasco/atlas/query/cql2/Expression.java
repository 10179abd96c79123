package com.atlasco.atlas.query.cql2;

import com.atlasco.atlas.model.Problem.TextPosition;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.query.filter.Filter;
import java.util.List;

/** CQL2's syntax tree before it is typed. Parentheses are gone; a negated predicate stands inside a {@link Negation}. */
sealed interface Expression {

    /** Where it begins; of arithmetic, where its operator stands. */
    TextPosition position();

    /** At least two operands. */
    record Connective(boolean conjunction, List<Expression> operands, TextPosition position) implements Expression {
        public Connective {
            operands = List.copyOf(operands);
        }
    }

    record Negation(Expression operand, TextPosition position) implements Expression {}

    record Comparison(Expression left, Filter.Operator operator, Expression right, TextPosition position)
            implements Expression {}

    record Between(Expression operand, Expression low, Expression high, TextPosition position) implements Expression {}

    record InList(Expression operand, List<Expression> values, TextPosition position) implements Expression {
        public InList {
            values = List.copyOf(values);
        }
    }

    /** The pattern is a {@link TextLiteral} or a {@link Folded} of one. */
    record Like(Expression operand, Expression pattern, TextPosition position) implements Expression {}

    record IsNull(Expression operand, TextPosition position) implements Expression {}

    /** A property, by its name without quotes. */
    record PropertyName(String name, boolean quoted, TextPosition position) implements Expression {}

    record TextLiteral(String text, TextPosition position) implements Expression {}

    /** A number as it was written, but with at most one sign. */
    record NumberLiteral(String text, TextPosition position) implements Expression {}

    record BooleanLiteral(boolean bool, TextPosition position) implements Expression {}

    /**
     * DATE or TIMESTAMP.
     *
     * @param instant of a date its first one in UTC
     */
    record InstantLiteral(Value.TimestampValue instant, boolean date, TextPosition position) implements Expression {}

    /** A bound is a text literal with an instant, a date or two dots, an instant, a property, or a function. */
    record IntervalLiteral(Expression start, Expression end, TextPosition position) implements Expression {}

    /** A geometry or a bounding box in well-known text, in upper case. */
    record Geometry(String wellKnownText, TextPosition position) implements Expression {}

    record ArrayLiteral(List<Expression> elements, TextPosition position) implements Expression {
        public ArrayLiteral {
            elements = List.copyOf(elements);
        }
    }

    record Arithmetic(Expression left, String operator, Expression right, TextPosition position)
            implements Expression {}

    record Minus(Expression operand, TextPosition position) implements Expression {}

    /** CASEI or ACCENTI. */
    record Folded(String function, Expression operand, TextPosition position) implements Expression {}

    /** A function of the standard about space, time or arrays, its name in upper case. */
    record StandardCall(String function, Expression left, Expression right, TextPosition position)
            implements Expression {}

    record FunctionCall(String function, List<Expression> arguments, TextPosition position) implements Expression {
        public FunctionCall {
            arguments = List.copyOf(arguments);
        }
    }

    /** Whether it can stand where a condition is wanted; a property can when it turns out to be a boolean one. */
    default boolean isCondition() {
        return switch (this) {
            case Connective _,
                    Negation _,
                    Comparison _,
                    Between _,
                    InList _,
                    Like _,
                    IsNull _,
                    PropertyName _,
                    BooleanLiteral _,
                    StandardCall _,
                    FunctionCall _ -> true;
            case TextLiteral _,
                    NumberLiteral _,
                    InstantLiteral _,
                    IntervalLiteral _,
                    Geometry _,
                    ArrayLiteral _,
                    Arithmetic _,
                    Minus _,
                    Folded _ -> false;
        };
    }

    /** Whether it can be compared, as the standard's scalarExpression has it. */
    default boolean isScalar() {
        return switch (this) {
            case PropertyName _,
                    TextLiteral _,
                    NumberLiteral _,
                    BooleanLiteral _,
                    InstantLiteral _,
                    Arithmetic _,
                    Minus _,
                    Folded _,
                    FunctionCall _ -> true;
            case Connective _,
                    Negation _,
                    Comparison _,
                    Between _,
                    InList _,
                    Like _,
                    IsNull _,
                    IntervalLiteral _,
                    Geometry _,
                    ArrayLiteral _,
                    StandardCall _ -> false;
        };
    }

    /** What it is, for people. */
    default String describe() {
        return switch (this) {
            case Connective(boolean conjunction, var _, var _) ->
                conjunction ? "a condition with AND" : "a condition with OR";
            case Negation _ -> "a condition with NOT";
            case Comparison(var _, Filter.Operator operator, var _, var _) -> "a comparison with " + operator.symbol();
            case Between _ -> "a condition with BETWEEN";
            case InList _ -> "a condition with IN";
            case Like _ -> "a condition with LIKE";
            case IsNull _ -> "a condition with IS NULL";
            case PropertyName(String name, var _, var _) -> "the property '" + Quoting.abbreviate(name) + "'";
            case TextLiteral(String text, var _) -> "the text '" + Quoting.abbreviate(text) + "'";
            case NumberLiteral(String text, var _) -> "the number " + Quoting.abbreviate(text);
            case BooleanLiteral(boolean bool, var _) -> bool ? "the boolean TRUE" : "the boolean FALSE";
            case InstantLiteral(Value.TimestampValue instant, var _, var _) -> "the timestamp " + instant.instant();
            case IntervalLiteral _ -> "an interval (INTERVAL)";
            case Geometry(String text, var _) ->
                "a geometry (" + text.substring(0, text.indexOf('(')).strip() + ")";
            case ArrayLiteral _ -> "an array";
            case Arithmetic(var _, String operator, var _, var _) -> "arithmetic (" + operator + ")";
            case Minus _ -> "arithmetic (-)";
            case Folded(String function, var _, var _) -> "the function " + function;
            case StandardCall(String function, var _, var _, var _) -> "the function " + function;
            case FunctionCall(String function, var _, var _) -> "the function " + Quoting.abbreviate(function);
        };
    }
}
