package com.atlasco.atlas.server.http;

import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.ValueParser;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Reads instants in requests. Thread-safe. */
final class Moments {

    static final String AS_OF = "as_of";

    private final InstantSource clock;

    Moments(InstantSource clock) {
        this.clock = clock;
    }

    /** The instant of a parameter; empty when it is not given. */
    Optional<Instant> parameter(Exchange exchange, String name) {
        return exchange.query(name).map(text -> instant(text, name));
    }

    /**
     * The past instant that a read is to answer for; empty for the present.
     *
     * @throws com.atlasco.atlas.model.AtlasException {@code history_unavailable} when it is yet to come
     */
    Optional<Instant> asOf(Optional<String> text) {
        Optional<Instant> asOf = text.map(given -> instant(given, AS_OF));
        asOf.filter(clock.instant()::isBefore).ifPresent(future -> {
            throw Problem.of(ErrorCode.HISTORY_UNAVAILABLE, "as_of lies in the future: " + future)
                    .at(AS_OF)
                    .hint("Leave it out to read what is now.")
                    .asException();
        });
        return asOf;
    }

    private static Instant instant(String text, String place) {
        try {
            return ValueParser.timestamp(text).instant();
        } catch (DateTimeException malformed) {
            throw Problem.of(
                            ErrorCode.INVALID_REQUEST,
                            "'%s' is no timestamp: '%s'"
                                    .formatted(place, text.length() > 60 ? text.substring(0, 60) : text))
                    .at(place)
                    .hint("It is RFC 3339, as 2026-01-31T12:00:00Z, or a date; in a URL a plus is %2B.")
                    .asException(malformed);
        }
    }
}
