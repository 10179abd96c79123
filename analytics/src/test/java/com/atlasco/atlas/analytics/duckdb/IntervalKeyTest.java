package com.atlasco.atlas.analytics.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.query.aggregate.GroupKey;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class IntervalKeyTest {

    @ParameterizedTest
    @EnumSource
    void aTimeLiesInTheIntervalThatTheCalendarSays(GroupKey.Interval interval) throws SQLException {
        for (String time : new String[] {
            "0001-01-01T00:00:00Z",
            "0004-02-29T23:59:59.999999Z",
            "1582-10-10T12:00:00Z",
            "1900-02-28T23:59:59.999999Z",
            "1969-12-31T23:59:59.999999Z",
            "1970-01-01T00:00:00Z",
            "2024-02-29T13:14:15.161718Z",
            "2026-01-01T00:00:00Z",
            "9999-12-31T23:59:59.999999Z"
        }) {
            long micros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(time));
            String value = "make_timestamp(" + micros + ")";
            try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(
                            "SELECT " + IntervalKey.number(interval, value) + ", epoch_us(date_trunc('"
                                    + interval.name().toLowerCase(Locale.ROOT) + "', " + value + "))")) {
                row.next();

                assertThat(IntervalKey.firstMicros(interval, row.getLong(1)))
                        .as("%s of %s", interval, time)
                        .isEqualTo(row.getLong(2));
            }
        }
    }
}
