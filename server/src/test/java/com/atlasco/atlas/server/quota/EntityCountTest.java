package com.atlasco.atlas.server.quota;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.server.quota.EntityCount.Grant;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EntityCountTest {

    private static final Duration SOON = Duration.ofMillis(20);
    private static final Grant NONE = new Grant.Known(0);

    private final AtomicLong now = new AtomicLong();
    private final AtomicLong stored = new AtomicLong();
    private final Deque<Runnable> counts = new ArrayDeque<>();

    private EntityCount atOnce() {
        return new EntityCount(stored::get, Runnable::run, now::get);
    }

    /** Whose counts take until somebody runs them. */
    private EntityCount slow(java.util.function.LongSupplier ticker) {
        return new EntityCount(stored::get, counts::add, ticker);
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    void aCountThatTakesLongHoldsNobodyUpAndNothingIsCreatedMeanwhile() {
        EntityCount count = slow(System::nanoTime);
        Grant grant = count.reserve(1, 10, SOON);
        assertThat(grant).isInstanceOf(Grant.Unknown.class);
        assertThat(((Grant.Unknown) grant).retryAfter()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(10));
        count.settle(grant, 0, 0);
        // The count has taken the patience: whoever comes now does not wait at all.
        long began = System.nanoTime();
        for (int i = 0; i < 1_000; i++) {
            count.settle(count.reserve(1, 10, SOON), 0, 0);
        }
        assertThat(System.nanoTime() - began).isLessThan(SOON.toNanos() * 100);
        assertThat(counts).as("counts at once").hasSize(1);
        stored.set(8);
        counts.remove().run();
        assertThat(count.reserve(5, 10, SOON)).isEqualTo(new Grant.Known(2));
    }

    @Test
    void whoCreatesNothingNeedsNoCount() {
        EntityCount count = slow(now::get);
        assertThat(count.reserve(0, 10, SOON)).isEqualTo(NONE);
        assertThat(counts).isEmpty();
    }

    @Test
    void whenTheIntervalIsOverOneCountIsEnough() {
        EntityCount count = slow(now::get);
        count.reserve(1, 10, Duration.ZERO);
        counts.remove().run();
        pass(EntityCount.RECOUNT_INTERVAL);
        for (int i = 0; i < 100; i++) {
            Grant grant = count.reserve(1, 10, Duration.ZERO);
            assertThat(grant).isEqualTo(new Grant.Known(1));
            count.settle(grant, 0, 0);
        }
        assertThat(counts).hasSize(1);
    }

    @Test
    void aCountThatFailsIsTriedAgainAndNotAtOnce() {
        AtomicLong attempts = new AtomicLong();
        EntityCount count = new EntityCount(
                () -> {
                    attempts.incrementAndGet();
                    throw new IllegalStateException("the server is away");
                },
                Runnable::run,
                now::get);
        assertThat(count.reserve(1, 10, SOON)).isInstanceOf(Grant.Unknown.class);
        assertThat(count.reserve(1, 10, SOON)).isInstanceOf(Grant.Unknown.class);
        assertThat(attempts).hasValue(1);
        pass(Duration.ofSeconds(1));
        assertThat(count.reserve(1, 10, SOON)).isInstanceOf(Grant.Unknown.class);
        assertThat(attempts).hasValue(2);
    }

    @Test
    void nothingIsCountedWhileTheServerStops() {
        EntityCount count = new EntityCount(
                stored::get,
                task -> {
                    throw new RejectedExecutionException();
                },
                now::get);
        assertThat(count.reserve(1, 10, SOON)).isInstanceOf(Grant.Unknown.class);
    }

    @Test
    void whatWasDeletedMakesRoomWithoutACount() {
        EntityCount count = slow(now::get);
        stored.set(10);
        count.reserve(1, 10, Duration.ZERO);
        counts.remove().run();
        assertThat(count.reserve(1, 10, Duration.ZERO)).isEqualTo(NONE);
        count.deleted(4);
        assertThat(count.reserve(9, 10, Duration.ZERO)).isEqualTo(new Grant.Known(4));
        assertThat(counts).isEmpty();
    }

    @Test
    void roomThatOthersMadeIsKnownAfterASecond() {
        EntityCount count = atOnce();
        stored.set(10);
        assertThat(count.reserve(1, 10, SOON)).isEqualTo(NONE);
        stored.set(7);
        assertThat(count.reserve(1, 10, SOON)).isEqualTo(NONE);
        pass(Duration.ofSeconds(1));
        assertThat(count.reserve(5, 10, SOON)).isEqualTo(new Grant.Known(3));
    }

    @Test
    void whatIsCreatedWhileItIsCountedIsNotForgotten() {
        EntityCount count = slow(now::get);
        count.reserve(1, 10, Duration.ZERO);
        counts.remove().run();
        pass(EntityCount.RECOUNT_INTERVAL);
        Grant grant = count.reserve(3, 10, Duration.ZERO);
        count.settle(grant, 3, 0);
        counts.remove().run();
        assertThat(count.reserve(10, 10, Duration.ZERO)).isEqualTo(new Grant.Known(7));
    }
}
