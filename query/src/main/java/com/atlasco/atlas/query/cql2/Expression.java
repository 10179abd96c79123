package com.atlasco.atlas.query.cql2;

import com.atlasco.atlas.model.Problem.TextPosition;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.query.filter.Filter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** CQL2's syntax tree before it is typed. Parentheses are gone; a negated predicate stands inside a {@link Negation}. */
sealed interface Expression {

    /** Where it begins; of arithmetic, where its operator stands. */
    TextPosition position();

    /** At least two operands, none of the same kind. */
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

    /** A number as it was written, but in the form of JSON. */
    record NumberLiteral(String text, TextPosition position) implements Expression {}

    record BooleanLiteral(boolean bool, TextPosition position) implements Expression {}

    /**
     * DATE or TIMESTAMP.
     *
     * @param instant of a date its first one in UTC
     */
    record InstantLiteral(Value.TimestampValue instant, boolean date, TextPosition position) implements Expression {}

    /** A bound is a text literal with a timestamp, a date or two dots, a property, or a function. */
    record IntervalLiteral(Expression start, Expression end, TextPosition position) implements Expression {}

    /** A geometry or a bounding box. */
    record Geometry(Shape shape, TextPosition position) implements Expression {}

    record ArrayLiteral(List<Expression> elements, TextPosition position) implements Expression {
        public ArrayLiteral {
            elements = List.copyOf(elements);
        }
    }

    record Arithmetic(Expression left, String operator, Expression right, TextPosition position)
            implements Expression {}

    /** The operand is no number. */
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

    /** The parts, from the left. */
    default List<Expression> parts() {
        return switch (this) {
            case Connective(var _, var operands, var _) -> operands;
            case Negation(var operand, var _) -> List.of(operand);
            case Comparison(var left, var _, var right, var _) -> List.of(left, right);
            case Between(var operand, var low, var high, var _) -> List.of(operand, low, high);
            case InList(var operand, var values, var _) ->
                Stream.concat(Stream.of(operand), values.stream()).toList();
            case Like(var operand, var pattern, var _) -> List.of(operand, pattern);
            case IsNull(var operand, var _) -> List.of(operand);
            case IntervalLiteral(var start, var end, var _) -> List.of(start, end);
            case ArrayLiteral(var elements, var _) -> elements;
            case Arithmetic(var left, var _, var right, var _) -> List.of(left, right);
            case Minus(var operand, var _) -> List.of(operand);
            case Folded(var _, var operand, var _) -> List.of(operand);
            case StandardCall(var _, var left, var right, var _) -> List.of(left, right);
            case FunctionCall(var _, var arguments, var _) -> arguments;
            case PropertyName _, TextLiteral _, NumberLiteral _, BooleanLiteral _, InstantLiteral _, Geometry _ ->
                List.of();
        };
    }

    /** Operands with AND or OR between them; those of the same kind among them become operands of the whole. */
    static Connective connect(boolean conjunction, List<Expression> operands, TextPosition position) {
        List<Expression> flat = new ArrayList<>();
        for (Expression operand : operands) {
            if (operand instanceof Connective(boolean kind, var its, var _) && kind == conjunction) {
                flat.addAll(its);
            } else {
                flat.add(operand);
            }
        }
        return new Connective(conjunction, flat, position);
    }

    /** The product with minus one is a minus: JSON has no other way to write it. */
    static Expression arithmetic(Expression left, String operator, Expression right, TextPosition position) {
        boolean minus = operator.equals("*")
                && left instanceof NumberLiteral(String number, var _)
                && number.equals("-1")
                && !(right instanceof NumberLiteral);
        return minus ? new Minus(right, position) : new Arithmetic(left, operator, right, position);
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
            case Geometry(Shape shape, var _) -> "a geometry (" + shape.tag() + ")";
            case ArrayLiteral _ -> "an array";
            case Arithmetic(var _, String operator, var _, var _) -> "arithmetic (" + operator + ")";
            case Minus _ -> "arithmetic (-)";
            case Folded(String function, var _, var _) -> "the function " + function;
            case StandardCall(String function, var _, var _, var _) -> "the function " + function;
            case FunctionCall(String function, var _, var _) -> "the function " + Quoting.abbreviate(function);
        };
    }
}
