package com.atlasco.atlas.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.postgres.Session.Origin;
import org.junit.jupiter.api.Test;

class PrimaryLineageTest {

    private final PrimaryLineage lineage = new PrimaryLineage();

    @Test
    void admitsNoServerOnAnOlderTimelineThanOneThatWasMet() {
        assertThat(lineage.admits(new Origin(1, 1))).isTrue();
        assertThat(lineage.admits(new Origin(1, 1))).isTrue();
        assertThat(lineage.admits(new Origin(1, 3))).isTrue();
        assertThat(lineage.admits(new Origin(1, 2))).isFalse();
        assertThat(lineage.admits(new Origin(1, 1))).isFalse();
        assertThat(lineage.admits(new Origin(1, 3))).isTrue();
    }

    @Test
    void admitsNoStandby() {
        assertThat(lineage.admits(new Origin(1, 0))).isFalse();
        assertThat(lineage.admits(new Origin(1, 1))).isTrue();
        assertThat(lineage.admits(new Origin(1, 0))).isFalse();
    }

    @Test
    void doesNotGoBackToASystemThatWasLeft() {
        assertThat(lineage.admits(new Origin(1, 5))).isTrue();
        assertThat(lineage.admits(new Origin(2, 1))).isTrue();
        assertThat(lineage.admits(new Origin(1, 6))).isFalse();
        assertThat(lineage.admits(new Origin(2, 1))).isTrue();
    }
}
