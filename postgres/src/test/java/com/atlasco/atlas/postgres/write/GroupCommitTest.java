package com.atlasco.atlas.postgres.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GroupCommitTest {

    private static final TenantId TENANT = new TenantId(1);
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final int BYTES = 10;

    private final AtomicLong now = new AtomicLong();
    private final Gated transactions = new Gated();
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final List<GroupCommit> opened = new CopyOnWriteArrayList<>();

    /** Each transaction waits until it is let through, twice; versions are counted in the order of the writes. */
    private static final class Gated implements GroupCommit.Transactions {

        /** Before the commit, and before its answer. */
        private final Semaphore gate = new Semaphore(0);

        private final Semaphore disk = new Semaphore(1_000_000);
        private final List<List<WriteRequest>> begun = Collections.synchronizedList(new ArrayList<>());
        private final AtomicLong versions = new AtomicLong();
        private volatile Optional<RuntimeException> failure = Optional.empty();

        @Override
        public WriteOutcome write(TenantId tenant, List<WriteRequest> requests, Runnable committing) {
            begun.add(List.copyOf(requests));
            gate.acquireUninterruptibly();
            committing.run();
            disk.acquireUninterruptibly();
            if (failure.isPresent()) {
                throw failure.get();
            }
            List<WriteResult> results = requests.stream()
                    .<WriteResult>map(request -> new WriteResult.Stored(
                            request.write().target().orElseThrow(), versions.incrementAndGet(), false))
                    .toList();
            return new WriteOutcome(results, new Position(1, 1, new Lsn(versions.get())));
        }

        List<Integer> sizes() {
            return List.copyOf(begun).stream().map(List::size).toList();
        }
    }

    @AfterEach
    void letAllThrough() {
        transactions.gate.release(1_000_000);
        opened.forEach(GroupCommit::close);
        callers.close();
    }

    private GroupCommit start(int concurrency, Duration maxWait, int maxGroup, int maxQueued, long maxQueuedBytes) {
        GroupCommit group = GroupCommit.start(
                transactions,
                new GroupCommitSettings(concurrency, maxWait, maxGroup, 1 << 20, maxQueued, maxQueuedBytes),
                now::get);
        opened.add(group);
        return group;
    }

    private GroupCommit start() {
        return start(1, LONG, 100, 100, 1_000_000);
    }

    /** Returns when the write waits in the queue or has begun. */
    private Future<GroupCommit.Written> send(GroupCommit group, long entityId) {
        int before = seen(group);
        Future<GroupCommit.Written> answer = callers.submit(() -> group.write(TENANT, request(entityId), BYTES));
        await().pollInterval(Duration.ofMillis(1)).until(() -> seen(group) > before || answer.isDone());
        return answer;
    }

    private int seen(GroupCommit group) {
        // First those that wait: one that goes on meanwhile is counted twice rather than not.
        int waiting = group.queued();
        return waiting + transactions.sizes().stream().mapToInt(size -> size).sum();
    }

    private List<Future<GroupCommit.Written>> send(GroupCommit group, long entityId, int times) {
        List<Future<GroupCommit.Written>> answers = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            answers.add(send(group, entityId));
        }
        return answers;
    }

    private void awaitGroups(Integer... sizes) {
        await().untilAsserted(() -> assertThat(transactions.sizes()).containsExactly(sizes));
    }

    private static WriteRequest request(long entityId) {
        return WriteRequest.of(new EntityWrite.Replace(entityId, "t", Document.empty()));
    }

    private static ErrorCode refusal(Future<?> answer) {
        await().until(answer::isDone);
        return ((AtlasException) answer.exceptionNow()).problem().code();
    }

    @Test
    void aWriteThatMeetsAnIdleLaneGoesAtOnceAndAlone() throws Exception {
        GroupCommit group = start();
        Future<GroupCommit.Written> first = send(group, 7);
        awaitGroups(1);
        transactions.gate.release();
        assertThat(first.get().result()).isEqualTo(new WriteResult.Stored(7, 1, false));
        assertThat(first.get().position().lsn()).isEqualTo(new Lsn(1));
        assertThat(group.queued()).isZero();
    }

    @Test
    void whatArrivesDuringATransactionIsTheNextOneInItsOrder() throws Exception {
        GroupCommit group = start();
        Future<GroupCommit.Written> first = send(group, 7);
        awaitGroups(1);
        List<Future<GroupCommit.Written>> others = send(group, 7, 5);
        transactions.gate.release(2);
        first.get();
        for (int i = 0; i < others.size(); i++) {
            assertThat(others.get(i).get().result()).isEqualTo(new WriteResult.Stored(7, i + 2, false));
        }
        assertThat(transactions.sizes()).containsExactly(1, 5);
    }

    @Test
    void aGroupHasNoMoreThanItsBound() {
        GroupCommit group = start(1, Duration.ZERO, 2, 100, 1_000_000);
        var _ = send(group, 7);
        awaitGroups(1);
        send(group, 7, 5);
        transactions.gate.release(4);
        awaitGroups(1, 2, 2, 1);
    }

    @Test
    void aTransactionThatFollowsAnotherWaitsForAsMuchCompany() {
        GroupCommit group = start();
        var _ = send(group, 7);
        awaitGroups(1);
        send(group, 7, 3);
        transactions.gate.release();
        awaitGroups(1, 3);
        var _ = send(group, 7);
        transactions.gate.release();
        // The clock stands still: only company ends its wait.
        send(group, 7, 2);
        awaitGroups(1, 3, 3);
    }

    @Test
    void companyIsNotWaitedForBeyondItsTime() {
        GroupCommit group = start();
        var _ = send(group, 7);
        awaitGroups(1);
        send(group, 7, 3);
        transactions.gate.release();
        awaitGroups(1, 3);
        var _ = send(group, 7);
        now.addAndGet(LONG.toNanos());
        transactions.gate.release();
        awaitGroups(1, 3, 1);
    }

    @Test
    void theNextTransactionBeginsWhileTheOneBeforeIsBeingCommitted() throws Exception {
        transactions.disk.drainPermits();
        GroupCommit group = start(8, LONG, 100, 100, 1_000_000);
        Future<GroupCommit.Written> first = send(group, 7);
        awaitGroups(1);
        Future<GroupCommit.Written> second = send(group, 7);
        await().during(Duration.ofMillis(100)).until(() -> transactions.sizes().equals(List.of(1)));
        transactions.gate.release();
        awaitGroups(1, 1);
        assertThat(first.isDone()).isFalse();
        transactions.gate.release();
        transactions.disk.release(2);
        first.get();
        second.get();
    }

    @Test
    void aTenantHasOneTransactionUnderWayAsLongAsFewWait() {
        GroupCommit group = start(8, Duration.ZERO, 100, 1_000, 1_000_000);
        for (long entityId = 1; entityId <= GroupCommit.FULL_HALF; entityId++) {
            var _ = send(group, entityId);
        }
        await().during(Duration.ofMillis(100)).until(() -> transactions.sizes().equals(List.of(1)));
        transactions.gate.release();
        awaitGroups(1, GroupCommit.FULL_HALF - 1);
    }

    @Test
    void halvesThatAreFullGoSideBySideAndAnEntityIsInOneOfThem() {
        GroupCommit group = start(8, Duration.ZERO, 1_000, 1_000, 1_000_000);
        var _ = send(group, 7);
        awaitGroups(1);
        for (long entityId = 1; entityId <= 3L * GroupCommit.FULL_HALF; entityId++) {
            var _ = send(group, entityId);
        }
        transactions.gate.release();
        await().until(() -> transactions.begun.size() == 3);
        assertThat(transactions.sizes().subList(1, 3)).allMatch(size -> size >= GroupCommit.FULL_HALF);
        List<Set<Long>> underWay = transactions.begun.subList(1, 3).stream()
                .map(requests -> requests.stream()
                        .map(each -> each.write().target().orElseThrow())
                        .collect(Collectors.toSet()))
                .toList();
        assertThat(underWay.get(0)).doesNotContainAnyElementsOf(underWay.get(1));
        // Each of their entities once more: nothing of it may begin.
        for (long entityId = 1; entityId <= 3L * GroupCommit.FULL_HALF; entityId++) {
            var _ = send(group, entityId);
        }
        await().during(Duration.ofMillis(100)).until(() -> transactions.begun.size() == 3);
    }

    @Test
    void aFullQueueRefusesAndTakesMoreWhenThereIsRoom() throws Exception {
        GroupCommit group = start(1, LONG, 100, 2, 1_000_000);
        var _ = send(group, 7);
        awaitGroups(1);
        List<Future<GroupCommit.Written>> waiting = send(group, 7, 2);
        assertThat(refusal(send(group, 7))).isEqualTo(ErrorCode.TOO_MANY_REQUESTS);
        transactions.gate.release();
        awaitGroups(1, 2);
        Future<GroupCommit.Written> later = send(group, 7);
        now.addAndGet(LONG.toNanos());
        transactions.gate.release(2);
        for (Future<GroupCommit.Written> each : waiting) {
            each.get();
        }
        later.get();
    }

    @Test
    void theQueueIsBoundedInBytesToo() {
        GroupCommit group = start(1, LONG, 100, 100, 2 * BYTES + 1);
        var _ = send(group, 7);
        awaitGroups(1);
        send(group, 7, 2);
        assertThat(refusal(send(group, 7))).isEqualTo(ErrorCode.TOO_MANY_REQUESTS);
        assertThat(group.queued()).isEqualTo(2);
    }

    @Test
    void aFailureIsToldToAllOfItsGroupAndToNobodyElse() throws Exception {
        GroupCommit group = start();
        Future<GroupCommit.Written> first = send(group, 7);
        awaitGroups(1);
        List<Future<GroupCommit.Written>> doomed = send(group, 7, 3);
        transactions.gate.release();
        first.get();
        awaitGroups(1, 3);
        transactions.failure = Optional.of(
                Problem.of(ErrorCode.SOURCE_UNAVAILABLE, "as it happens").asException());
        transactions.gate.release();
        assertThat(doomed).allSatisfy(each -> assertThat(refusal(each)).isEqualTo(ErrorCode.SOURCE_UNAVAILABLE));
        assertThat(doomed.stream().map(GroupCommitTest::cause).distinct())
                .as("each has an exception of its own")
                .hasSize(3);
        transactions.failure = Optional.empty();
        transactions.gate.release();
        now.addAndGet(2 * LONG.toNanos());
        send(group, 7).get();
    }

    private static Throwable cause(Future<?> answer) {
        return answer.exceptionNow();
    }

    @Test
    void writesThatWaitAreWrittenBeforeTheEndAndNoneIsTakenAfterIt() throws Exception {
        GroupCommit group = start();
        Future<GroupCommit.Written> first = send(group, 7);
        awaitGroups(1);
        List<Future<GroupCommit.Written>> waiting = send(group, 7, 3);
        Future<?> closing = callers.submit(group::close);
        // Too large for the queue: refused for that until it is closed.
        await().until(() ->
                refusal(callers.submit(() -> group.write(TENANT, request(9), 2_000_000))) == ErrorCode.OVERLOADED);
        assertThat(closing.isDone()).isFalse();
        transactions.gate.release(2);
        closing.get();
        first.get();
        assertThat(IntStream.range(0, 3)
                        .mapToObj(i -> waiting.get(i).resultNow().result()))
                .containsExactly(
                        new WriteResult.Stored(7, 2, false),
                        new WriteResult.Stored(7, 3, false),
                        new WriteResult.Stored(7, 4, false));
        assertThat(group.queued()).isZero();
    }
}
