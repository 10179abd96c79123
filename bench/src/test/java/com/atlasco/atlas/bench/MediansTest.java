package com.atlasco.atlas.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MediansTest {

    @Test
    void theMiddleOneOrTheMeanOfTwo() {
        assertThat(Medians.of(List.of(9, 1, 5), Integer::doubleValue)).isEqualTo(5);
        assertThat(Medians.of(List.of(9, 1, 5, 2), Integer::doubleValue)).isEqualTo(3.5);
        assertThat(Medians.of(List.<Integer>of(), Integer::doubleValue)).isZero();
    }
}
