package com.atlasco.atlas.analytics.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SqlTextTest {

    private static final int RANDOM_VALUES = 500;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "'",
                "''",
                "' OR TRUE --",
                "'; DROP TABLE entity; --",
                "\\",
                "\\'",
                "a\0b",
                "\0",
                "?",
                "$1",
                "line\nbreak\r\ttab",
                "e'\\x41'",
                "🦆é\u0301"
            })
    void textComesBackAsItWas(String text) throws SQLException {
        assertThat(ask(new SqlText().append("SELECT ").value(text))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            doubles = {
                0.0,
                1.5,
                -1.5,
                0.1,
                1e300,
                -Double.MAX_VALUE,
                Double.MIN_VALUE,
                -1e-310,
                1e-300,
                9007199254740992.0,
                1.2345678901234568E17,
                Double.POSITIVE_INFINITY
            })
    void numberComesBackAsItWas(double number) throws SQLException {
        assertThat(ask(new SqlText().append("SELECT ").value(number))).isEqualTo(number);
        assertThat(ask(new SqlText().append("SELECT 0 - ").value(number))).isEqualTo(0 - number);
    }

    @Test
    void randomNumbersComeBackAsTheyWere() throws SQLException {
        Random random = new Random(1);
        SqlText sql = new SqlText().append("SELECT [");
        double[] numbers = random.longs(RANDOM_VALUES)
                .mapToDouble(Double::longBitsToDouble)
                .filter(Double::isFinite)
                .toArray();
        for (int i = 0; i < numbers.length; i++) {
            sql.append(i == 0 ? "" : ", ").value(numbers[i]);
        }
        assertThat(ask(sql.append("]::VARCHAR"))).isEqualTo(ask(numbers));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MAX_VALUE, Long.MIN_VALUE})
    void wholeNumberComesBackAsItWas(long number) throws SQLException {
        assertThat(ask(new SqlText().append("SELECT ").value(number))).isEqualTo(number);
    }

    @Test
    void valuesAreKnownWhenTheStatementIsPlanned() throws SQLException {
        assertThat(new SqlText().value("it's").value(2.5).toString()).doesNotContain("?");
    }

    /** The same as parameters. */
    private static Object ask(double[] numbers) throws SQLException {
        String places = "?, ".repeat(numbers.length);
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT [" + places.substring(0, places.length() - 2) + "]::VARCHAR")) {
            for (int i = 0; i < numbers.length; i++) {
                statement.setDouble(i + 1, numbers[i]);
            }
            return first(statement);
        }
    }

    private static Object ask(SqlText sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                PreparedStatement statement = connection.prepareStatement(sql.toString())) {
            sql.bind(statement);
            return first(statement);
        }
    }

    private static Object first(PreparedStatement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            assertThat(rows.next()).isTrue();
            return rows.getObject(1);
        }
    }
}
