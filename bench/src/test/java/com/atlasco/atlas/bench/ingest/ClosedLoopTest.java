package com.atlasco.atlas.bench.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ClosedLoopTest {

    private final AtomicLong nanos = new AtomicLong();

    @Test
    void everyThingIsDoneOnce() throws Exception {
        Set<Integer> done = ConcurrentHashMap.newKeySet();
        ClosedLoop loop = new ClosedLoop(1_000, Duration.ofSeconds(5), nanos::get);

        Contestant.Outcome outcome = loop.run(Collections.nCopies(
                4, lane -> lane.each(i -> assertThat(done.add(i)).isTrue())));

        assertThat(done).hasSize(1_000);
        assertThat(outcome.count()).isEqualTo(1_000);
    }

    @Test
    void nothingIsBegunWhenTheTimeIsUp() throws Exception {
        ClosedLoop loop = new ClosedLoop(1_000, Duration.ofSeconds(5), nanos::get);

        Contestant.Outcome outcome = loop.run(List.of(
                lane -> lane.each(i -> nanos.addAndGet(Duration.ofSeconds(1).toNanos()))));

        // At 0 s, 1 s, and so on up to 5 s.
        assertThat(outcome.count()).isEqualTo(6);
        assertThat(outcome.micros().orElseThrow().percentile(50)).isEqualTo(1_000_000);
    }

    @Test
    void whatFailsEndsIt() {
        ClosedLoop loop = new ClosedLoop(10, Duration.ofSeconds(5), nanos::get);
        assertThatThrownBy(() -> loop.run(List.of(lane -> lane.each(i -> {
                    throw new SQLException("refused");
                }))))
                .isInstanceOf(SQLException.class);
    }
}
