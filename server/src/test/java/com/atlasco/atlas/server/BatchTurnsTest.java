package com.atlasco.atlas.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class BatchTurnsTest {

    private static final TenantId TENANT = new TenantId(1);
    private static final TenantId OTHER = new TenantId(2);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch gate = new CountDownLatch(1);

    @AfterEach
    void end() {
        gate.countDown();
        threads.close();
    }

    @Test
    void noMoreThanThoseManyBatchesOfATenantAreWrittenAtOnce() throws InterruptedException, ExecutionException {
        BatchTurns turns = new BatchTurns(2, Duration.ofSeconds(10));
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Future<Integer>> batches = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            int number = i;
            batches.add(threads.submit(() -> turns.await(TENANT, () -> {
                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                Thread.onSpinWait();
                running.decrementAndGet();
                return number;
            })));
        }
        for (int i = 0; i < batches.size(); i++) {
            assertThat(batches.get(i).get()).isEqualTo(i);
        }
        assertThat(most.get()).isBetween(1, 2);
        assertThat(turns.busyTenants()).isZero();
    }

    @Test
    void theyComeInTheOrderOfTheirArrival() throws InterruptedException {
        BatchTurns turns = new BatchTurns(1, Duration.ofSeconds(10));
        ConcurrentLinkedQueue<Integer> written = new ConcurrentLinkedQueue<>();
        List<Thread> waiting = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int number = i;
            Thread thread = Thread.ofVirtual()
                    .unstarted(() -> turns.await(TENANT, () -> {
                        pass();
                        return written.add(number);
                    }));
            thread.start();
            waiting.add(thread);
            await().until(() ->
                    thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING);
        }
        gate.countDown();
        for (Thread thread : waiting) {
            thread.join();
        }
        assertThat(written)
                .containsExactlyElementsOf(IntStream.range(0, 20).boxed().toList());
    }

    @Test
    void anotherTenantDoesNotWait() throws InterruptedException, ExecutionException {
        BatchTurns turns = new BatchTurns(1, Duration.ofSeconds(10));
        Future<Boolean> held = threads.submit(() -> turns.await(TENANT, this::pass));
        await().until(() -> turns.busyTenants() == 1);
        assertThat(turns.await(OTHER, () -> "written")).isEqualTo("written");
        gate.countDown();
        assertThat(held.get()).isTrue();
    }

    @Test
    void whoseTurnDoesNotComeIsRefusedUnwrittenAndTheNextIsServed() throws InterruptedException, ExecutionException {
        BatchTurns turns = new BatchTurns(1, Duration.ofMillis(20));
        Future<Boolean> held = threads.submit(() -> turns.await(TENANT, this::pass));
        await().until(() -> turns.busyTenants() == 1);
        AtomicInteger written = new AtomicInteger();
        assertThatThrownBy(() -> turns.await(TENANT, written::incrementAndGet))
                .isInstanceOfSatisfying(AtlasException.class, refused -> {
                    assertThat(refused.problem().code()).isEqualTo(ErrorCode.OVERLOADED);
                    assertThat(refused.problem().hint()).isPresent();
                });
        assertThat(written).hasValue(0);
        gate.countDown();
        assertThat(held.get()).isTrue();
        assertThat(turns.await(TENANT, written::incrementAndGet)).isEqualTo(1);
    }

    @Test
    void aBatchThatFailsGivesItsTurnBack() {
        BatchTurns turns = new BatchTurns(1, Duration.ofMillis(20));
        assertThatThrownBy(() -> turns.await(TENANT, () -> {
                    throw new IllegalStateException("broken");
                }))
                .hasMessage("broken");
        assertThat(turns.await(TENANT, () -> "written")).isEqualTo("written");
        assertThat(turns.busyTenants()).isZero();
    }

    private boolean pass() {
        try {
            gate.await();
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
