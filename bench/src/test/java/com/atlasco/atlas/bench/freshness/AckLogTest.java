package com.atlasco.atlas.bench.freshness;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AckLogTest {

    private final AckLog log = new AckLog();

    @Test
    void knowsWhatWasAcknowledgedAtAMoment() {
        assertThat(log.valueAt(100)).as("nothing yet").isZero();
        log.acknowledged(1, 100);
        log.acknowledged(4, 200);
        assertThat(log.valueAt(99)).isZero();
        assertThat(log.valueAt(100)).isEqualTo(1);
        assertThat(log.valueAt(199)).isEqualTo(1);
        assertThat(log.valueAt(200)).isEqualTo(4);
        assertThat(log.valueAt(9_999)).isEqualTo(4);
    }

    @Test
    void anAnswerIsAsStaleAsTheFirstValueThatItMisses() {
        log.acknowledged(1, 100);
        log.acknowledged(4, 200);
        log.acknowledged(5, 300);
        assertThat(log.stalenessAt(5, 1_000)).isZero();
        assertThat(log.stalenessAt(7, 1_000))
                .as("written, and not acknowledged yet")
                .isZero();
        assertThat(log.stalenessAt(4, 1_000)).isEqualTo(700);
        assertThat(log.stalenessAt(3, 1_000)).isEqualTo(800);
        assertThat(log.stalenessAt(0, 1_000)).isEqualTo(900);
        assertThat(log.stalenessAt(1, 150)).as("acknowledged only later").isZero();
    }

    @Test
    void keepsAnyNumberAndComparesMomentsThatOverflow() {
        long begin = Long.MAX_VALUE - 5_000;
        for (int i = 1; i <= 10_000; i++) {
            log.acknowledged(i, begin + i);
        }
        assertThat(log.valueAt(begin + 9_000)).isEqualTo(9_000);
        assertThat(log.stalenessAt(9_000, begin + 10_000)).isEqualTo(999);
    }
}
