package com.atlasco.atlas.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LsnTest {

    @Test
    void readsBackWhatItWrites() {
        long seed = 5;
        Random random = new Random(seed);
        for (int i = 0; i < 1_000; i++) {
            Lsn lsn = new Lsn(random.nextLong() >>> random.nextInt(64));
            assertThat(Lsn.parse(lsn.toString())).as("seed %d", seed).isEqualTo(lsn);
        }
        assertThat(Lsn.parse("16/B374D848")).isEqualTo(new Lsn(0x16_B374D848L)).hasToString("16/B374D848");
        assertThat(Lsn.parse("ffffffff/ffffffff")).isEqualTo(new Lsn(-1)).hasToString("FFFFFFFF/FFFFFFFF");
        assertThat(Lsn.ZERO).hasToString("0/0");
    }

    @Test
    void comparesUnsigned() {
        assertThat(new Lsn(-1)).isGreaterThan(new Lsn(1));
        assertThat(new Lsn(Long.MIN_VALUE).isAtLeast(new Lsn(Long.MAX_VALUE))).isTrue();
        assertThat(new Lsn(3).isAtLeast(new Lsn(3))).isTrue();
        assertThat(new Lsn(3).isAtLeast(new Lsn(4))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "1/",
                "/1",
                "1",
                "1/2/3",
                "-1/0",
                "+1/0",
                "0/-1",
                "0/+1",
                "x/1",
                "123456789/0",
                "0/123456789",
                " 1/2"
            })
    void refusesOtherForms(String text) {
        assertThatThrownBy(() -> Lsn.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
