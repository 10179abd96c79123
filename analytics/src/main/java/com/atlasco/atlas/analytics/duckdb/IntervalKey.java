package com.atlasco.atlas.analytics.duckdb;

import com.atlasco.atlas.query.aggregate.GroupKey;
import java.time.LocalDate;

/**
 * Calendar intervals as small whole numbers in the order of time, which rows are grouped by: of a million rows
 * {@code date_trunc} by month takes 48 ms of a core, by hour 100 ms; these take 16 ms and 30 ms. Times lie in the years
 * 0001 to 9999, so that no number is negative and whole division rounds down.
 */
final class IntervalKey {

    private static final long HOUR_MICROS = 3_600_000_000L;
    private static final long DAY_MICROS = 24 * HOUR_MICROS;

    /** 0000-01-01T00:00:00Z. */
    private static final long YEAR_ZERO_MICROS = LocalDate.of(0, 1, 1).toEpochDay() * DAY_MICROS;

    private IntervalKey() {}

    /** The number of an SQL expression of type TIMESTAMP; NULL for NULL. */
    static String number(GroupKey.Interval interval, String value) {
        return switch (interval) {
            case YEAR -> "year(" + value + ")";
            case MONTH -> "(year(" + value + ") * 12 + month(" + value + ") - 1)";
            case DAY -> whole(value, DAY_MICROS);
            case HOUR -> whole(value, HOUR_MICROS);
        };
    }

    private static String whole(String value, long length) {
        return "((epoch_us(" + value + ") + " + -YEAR_ZERO_MICROS + ") // " + length + ")";
    }

    /** The interval's first instant in microseconds since 1970. */
    static long firstMicros(GroupKey.Interval interval, long number) {
        return switch (interval) {
            case YEAR -> LocalDate.of((int) number, 1, 1).toEpochDay() * DAY_MICROS;
            case MONTH ->
                LocalDate.of((int) (number / 12), (int) (number % 12) + 1, 1).toEpochDay() * DAY_MICROS;
            case DAY -> number * DAY_MICROS + YEAR_ZERO_MICROS;
            case HOUR -> number * HOUR_MICROS + YEAR_ZERO_MICROS;
        };
    }
}
