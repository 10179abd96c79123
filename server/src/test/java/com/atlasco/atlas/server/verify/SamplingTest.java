package com.atlasco.atlas.server.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplingTest {

    @ParameterizedTest
    @ValueSource(doubles = {0.001, 0.1, 0.5, 0.99, 1})
    void takesTheFirstAndThenTheShare(double share) {
        Sampling sampling = new Sampling(share, 0.3);
        assertThat(sampling.takes()).isTrue();
        long taken = IntStream.range(0, 10_000).filter(each -> sampling.takes()).count();
        assertThat((double) taken).isBetween(share * 10_000 - 1, share * 10_000 + 1);
    }
}
