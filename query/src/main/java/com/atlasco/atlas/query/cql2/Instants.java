package com.atlasco.atlas.query.cql2;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.model.ValueParser;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the texts inside DATE, TIMESTAMP and INTERVAL. */
final class Instants {

    private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    private static final String OPEN_END = "..";
    private static final long LAST_MICROSECOND = 86_400_000_000L - 1;

    /** The first timestamp there is. */
    static final Value.TimestampValue EARLIEST = Value.TimestampValue.of(Instant.parse("0001-01-01T00:00:00Z"));

    /** The last timestamp there is. */
    static final Value.TimestampValue LATEST = Value.TimestampValue.of(Instant.parse("9999-12-31T23:59:59.999999Z"));

    private Instants() {}

    static Value.TimestampValue date(Expression.TextLiteral literal) {
        return Optional.of(literal.text())
                .filter(text -> DATE.matcher(text).matches())
                .flatMap(Instants::read)
                .orElseThrow(() ->
                        malformed(literal, "a date", "Write DATE('2026-01-31') or TIMESTAMP('2026-01-31T12:00:00Z')."));
    }

    static Value.TimestampValue timestamp(Expression.TextLiteral literal) {
        return Optional.of(literal.text())
                .filter(text -> !DATE.matcher(text).matches())
                .flatMap(Instants::read)
                .orElseThrow(() -> malformed(
                        literal, "a timestamp", "Write TIMESTAMP('2026-01-31T12:00:00Z') or DATE('2026-01-31')."));
    }

    /** A bound of an interval in the form that {@link #text} writes. */
    static Expression.TextLiteral bound(Expression.TextLiteral literal) {
        if (literal.text().equals(OPEN_END)) {
            return literal;
        }
        Value.TimestampValue instant = read(literal.text()).orElseThrow(() -> malformedBound(literal));
        boolean date = DATE.matcher(literal.text()).matches();
        return new Expression.TextLiteral(
                text(new Expression.InstantLiteral(instant, date, literal.position())), literal.position());
    }

    /** What DATE or TIMESTAMP holds, and a bound of an interval: a date, or a timestamp in UTC. */
    static String text(Expression.InstantLiteral literal) {
        String timestamp = literal.instant().instant().toString();
        return literal.date() ? timestamp.substring(0, timestamp.indexOf('T')) : timestamp;
    }

    private static AtlasException malformedBound(Expression.TextLiteral literal) {
        return malformed(
                literal,
                "a date, a timestamp or '..'",
                "Write INTERVAL('2026-01-31T12:00:00Z', '..') or INTERVAL('2026-01-31', '2026-02-28').");
    }

    static boolean isOpen(Expression.TextLiteral bound) {
        return bound.text().equals(OPEN_END);
    }

    /** The bound of an interval that is not open. A date ends with its last microsecond. */
    static Value.TimestampValue bound(Expression.TextLiteral bound, boolean end) {
        Value.TimestampValue instant = read(bound.text()).orElseThrow(() -> malformedBound(bound));
        return end && DATE.matcher(bound.text()).matches() ? lastOfDay(instant) : instant;
    }

    static Value.TimestampValue lastOfDay(Value.TimestampValue midnight) {
        return new Value.TimestampValue(midnight.epochMicros() + LAST_MICROSECOND);
    }

    /** The instant that a timestamp or a date means, or empty. */
    static Optional<Value.TimestampValue> read(String text) {
        try {
            return Optional.of(ValueParser.timestamp(text));
        } catch (DateTimeException malformed) {
            return Optional.empty();
        }
    }

    private static AtlasException malformed(Expression.TextLiteral literal, String wanted, String hint) {
        return Problem.of(
                        ErrorCode.FILTER_SYNTAX,
                        "'%s' is not %s in the years 0001 to 9999"
                                .formatted(Quoting.abbreviate(literal.text()), wanted))
                .at(literal.position())
                .hint(hint)
                .asException();
    }
}
