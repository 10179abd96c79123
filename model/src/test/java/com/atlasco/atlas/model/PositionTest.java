package com.atlasco.atlas.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PositionTest {

    private static final Position POSITION = new Position(7, 2, new Lsn(100));

    @Test
    void containsWhatLiesAtOrBeforeItOnTheSameLog() {
        assertThat(POSITION.contains(new Position(7, 2, new Lsn(99)))).isTrue();
        assertThat(POSITION.contains(POSITION)).isTrue();
        assertThat(POSITION.contains(new Position(7, 2, new Lsn(101)))).isFalse();
        assertThat(new Position(7, 2, new Lsn(-1)).contains(POSITION))
                .as("LSNs have no sign")
                .isTrue();
    }

    @Test
    void containsNothingOfAnotherTimelineOrSystem() {
        for (Position other : new Position[] {new Position(7, 1, new Lsn(1)), new Position(8, 2, new Lsn(1))}) {
            assertThat(POSITION.sameHistory(other)).isFalse();
            assertThat(POSITION.contains(other)).isFalse();
            assertThat(other.contains(POSITION)).isFalse();
        }
    }
}
