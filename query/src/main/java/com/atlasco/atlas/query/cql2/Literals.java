package com.atlasco.atlas.query.cql2;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.Problem.TextPosition;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.query.filter.Property;
import java.math.BigDecimal;

/** Gives literals the type of the property they are compared with. */
final class Literals {

    /** The first double beyond the range of a long. */
    static final double BEYOND_LONG = 0x1p63;

    private Literals() {}

    static boolean isLiteral(Expression expression) {
        return switch (expression) {
            case Expression.TextLiteral _,
                    Expression.NumberLiteral _,
                    Expression.BooleanLiteral _,
                    Expression.InstantLiteral _ -> true;
            default -> false;
        };
    }

    /**
     * The literal as a value of the property's type.
     *
     * @throws AtlasException {@code filter_type} when it is none
     */
    static Value coerce(Property property, Expression literal) {
        return switch (property.dataType()) {
            case NUMBER -> {
                if (!(literal instanceof Expression.NumberLiteral number)) {
                    throw mismatch(property, literal);
                }
                yield number(property, number);
            }
            case TEXT -> {
                if (!(literal instanceof Expression.TextLiteral(String text, var _))) {
                    throw mismatch(property, literal);
                }
                yield new Value.TextValue(text);
            }
            case TS ->
                switch (literal) {
                    case Expression.InstantLiteral(Value.TimestampValue instant, var _, var _) -> instant;
                    case Expression.TextLiteral(String text, var _) ->
                        Instants.read(text).orElseThrow(() -> mismatch(property, literal));
                    default -> throw mismatch(property, literal);
                };
            case BOOL -> {
                if (!(literal instanceof Expression.BooleanLiteral(boolean bool, var _))) {
                    throw mismatch(property, literal);
                }
                yield new Value.BoolValue(bool);
            }
            case JSON -> throw jsonCompared(property, literal.position());
        };
    }

    /** The nearest double. */
    static Value.NumberValue number(Expression.NumberLiteral literal) {
        double number = Double.parseDouble(literal.text());
        if (!Double.isFinite(number)) {
            throw TypeErrors.of(
                    literal.describe() + " is outside the range of an IEEE 754 double",
                    literal.position(),
                    "Numbers go up to 1.797e308.");
        }
        return new Value.NumberValue(number);
    }

    private static Value number(Property property, Expression.NumberLiteral literal) {
        Value.NumberValue value = number(literal);
        if (property instanceof Property.Intrinsic && !isExactLong(literal.text(), value.number())) {
            throw inexact(property, literal);
        }
        return value;
    }

    static AtlasException inexact(Property property, Expression literal) {
        return TypeErrors.of(
                "'%s' is a whole number of type number; %s is not one that an IEEE 754 double keeps exactly"
                        .formatted(property.wireName(), literal.describe()),
                literal.position(),
                "Write a whole number; all up to 2^53 (9007199254740992) are exact.");
    }

    private static boolean isExactLong(String text, double number) {
        if (number != Math.rint(number) || number < -BEYOND_LONG || number >= BEYOND_LONG) {
            return false;
        }
        try {
            return new BigDecimal(text).compareTo(new BigDecimal(number)) == 0;
        } catch (NumberFormatException exponentBeyondInt) {
            return false;
        }
    }

    static AtlasException jsonCompared(Property property, TextPosition position) {
        String name = Quoting.quoteName(property.wireName());
        return TypeErrors.of(
                "'%s' is of type json, which cannot be compared".formatted(Quoting.abbreviate(property.wireName())),
                position,
                "Use %s IS NULL or %s IS NOT NULL.".formatted(name, name));
    }

    private static AtlasException mismatch(Property property, Expression literal) {
        return TypeErrors.of(
                "'%s' is of type %s and cannot be compared with %s"
                        .formatted(
                                Quoting.abbreviate(property.wireName()),
                                property.dataType().wireName(),
                                literal.describe()),
                literal.position(),
                example(property));
    }

    /** How to compare the property. */
    static String example(Property property) {
        String name = Quoting.quoteName(property.wireName());
        return switch (property.dataType()) {
            case NUMBER -> "Compare it with a number without quotes: %s = 5.".formatted(name);
            case TEXT -> "Compare it with text in single quotes: %s = 'text'.".formatted(name);
            case TS ->
                "Compare it with a timestamp or a date: %s >= TIMESTAMP('2026-01-31T12:00:00Z') or DATE('2026-01-31')."
                        .formatted(name);
            case BOOL -> "Compare it with TRUE or FALSE: %s = TRUE.".formatted(name);
            case JSON -> "Ask whether it is there: %s IS NOT NULL.".formatted(name);
        };
    }
}
