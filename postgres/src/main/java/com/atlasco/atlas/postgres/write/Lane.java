package com.atlasco.atlas.postgres.write;

import com.atlasco.atlas.model.TenantId;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;

/** The queue of one tenant in {@link GroupCommit}, in two halves. Guarded by the lock of the group commit. */
final class Lane {

    /** Of a transaction that has the whole lane to itself. */
    static final int BOTH = 2;

    final TenantId tenant;
    /** Signalled when as many writes wait as are {@link #wanted}. */
    final Condition company;
    /** How many writes the last transaction had, and when the next one could begin. */
    int lastGroup;

    long endedAt;
    /** How many writes the worker that waits for company would like to see; 0 when none does. */
    int wanted;
    /** Whether a worker has been told that there is something to do. */
    boolean announced;

    private final List<ArrayDeque<GroupCommit.Waiting>> queues = List.of(new ArrayDeque<>(), new ArrayDeque<>());
    private final boolean[] busy = new boolean[2];

    Lane(TenantId tenant, Condition company) {
        this.tenant = tenant;
        this.company = company;
    }

    void add(GroupCommit.Waiting waiting, int half) {
        queues.get(half).addLast(waiting);
    }

    int queued() {
        return queues.get(0).size() + queues.get(1).size();
    }

    /** Whether nothing waits and nothing is under way. */
    boolean isIdle() {
        return queued() == 0 && !busy[0] && !busy[1];
    }

    /** Whether a transaction may begin. */
    boolean isReady() {
        return (queued() > 0 && !busy[0] && !busy[1]) || fullHalf() < BOTH;
    }

    /** A half that may go by itself; {@link #BOTH} when none may. */
    private int fullHalf() {
        for (int half = 0; half < BOTH; half++) {
            if (!busy[half] && queues.get(half).size() >= GroupCommit.FULL_HALF) {
                return half;
            }
        }
        return BOTH;
    }

    /** Begins a transaction, when {@link #isReady}; says of which half it is, or of both. */
    int claim() {
        int halves = fullHalf();
        if (halves == BOTH) {
            busy[0] = true;
            busy[1] = true;
        } else {
            busy[halves] = true;
        }
        return halves;
    }

    void release(int halves) {
        if (halves == BOTH) {
            busy[0] = false;
            busy[1] = false;
        } else {
            busy[halves] = false;
        }
    }

    /** When the one came that waits longest. */
    long oldest(int halves) {
        return peek(halves).map(GroupCommit.Waiting::since).orElse(0L);
    }

    Optional<GroupCommit.Waiting> poll(int halves) {
        Optional<GroupCommit.Waiting> next = peek(halves);
        next.ifPresent(waiting -> queues.get(queueOf(halves)).removeFirst());
        return next;
    }

    private Optional<GroupCommit.Waiting> peek(int halves) {
        return Optional.ofNullable(queues.get(queueOf(halves)).peekFirst());
    }

    /** The half whose first write is the older one. */
    private int queueOf(int halves) {
        if (halves != BOTH) {
            return halves;
        }
        GroupCommit.Waiting first = queues.get(0).peekFirst();
        GroupCommit.Waiting second = queues.get(1).peekFirst();
        return first == null || (second != null && second.since() - first.since() < 0) ? 1 : 0;
    }
}
