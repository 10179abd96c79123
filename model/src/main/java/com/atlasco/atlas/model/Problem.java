package com.atlasco.atlas.model;

import java.time.Duration;
import java.util.Optional;

/**
 * What went wrong, where, and what to do about it; the body of an RFC 9457 answer.
 *
 * @param detail one sentence for the caller; never holds secrets or stack traces
 * @param place where in the input: a JSON pointer such as {@code /attributes/score}, a header's name, a line
 * @param position the 1-based place in a filter's text
 * @param hint what to do instead
 * @param retryAfter when the same request is worth another try; empty where its kind says enough
 */
public record Problem(
        ErrorCode code,
        String detail,
        Optional<String> place,
        Optional<TextPosition> position,
        Optional<String> hint,
        Optional<Duration> retryAfter) {

    /** A place in text: 1-based line and column, and the 0-based offset, in UTF-16 units. */
    public record TextPosition(int line, int column, int offset) {}

    public static Problem of(ErrorCode code, String detail) {
        return new Problem(code, detail, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    public Problem at(String newPlace) {
        return new Problem(code, detail, Optional.of(newPlace), position, hint, retryAfter);
    }

    public Problem at(TextPosition newPosition) {
        return new Problem(code, detail, place, Optional.of(newPosition), hint, retryAfter);
    }

    public Problem hint(String newHint) {
        return new Problem(code, detail, place, position, Optional.of(newHint), retryAfter);
    }

    /** Says when to try again: the value of {@code Retry-After}, in whole seconds from 1. */
    public Problem retryAfter(Duration pause) {
        return new Problem(code, detail, place, position, hint, Optional.of(pause));
    }

    public AtlasException asException() {
        return new AtlasException(this);
    }

    public AtlasException asException(Throwable cause) {
        return new AtlasException(this, cause);
    }
}
