package com.atlasco.atlas.server.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Another seed: {@code -Dseed=…}. */
class EntityOutputTest {

    private static final long SEED = Long.getLong("seed", 3L);

    @ParameterizedTest
    @CsvSource({
        "2026-01-31T12:00:00Z, 2026-01-31T12:00:00Z",
        "2026-01-31T12:00:00.5Z, 2026-01-31T12:00:00.500000Z",
        "2026-01-31T12:00:00.000001Z, 2026-01-31T12:00:00.000001999Z",
        "2026-01-31T12:00:00Z, 2026-01-31T12:00:00.000000999Z",
        "1969-12-31T23:59:59.999999Z, 1969-12-31T23:59:59.999999Z",
        "0000-01-01T00:00:00Z, 0000-01-01T00:00:00Z",
        "-0001-12-31T23:59:59Z, -0001-12-31T23:59:59Z",
        "9999-12-31T23:59:59.12Z, 9999-12-31T23:59:59.12Z",
        "+10000-01-01T00:00:00Z, +10000-01-01T00:00:00Z"
    })
    void writesTimestampsInUtc(String expected, Instant instant) {
        assertThat(EntityOutput.timestamp(instant)).isEqualTo(expected);
    }

    @Test
    void writesWhatAFormatterWrites() {
        System.out.println("seed " + SEED);
        Random random = new Random(SEED);
        DateTimeFormatter formatter = new DateTimeFormatterBuilder()
                .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
                .appendFraction(ChronoField.NANO_OF_SECOND, 0, 6, true)
                .appendOffsetId()
                .toFormatter()
                .withZone(ZoneOffset.UTC);
        for (int i = 0; i < 100_000; i++) {
            Instant instant = Instant.ofEpochSecond(
                    random.nextLong(-70_000_000_000L, 260_000_000_000L), random.nextInt(1_000_000) * 1_000L);
            assertThat(EntityOutput.timestamp(instant)).isEqualTo(formatter.format(instant));
        }
    }
}
