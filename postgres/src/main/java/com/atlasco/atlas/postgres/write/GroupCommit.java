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
 * Gathers single writes of concurrent callers into shared transactions, so that they share the commit, the round trips and
 * what each statement costs before its first row. Thread-safe.
 *
 * <p>Each tenant has a {@link Lane}. What arrives while its transaction is under way is the next one, which begins as soon
 * as the first one is being committed: the disk is waited for while the next group is computed. Entities belong to one of
 * two halves of the lane; only when a half alone has {@link #FULL_HALF} writes waiting may its transaction run beside that
 * of the other half, so more of them never means smaller ones. Two transactions under way thus never wait for each
 * other's rows, but for those of a commit, and the writes of an entity keep their order.
 *
 * <p>A transaction that follows another one directly waits for company until it is as large as its predecessor, but no
 * longer than {@link GroupCommitSettings#maxWait}; a write that meets an idle lane does not wait.
 */
public final class GroupCommit implements AutoCloseable {

    /** From so many writes on a transaction costs little more for each of them than a larger one: decision 0010. */
    static final int FULL_HALF = 64;

    private final Transactions transactions;
    private final GroupCommitSettings settings;
    private final LongSupplier ticker;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition laneReady = lock.newCondition();
    private final Map<TenantId, Lane> lanes = new HashMap<>();
    private final ArrayDeque<Lane> ready = new ArrayDeque<>();
    private final List<Thread> workers = new ArrayList<>();
    private int queued;
    private long queuedBytes;
    private long withoutId;
    private boolean closed;

    /** Parked lanes beyond these are forgotten; all they know is how large their last group was. */
    private static final int MAX_LANES_KEPT = 4_096;

    /** Writes a group in one transaction. */
    @FunctionalInterface
    public interface Transactions {
        /**
         * As {@link EntityWriter#write(TenantId, List, WriteLimits, Runnable)}.
         *
         * @param committing to be run when all statements have been answered and the commit is next; perhaps more than
         *     once, perhaps never
         */
        WriteOutcome write(TenantId tenant, List<WriteRequest> requests, Runnable committing);
    }

    /**
     * What became of a write.
     *
     * @param position a source that contains it contains the write
     */
    public record Written(WriteResult result, Position position) {}

    /** A write in the queue; {@code since} is when it came. */
    record Waiting(WriteRequest request, int bytes, long since, CompletableFuture<Written> answer) {}

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
            Lane lane = lane(tenant);
            if (lane.isIdle()
                    && waiting.since() - lane.endedAt > settings.maxWait().toNanos()) {
                lane.lastGroup = 0;
            }
            lane.add(waiting, half(waiting.request()));
            announce(lane);
            if (lane.wanted > 0 && lane.queued() >= lane.wanted) {
                lane.company.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private Lane lane(TenantId tenant) {
        Lane known = lanes.get(tenant);
        if (known != null) {
            return known;
        }
        if (lanes.size() >= MAX_LANES_KEPT) {
            lanes.values().removeIf(Lane::isIdle);
        }
        Lane lane = new Lane(tenant, lock.newCondition());
        lanes.put(tenant, lane);
        return lane;
    }

    private int half(WriteRequest request) {
        long number = request.write().target().orElseGet(() -> withoutId++);
        return Long.hashCode(number * 0x9E3779B97F4A7C15L) & 1;
    }

    /** Puts a lane up for a worker when it has something for one. */
    private void announce(Lane lane) {
        if (!lane.announced && lane.isReady()) {
            lane.announced = true;
            ready.addLast(lane);
            laneReady.signal();
        }
    }

    private void work() {
        while (true) {
            Group group;
            lock.lock();
            try {
                Optional<Lane> lane = take();
                if (lane.isEmpty()) {
                    return;
                }
                group = new Group(lane.get(), lane.get().claim());
                awaitCompany(group);
                fill(group);
                announce(group.lane);
            } finally {
                lock.unlock();
            }
            write(group);
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
        Lane lane = ready.removeFirst();
        lane.announced = false;
        return Optional.of(lane);
    }

    private void awaitCompany(Group group) {
        Lane lane = group.lane;
        lane.wanted = group.halves == Lane.BOTH ? Math.min(lane.lastGroup, settings.maxGroup()) : 0;
        long deadline = lane.oldest(group.halves) + settings.maxWait().toNanos();
        while (lane.queued() < lane.wanted && !closed) {
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

    private void fill(Group group) {
        long bytes = 0;
        while (group.writes.size() < settings.maxGroup() && bytes < settings.maxGroupBytes()) {
            Optional<Waiting> next = group.lane.poll(group.halves);
            if (next.isEmpty()) {
                break;
            }
            bytes += next.get().bytes();
            group.writes.add(next.get());
        }
        group.lane.lastGroup = group.writes.size();
        queued -= group.writes.size();
        queuedBytes -= bytes;
    }

    private void write(Group group) {
        try {
            WriteOutcome outcome = transactions.write(
                    group.lane.tenant,
                    group.writes.stream().map(Waiting::request).toList(),
                    () -> release(group));
            for (int i = 0; i < group.writes.size(); i++) {
                group.writes
                        .get(i)
                        .answer()
                        .complete(new Written(outcome.results().get(i), outcome.position()));
            }
        } catch (Throwable failure) {
            // Whatever it is, nobody may wait for ever; what is no AtlasException is logged where it is answered.
            group.writes.forEach(waiting -> waiting.answer().completeExceptionally(failure));
        } finally {
            release(group);
        }
    }

    /** Lets the next transaction of the group's halves begin. */
    private void release(Group group) {
        lock.lock();
        try {
            if (!group.released) {
                group.released = true;
                group.lane.release(group.halves);
                group.lane.endedAt = ticker.getAsLong();
                announce(group.lane);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The writes of a transaction, and the halves of the lane that it keeps others from. */
    private static final class Group {
        private final Lane lane;
        private final int halves;
        private final List<Waiting> writes = new ArrayList<>();
        private boolean released;

        Group(Lane lane, int halves) {
            this.lane = lane;
            this.halves = halves;
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
