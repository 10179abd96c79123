package com.atlasco.atlas.model;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.Optional;

/**
 * Reads the timestamps that nearly everybody sends, {@code 2026-01-31T12:00:00[.123456](Z|+01:00)}, without the general
 * parser, which takes ten times as long.
 */
final class TimestampText {

    private static final int[] DAYS = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    private final char[] text;
    private final int end;
    private int at;

    private TimestampText(char[] text, int from, int end) {
        this.text = text;
        this.at = from;
        this.end = end;
    }

    /** The timestamp in a parser's string; empty when it is of another form, or out of the ordinary, or wrong. */
    static Optional<Value> read(JsonParser parser) throws IOException {
        int offset = parser.getTextOffset();
        int length = parser.getTextLength();
        if (length < 20 || length > 35) {
            return Optional.empty();
        }
        return new TimestampText(parser.getTextCharacters(), offset, offset + length).read();
    }

    private Optional<Value> read() {
        int year = digits(4, '-');
        int month = digits(2, '-');
        int day = digits(2, 'T');
        int hour = digits(2, ':');
        int minute = digits(2, ':');
        int second = digits(2);
        // Years at the ends of what is taken may leave it by their offset.
        if (year < 2 || year > 9998 || month < 1 || month > 12 || day < 1 || day > days(year, month)) {
            return Optional.empty();
        }
        if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
            return Optional.empty();
        }
        int micros = fraction();
        int offset = offset();
        if (micros < 0 || offset == Integer.MIN_VALUE || at != end) {
            return Optional.empty();
        }
        long seconds = epochDay(year, month, day) * 86_400L + hour * 3_600L + minute * 60L + second - offset;
        return Optional.of(new Value.TimestampValue(seconds * 1_000_000L + micros));
    }

    private int digits(int count, char behind) {
        int number = digits(count);
        if (at == end || text[at++] != behind) {
            return -1;
        }
        return number;
    }

    /** A number of that many digits, or -1. */
    private int digits(int count) {
        if (end - at < count) {
            at = end;
            return -1;
        }
        int number = 0;
        for (int stop = at + count; at < stop; at++) {
            int digit = text[at] - '0';
            if (digit < 0 || digit > 9) {
                at = end;
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    /** Microseconds, cut off; 0 without a fraction, -1 for what is none. */
    private int fraction() {
        if (at == end || text[at] != '.') {
            return 0;
        }
        int micros = 0;
        int count = 0;
        for (at++; at < end && text[at] >= '0' && text[at] <= '9'; at++, count++) {
            micros = count < 6 ? micros * 10 + text[at] - '0' : micros;
        }
        for (int missing = count; missing < 6; missing++) {
            micros *= 10;
        }
        return count >= 1 && count <= 9 ? micros : -1;
    }

    /** Seconds east of UTC; the least integer for what is no offset of whole minutes below 18 hours. */
    private int offset() {
        if (at == end) {
            return Integer.MIN_VALUE;
        }
        char sign = text[at++];
        if (sign == 'Z') {
            return 0;
        }
        int hours = digits(2, ':');
        int minutes = digits(2);
        if ((sign != '+' && sign != '-') || hours < 0 || hours > 17 || minutes < 0 || minutes > 59) {
            return Integer.MIN_VALUE;
        }
        int seconds = hours * 3_600 + minutes * 60;
        return sign == '+' ? seconds : -seconds;
    }

    private static int days(int year, int month) {
        boolean leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        return month == 2 && leap ? 29 : DAYS[month - 1];
    }

    /** Days since 1970-01-01 in the Gregorian calendar: H. Hinnant, chrono-compatible low-level date algorithms. */
    private static long epochDay(int year, int month, int day) {
        int shifted = month <= 2 ? year - 1 : year;
        int era = shifted / 400;
        int yearOfEra = shifted - era * 400;
        int dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
        int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return era * 146_097L + dayOfEra - 719_468;
    }
}
