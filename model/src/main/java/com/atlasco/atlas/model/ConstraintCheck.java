package com.atlasco.atlas.model;

import java.util.Optional;
import java.util.stream.Collectors;

/** Holds values against the constraints of their attribute. */
final class ConstraintCheck {

    private static final int SHOWN = 10;

    private ConstraintCheck() {}

    /**
     * The value, when it keeps to the constraints.
     *
     * @throws AtlasException {@code constraint_violated} that names the attribute, the constraint and the remedy
     */
    static Value checked(AttributeType type, Value value) {
        // Most attributes have none, and this is run for every value that is written.
        if (type.constraints().limitValues()) {
            violation(type.constraints(), value).ifPresent(violation -> {
                throw refused(type, value, violation);
            });
        }
        return value;
    }

    /** What a value would have to be. */
    record Violation(String constraint, String wanted) {}

    static Optional<Violation> violation(Constraints constraints, Value value) {
        if (!constraints.allowed().isEmpty() && !constraints.allowed().contains(value)) {
            return Optional.of(new Violation("enum", oneOf(constraints)));
        }
        if (constraints.min().filter(min -> compare(value, min) < 0).isPresent()) {
            return Optional.of(new Violation(
                    "min", "a value of at least " + text(constraints.min().get())));
        }
        if (constraints.max().filter(max -> compare(value, max) > 0).isPresent()) {
            return Optional.of(new Violation(
                    "max", "a value of at most " + text(constraints.max().get())));
        }
        return value instanceof Value.TextValue(String text) ? violation(constraints, text) : Optional.empty();
    }

    private static Optional<Violation> violation(Constraints constraints, String text) {
        int length = text.codePointCount(0, text.length());
        if (constraints.maxLength().isPresent()
                && length > constraints.maxLength().getAsInt()) {
            return Optional.of(new Violation(
                    "max_length",
                    "text of at most %d characters"
                            .formatted(constraints.maxLength().getAsInt())));
        }
        if (constraints.pattern().isEmpty()) {
            return Optional.empty();
        }
        if (length > TextPattern.MAX_TEXT_LENGTH) {
            return Optional.of(new Violation(
                    "pattern",
                    "text of at most %d characters, as every attribute with a pattern does"
                            .formatted(TextPattern.MAX_TEXT_LENGTH)));
        }
        return constraints.pattern().get().isFoundIn(text)
                ? Optional.empty()
                : Optional.of(new Violation(
                        "pattern",
                        "text that matches " + constraints.pattern().get().expression()));
    }

    /** Values of one attribute are of one type; only numbers and timestamps have bounds. */
    static int compare(Value left, Value right) {
        if (left instanceof Value.NumberValue(double number) && right instanceof Value.NumberValue(double bound)) {
            return Double.compare(number, bound);
        }
        if (left instanceof Value.TimestampValue(long micros) && right instanceof Value.TimestampValue(long bound)) {
            return Long.compare(micros, bound);
        }
        throw new IllegalArgumentException("no bounds for values of type " + left.dataType());
    }

    private static String oneOf(Constraints constraints) {
        int more = constraints.allowed().size() - SHOWN;
        return constraints.allowed().stream()
                .limit(SHOWN)
                .map(ConstraintCheck::text)
                .collect(Collectors.joining(", ", "one of ", more > 0 ? " and %d more".formatted(more) : ""));
    }

    private static AtlasException refused(AttributeType type, Value value, Violation violation) {
        return Problem.of(
                        ErrorCode.CONSTRAINT_VIOLATED,
                        "attribute '%s' takes %s (constraint %s), not %s"
                                .formatted(type.name(), violation.wanted(), violation.constraint(), text(value)))
                .at(ValueParser.pointer(type.name()))
                .hint("Send %s, or change the attribute's %s with PUT /api/v1/attributes/{name}."
                        .formatted(violation.wanted(), violation.constraint()))
                .asException();
    }

    private static String text(Value value) {
        return switch (value) {
            case Value.NumberValue(double number) -> NumberText.of(number);
            case Value.TextValue(String text) -> "'" + ValueParser.abbreviate(text) + "'";
            case Value.TimestampValue timestamp -> timestamp.instant().toString();
            case Value.BoolValue(boolean bool) -> Boolean.toString(bool);
            case Value.JsonValue(String json) -> ValueParser.abbreviate(json);
        };
    }
}
