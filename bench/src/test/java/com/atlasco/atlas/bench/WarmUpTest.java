package com.atlasco.atlas.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WarmUpTest {

    private final AtomicLong nanos = new AtomicLong();
    private final List<String> told = new ArrayList<>();

    @Test
    void endsWhenTwoRoundsInARowAreNoFaster() throws Exception {
        run(Duration.ofSeconds(1), Stream.of(1_000, 2_000, 2_800, 3_000, 3_100, 3_120, 9_999));
        assertThat(told).hasSize(6);
        assertThat(told.getFirst()).contains("round 1: 1,000 entities/s").doesNotContain("warm;");
        assertThat(told.getLast()).endsWith("round 6: 3,120 entities/s; warm");
    }

    @Test
    void aBadMomentIsNotTheEnd() throws Exception {
        run(Duration.ofSeconds(1), Stream.of(2_000, 1_000, 2_500, 2_400, 2_510, 9_999));
        assertThat(told).hasSize(5);
    }

    @Test
    void endsBeforeTheTimeIsUp() throws Exception {
        run(Duration.ofSeconds(4), Stream.iterate(100, rate -> rate * 2));
        // Six of 4 s; a seventh would end after 28 s.
        assertThat(told).hasSize(6);
        assertThat(told.getLast()).endsWith("; the time for it is up");
    }

    private void run(Duration round, Stream<Integer> rates) throws Exception {
        Iterator<Integer> next = rates.iterator();
        new WarmUp("entities", Duration.ofSeconds(25), nanos::get, told::add).run(() -> {
            nanos.addAndGet(round.toNanos());
            return next.next();
        });
    }
}
