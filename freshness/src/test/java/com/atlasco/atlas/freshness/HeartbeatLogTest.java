package com.atlasco.atlas.freshness;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeartbeatLogTest {

    private final HeartbeatLog log = new HeartbeatLog("node-1", 3);

    @Test
    void remembersTheNewestMomentsAndNothingElse() {
        for (long moment = 10; moment <= 50; moment += 10) {
            log.next(moment);
        }
        assertThat(log.newestSequence()).isEqualTo(5);
        assertThat(log.moment("node-1", 5)).hasValue(50);
        assertThat(log.moment("node-1", 3)).hasValue(30);
        assertThat(log.moment("node-1", 2)).as("forgotten").isEmpty();
        assertThat(log.moment("node-1", 6)).as("not sent yet").isEmpty();
        assertThat(log.moment("node-1", 0)).isEmpty();
        assertThat(log.moment("node-1", -4)).isEmpty();
        assertThat(log.moment("node-2", 5)).as("another node's").isEmpty();
    }
}
