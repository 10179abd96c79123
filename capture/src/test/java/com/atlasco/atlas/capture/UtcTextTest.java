package com.atlasco.atlas.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UtcTextTest {

    private static final int RANDOM_INSTANTS = 20_000;

    @Test
    void readsWhatInstantsAreWrittenAs() {
        Random random = new Random(1);
        for (int i = 0; i < RANDOM_INSTANTS; i++) {
            long seconds = random.nextLong(-62_135_596_800L, 253_402_300_800L);
            Instant instant = Instant.ofEpochSecond(seconds, random.nextInt(1_000_000) * 1_000L);
            assertThat(UtcText.parse(instant.toString())).isEqualTo(instant);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-01-02T03:04:05Z",
                "2026-01-02T03:04:05.Z",
                "2026-01-02T03:04:05.1Z",
                "2026-01-02T03:04:05.123456789Z",
                "2024-02-29T23:59:59.999999Z",
                "2026-01-02T24:00:00Z",
                "2026-01-02T03:04:05+02:00",
                "+12026-01-02T03:04:05Z",
                "-0044-03-15T12:00:00Z"
            })
    void readsTheSameAsTheLibrary(String text) {
        assertThat(UtcText.parse(text)).isEqualTo(Instant.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Z",
                "2026-01-02",
                "2026-13-02T03:04:05Z",
                "2026-02-30T03:04:05Z",
                "2026-01-02T03:60:05Z",
                "2026-01-02T03:04:05.1234567890Z",
                "2026-01-02 03:04:05Z",
                "infinity"
            })
    void refusesWhatIsNone(String text) {
        assertThatThrownBy(() -> UtcText.parse(text)).isInstanceOf(DateTimeException.class);
    }
}
