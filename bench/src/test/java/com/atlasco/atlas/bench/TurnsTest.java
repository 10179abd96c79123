package com.atlasco.atlas.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TurnsTest {

    private static final long MILLISECOND = 1_000_000;

    @Test
    void theFirstTurnDoesNotCount() {
        Turns turns = new Turns(3, Turns.LONG);
        for (long millis : new long[] {90, 3, 1, 2}) {
            assertThat(turns.isDone()).isFalse();
            turns.add(millis * MILLISECOND);
        }

        assertThat(turns.isDone()).isTrue();
        assertThat(turns.counted()).isEqualTo(3);
        assertThat(turns.medianMillis()).isEqualTo(2);
    }

    @Test
    void whatTakesLongIsAskedOnce() {
        Turns turns = new Turns(3, Turns.LONG);
        turns.add(251 * MILLISECOND);

        assertThat(turns.isDone()).isTrue();
        assertThat(turns.medianMillis()).isEqualTo(251);
    }

    @Test
    void whatIsCutCountsWithTheCut() {
        Turns turns = new Turns(3, Turns.LONG);
        turns.add(MILLISECOND);
        turns.end(Duration.ofSeconds(10));

        assertThat(turns.isDone()).isTrue();
        assertThat(turns.medianMillis()).isEqualTo(10_000);
    }
}
