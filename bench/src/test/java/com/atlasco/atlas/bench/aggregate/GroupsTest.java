package com.atlasco.atlas.bench.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GroupsTest {

    private static final Groups GROUPS = new Groups(Map.of(List.of("a", "1"), List.of(3.0, 1e12)));

    @Test
    void figuresThatDifferByRoundingAreTheSame() {
        assertThat(GROUPS.difference(new Groups(Map.of(List.of("a", "1"), List.of(3.0, 1e12 + 1)))))
                .isEmpty();
    }

    @Test
    void anotherFigureAnotherKeyAndAMissingGroupAreDifferences() {
        assertThat(GROUPS.difference(new Groups(Map.of(List.of("a", "1"), List.of(4.0, 1e12)))))
                .isPresent();
        assertThat(GROUPS.difference(new Groups(Map.of(List.of("a", "2"), List.of(3.0, 1e12)))))
                .isPresent();
        assertThat(GROUPS.difference(new Groups(Map.of()))).isPresent();
    }
}
