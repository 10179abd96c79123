package com.atlasco.atlas.bench.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SameContentTest {

    @Test
    void looksAtEntitiesFromTheFirstToTheLast() {
        List<Long> ids = SameContent.spread(56_000, 2_000);
        assertThat(ids).isSorted().doesNotHaveDuplicates().hasSizeBetween(2_000, 2_002);
        assertThat(ids.getFirst()).isEqualTo(1);
        assertThat(ids.getLast()).isEqualTo(56_000);
        assertThat(SameContent.spread(3, 2_000)).containsExactly(1L, 2L, 3L);
        assertThat(SameContent.spread(0, 2_000)).isEmpty();
    }

    @Test
    void aDifferenceEndsTheBench() {
        assertThatCode(() -> SameContent.requireSame(101, "2 entities ab", PeerDatabase.LIMIT_COPY, "2 entities ab"))
                .doesNotThrowAnyException();
        assertThatThrownBy(
                        () -> SameContent.requireSame(101, "2 entities ab", PeerDatabase.LIMIT_COPY, "2 entities cd"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("bench_limit_copy have not stored the same");
    }
}
