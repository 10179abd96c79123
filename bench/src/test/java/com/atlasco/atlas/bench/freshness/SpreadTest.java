package com.atlasco.atlas.bench.freshness;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SpreadTest {

    private final Spread spread = new Spread();

    @Test
    void isExactBelowASecondAndToASixteenthAbove() {
        for (long value : new long[] {1_023, 1_024, 1_500, 60_000, 3_600_000, Long.MAX_VALUE}) {
            Spread one = new Spread();
            one.add(value);
            long told = one.percentile(50);
            assertThat(told).isLessThanOrEqualTo(value);
            if (value < 1_024) {
                assertThat(told).isEqualTo(value);
            } else if (value < Long.MAX_VALUE) {
                assertThat((double) told).isGreaterThan(value * 15.0 / 16.0);
            }
        }
    }

    @Test
    void percentilesAreOfTheNearestRank() {
        assertThat(spread.percentile(50)).isZero();
        for (int i = 1; i <= 100; i++) {
            spread.add(i);
        }
        assertThat(spread.percentile(50)).isEqualTo(50);
        assertThat(spread.percentile(99)).isEqualTo(99);
        assertThat(spread.percentile(100)).isEqualTo(100);
        spread.add(-7);
        assertThat(spread.percentile(0)).as("what is negative counts as 0").isZero();
        Spread both = new Spread();
        both.add(spread);
        both.add(spread);
        assertThat(both.percentile(99)).isEqualTo(99);
    }
}
