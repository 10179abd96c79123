package com.atlasco.atlas.postgres.write;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.TenantId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Gathers single writes of concurrent callers into shared transactions, so that they share the commit and the round
 * trips. Thread-safe.
 *
 * <p>Writes queue in lanes: a tenant has {@link #LANES_PER_TENANT}, and an entity belongs to one of them, so that two
 * transactions under way never wait for each other's rows and the writes of an entity keep their order. A lane has one
 * transaction under way; what arrives meanwhile is the next one. A transaction that follows another one directly waits for
 * company until it is as large as its predecessor, but no longer than {@link GroupCommitSettings#maxWait}; a write that
 * meets an idle lane does not wait.
 */
public final class GroupCommit implements AutoCloseable {

    /** Two, so that one group is computed here while the other one is written there. */
    private static final int LANES_PER_TENANT = 2;

    private final Transactions transactions;
    private final GroupCommitSettings settings;
    private final LongSupplier ticker;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition laneReady = lock.newCondition();
    private final Map<LaneKey, Lane> lanes = new HashMap<>();
    private final ArrayDeque<Lane> ready = new ArrayDeque<>();
    private final List<Thread> workers = new ArrayList<>();
    private int queued;
    private long queuedBytes;
    private long withoutId;
    private boolean closed;

    /** Parked lanes beyond these are forgotten; all they know is how large their last group was. */
    private static final int MAX_LANES_KEPT = 4_096;

    /** Writes a group in one transaction: see {@link EntityWriter#write(TenantId, List, WriteLimits)}. */
    @FunctionalInterface
    public interface Transactions {
        WriteOutcome write(TenantId tenant, List<WriteRequest> requests);
    }

    /**
     * What became of a write.
     *
     * @param position a source that contains it contains the write
     */
    public record Written(WriteResult result, Position position) {}

    private record LaneKey(TenantId tenant, int number) {}

    private record Waiting(WriteRequest request, int bytes, long since, CompletableFuture<Written> answer) {}

    private static final class Lane {
        private final LaneKey key;
        private final Condition company;
        private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
        /** How many writes the last transaction had, and when it ended. */
        private int lastGroup;

        private long endedAt;
        /** Whether nothing is queued and no worker has it. */
        private boolean parked = true;
        /** How many writes the worker that waits for company would like to see; 0 when none does. */
        private int wanted;

        Lane(LaneKey key, Condition company) {
            this.key = key;
            this.company = company;
        }
    }

    private GroupCommit(Transactions transactions, GroupCommitSettings settings, LongSupplier ticker) {
        this.transactions = transactions;
        this.settings = settings;
        this.ticker = ticker;
    }

    /** Starts the writers' threads. */
    public static GroupCommit start(Transactions transactions, GroupCommitSettings settings, LongSupplier ticker) {
        GroupCommit group = new GroupCommit(transactions, settings, ticker);
        for (int i = 1; i <= settings.concurrency(); i++) {
            group.workers.add(
                    Thread.ofPlatform().daemon().name("atlas-writer-" + i).start(group::work));
        }
        return group;
    }

    /**
     * Writes, with others; returns when it is durable.
     *
     * @param bytes about what the request takes in memory, for the bound of the queue
     * @throws AtlasException {@code too_many_requests} when the queue is full, and nothing was written; otherwise as
     *     {@link EntityWriter#write(TenantId, List, WriteLimits)}
     */
    public Written write(TenantId tenant, WriteRequest request, int bytes) {
        CompletableFuture<Written> answer = new CompletableFuture<>();
        enqueue(tenant, new Waiting(request, bytes, ticker.getAsLong(), answer));
        try {
            return answer.join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof AtlasException problem) {
                // A new one: it is thrown by several threads.
                throw problem.problem().asException(problem);
            }
            throw failed;
        }
    }

    /** How many writes wait for their transaction. */
    public int queued() {
        lock.lock();
        try {
            return queued;
        } finally {
            lock.unlock();
        }
    }

    private void enqueue(TenantId tenant, Waiting waiting) {
        lock.lock();
        try {
            if (closed) {
                throw Problem.of(ErrorCode.OVERLOADED, "this node is stopping")
                        .hint("Send the write to another node, or again in a moment.")
                        .asException();
            }
            if (queued >= settings.maxQueued() || queuedBytes + waiting.bytes() > settings.maxQueuedBytes()) {
                throw Problem.of(
                                ErrorCode.TOO_MANY_REQUESTS,
                                "%d writes are waiting already, and no more are taken".formatted(queued))
                        .hint("Send the write again after a moment, or many entities at once to"
                                + " /api/v1/entities:batch, which is slowed instead of refused.")
                        .asException();
            }
            queued++;
            queuedBytes += waiting.bytes();
            Lane lane = lane(laneKey(tenant, waiting.request()));
            if (lane.parked) {
                unpark(lane, waiting.since());
            }
            lane.queue.addLast(waiting);
            if (lane.wanted > 0 && lane.queue.size() >= lane.wanted) {
                lane.company.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private Lane lane(LaneKey key) {
        Lane known = lanes.get(key);
        if (known != null) {
            return known;
        }
        if (lanes.size() >= MAX_LANES_KEPT) {
            lanes.values().removeIf(lane -> lane.parked);
        }
        Lane lane = new Lane(key, lock.newCondition());
        lanes.put(key, lane);
        return lane;
    }

    private void unpark(Lane lane, long now) {
        lane.parked = false;
        if (now - lane.endedAt > settings.maxWait().toNanos()) {
            lane.lastGroup = 0;
        }
        ready.addLast(lane);
        laneReady.signal();
    }

    private LaneKey laneKey(TenantId tenant, WriteRequest request) {
        long number = request.write().target().orElseGet(() -> withoutId++);
        return new LaneKey(tenant, Long.hashCode(number * 0x9E3779B97F4A7C15L) & (LANES_PER_TENANT - 1));
    }

    private void work() {
        Optional<Lane> lane = Optional.empty();
        while (true) {
            List<Waiting> group = new ArrayList<>();
            lock.lock();
            try {
                lane.ifPresent(this::giveBack);
                lane = take();
                if (lane.isEmpty()) {
                    return;
                }
                awaitCompany(lane.get());
                fill(group, lane.get());
            } finally {
                lock.unlock();
            }
            write(lane.get().key.tenant(), group);
        }
    }

    /** After a transaction: the lane queues behind the others, or is parked. */
    private void giveBack(Lane lane) {
        lane.endedAt = ticker.getAsLong();
        if (lane.queue.isEmpty()) {
            lane.parked = true;
        } else {
            ready.addLast(lane);
            laneReady.signal();
        }
    }

    /** The next lane with writes; empty when this is closed and none is left. */
    private Optional<Lane> take() {
        while (ready.isEmpty()) {
            if (closed) {
                return Optional.empty();
            }
            laneReady.awaitUninterruptibly();
        }
        return Optional.of(ready.removeFirst());
    }

    private void awaitCompany(Lane lane) {
        lane.wanted = Math.min(lane.lastGroup, settings.maxGroup());
        long deadline = lane.queue.getFirst().since() + settings.maxWait().toNanos();
        while (lane.queue.size() < lane.wanted && !closed) {
            long remaining = deadline - ticker.getAsLong();
            if (remaining <= 0) {
                break;
            }
            try {
                var _ = lane.company.await(remaining, TimeUnit.NANOSECONDS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        lane.wanted = 0;
    }

    private void fill(List<Waiting> group, Lane lane) {
        long bytes = 0;
        while (!lane.queue.isEmpty() && group.size() < settings.maxGroup() && bytes < settings.maxGroupBytes()) {
            Waiting next = lane.queue.removeFirst();
            bytes += next.bytes();
            group.add(next);
        }
        lane.lastGroup = group.size();
        queued -= group.size();
        queuedBytes -= bytes;
    }

    private void write(TenantId tenant, List<Waiting> group) {
        try {
            WriteOutcome outcome = transactions.write(
                    tenant, group.stream().map(Waiting::request).toList());
            for (int i = 0; i < group.size(); i++) {
                group.get(i).answer().complete(new Written(outcome.results().get(i), outcome.position()));
            }
        } catch (Throwable failure) {
            // Whatever it is, nobody may wait for ever; what is no AtlasException is logged where it is answered.
            group.forEach(waiting -> waiting.answer().completeExceptionally(failure));
        }
    }

    /** Takes no more writes, writes those that wait, and returns when that is done. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            laneReady.signalAll();
            lanes.values().forEach(lane -> lane.company.signal());
        } finally {
            lock.unlock();
        }
        for (Thread worker : workers) {
            try {
                worker.join();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
