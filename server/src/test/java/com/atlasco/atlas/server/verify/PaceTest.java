package com.atlasco.atlas.server.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PaceTest {

    private final AtomicLong now = new AtomicLong();
    private final List<Duration> pauses = new ArrayList<>();

    @Test
    void restsNineteenTimesAsLongAsItWorkedAndWaitingIsNoWork() throws InterruptedException {
        Pace pace = new Pace(0.05, now::get, this::pause);
        now.addAndGet(1_000);
        pace.rest();
        assertThat(pauses).containsExactly(Duration.ofNanos(19_000));

        now.addAndGet(500);
        assertThat(pace.waiting(() -> now.addAndGet(1_000_000) > 0)).isTrue();
        now.addAndGet(500);
        pace.rest();
        assertThat(pauses).containsExactly(Duration.ofNanos(19_000), Duration.ofNanos(19_000));
    }

    @Test
    void neverRestsWhereNobodyWantsIt() throws InterruptedException {
        Pace pace = new Pace(1, now::get, this::pause);
        now.addAndGet(1_000);
        pace.rest();
        assertThat(pauses).isEmpty();
    }

    private void pause(Duration duration) {
        pauses.add(duration);
        now.addAndGet(duration.toNanos());
    }
}
