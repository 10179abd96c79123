package com.atlasco.atlas.model;

import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What went wrong, where, and what to do about it; the body of an RFC 9457 answer.
 *
 * @param detail one sentence for the caller; never holds secrets or stack traces
 * @param place where in the input: a JSON pointer such as {@code /attributes/score}, a header's name, a line
 * @param position the 1-based place in a filter's text
 * @param hint what to do instead
 * @param figures numbers for programs, by their snake_case names, such as {@code current_version}
 * @param retryAfter when the same request may succeed, where that is known
 */
public record Problem(
        ErrorCode code,
        String detail,
        Optional<String> place,
        Optional<TextPosition> position,
        Optional<String> hint,
        SortedMap<String, Long> figures,
        Optional<Duration> retryAfter) {

    public Problem {
        figures = Collections.unmodifiableSortedMap(new TreeMap<>(figures));
    }

    /** A place in text: 1-based line and column, and the 0-based offset, in UTF-16 units. */
    public record TextPosition(int line, int column, int offset) {}

    public static Problem of(ErrorCode code, String detail) {
        return new Problem(
                code, detail, Optional.empty(), Optional.empty(), Optional.empty(), new TreeMap<>(), Optional.empty());
    }

    public Problem at(String newPlace) {
        return new Problem(code, detail, Optional.of(newPlace), position, hint, figures, retryAfter);
    }

    public Problem at(TextPosition newPosition) {
        return new Problem(code, detail, place, Optional.of(newPosition), hint, figures, retryAfter);
    }

    public Problem hint(String newHint) {
        return new Problem(code, detail, place, position, Optional.of(newHint), figures, retryAfter);
    }

    /** With a number for programs; the name is snake_case and none of a problem's other members. */
    public Problem figure(String name, long number) {
        SortedMap<String, Long> more = new TreeMap<>(figures);
        more.put(name, number);
        return new Problem(code, detail, place, position, hint, more, retryAfter);
    }

    /** Says when to try again: the value of {@code Retry-After}, in whole seconds from 1. */
    public Problem retryAfter(Duration wait) {
        return new Problem(code, detail, place, position, hint, figures, Optional.of(wait));
    }

    public AtlasException asException() {
        return new AtlasException(this);
    }

    public AtlasException asException(Throwable cause) {
        return new AtlasException(this, cause);
    }
}
