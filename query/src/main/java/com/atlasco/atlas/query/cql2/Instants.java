package com.atlasco.atlas.query.cql2;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.model.ValueParser;
import java.time.DateTimeException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the texts inside DATE, TIMESTAMP and INTERVAL. */
final class Instants {

    private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    private static final String OPEN_END = "..";

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
        Value.TimestampValue instant = read(literal.text())
                .orElseThrow(() -> malformed(
                        literal,
                        "a date, a timestamp or '..'",
                        "Write INTERVAL('2026-01-31T12:00:00Z', '..') or INTERVAL('2026-01-31', '2026-02-28')."));
        boolean date = DATE.matcher(literal.text()).matches();
        return new Expression.TextLiteral(
                text(new Expression.InstantLiteral(instant, date, literal.position())), literal.position());
    }

    /** What DATE or TIMESTAMP holds, and a bound of an interval: a date, or a timestamp in UTC. */
    static String text(Expression.InstantLiteral literal) {
        String timestamp = literal.instant().instant().toString();
        return literal.date() ? timestamp.substring(0, timestamp.indexOf('T')) : timestamp;
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
