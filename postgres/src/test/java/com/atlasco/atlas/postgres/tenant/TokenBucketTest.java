package com.atlasco.atlas.postgres.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TokenBucketTest {

    private final AtomicLong now = new AtomicLong(-5);
    private final TokenBucket bucket = new TokenBucket(100, now::get);

    @Test
    void aBurstIsOneSecondAndThenTheRateHolds() {
        assertThat(bucket.tryTake(100)).isTrue();
        assertThat(bucket.tryTake(1)).isFalse();
        assertThat(bucket.waitFor(1)).isEqualTo(Duration.ofMillis(10));
        pass(Duration.ofMillis(10));
        assertThat(bucket.tryTake(1)).isTrue();
        pass(Duration.ofHours(1));
        assertThat(bucket.tryTake(101)).isFalse();
        assertThat(bucket.tryTake(100)).isTrue();
    }

    @Test
    void thoseWhoWaitStandInALine() {
        assertThat(bucket.takeUpTo(150, Duration.ofSeconds(1)))
                .isEqualTo(new TokenBucket.Taken(150, Duration.ofMillis(500)));
        assertThat(bucket.takeUpTo(100, Duration.ofSeconds(1)))
                .isEqualTo(new TokenBucket.Taken(50, Duration.ofSeconds(1)));
        assertThat(bucket.takeUpTo(1, Duration.ofSeconds(1)).count()).isZero();
        pass(Duration.ofMillis(100));
        assertThat(bucket.takeUpTo(100, Duration.ofSeconds(1)).count()).isEqualTo(10);
        assertThat(bucket.takeUpTo(1, Duration.ofSeconds(-1)).count()).isZero();
    }

    private void pass(Duration duration) {
        now.addAndGet(duration.toNanos());
    }
}
