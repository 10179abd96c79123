package com.atlasco.atlas.capture;

import java.time.Instant;
import java.time.LocalDate;

/** Reads instants as Debezium writes them: {@link Instant#parse} took a fifth of the time of decoding an entity. */
final class UtcText {

    private static final int SECONDS_LENGTH = 19;
    private static final int MOST_DIGITS = 9;

    private UtcText() {}

    /** @throws java.time.DateTimeException when it is no instant in ISO 8601 */
    static Instant parse(String text) {
        int fraction = text.length() - SECONDS_LENGTH - 2;
        if (!hasForm(text, fraction)) {
            return Instant.parse(text);
        }
        int hour = number(text, 11, 13);
        int minute = number(text, 14, 16);
        int second = number(text, 17, SECONDS_LENGTH);
        int nanos = fraction <= 0 ? 0 : number(text, SECONDS_LENGTH + 1, text.length() - 1);
        if (hour >= 24 || minute >= 60 || second >= 60) {
            return Instant.parse(text);
        }
        for (int digits = Math.max(fraction, 0); digits < MOST_DIGITS; digits++) {
            nanos *= 10;
        }
        LocalDate date = LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10));
        return Instant.ofEpochSecond(date.toEpochDay() * 86_400 + hour * 3_600L + minute * 60L + second, nanos);
    }

    /** Whether it is 2026-01-02T03:04:05Z, or that with a point and up to nine digits before the Z. */
    private static boolean hasForm(String text, int fraction) {
        if (fraction != -1 && (fraction < 1 || fraction > MOST_DIGITS)) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            boolean fits = switch (i) {
                case 4, 7 -> unit == '-';
                case 10 -> unit == 'T';
                case 13, 16 -> unit == ':';
                default ->
                    i == text.length() - 1
                            ? unit == 'Z'
                            : i == SECONDS_LENGTH ? unit == '.' : unit >= '0' && unit <= '9';
            };
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    private static int number(String text, int begin, int end) {
        int number = 0;
        for (int i = begin; i < end; i++) {
            number = number * 10 + text.charAt(i) - '0';
        }
        return number;
    }
}
