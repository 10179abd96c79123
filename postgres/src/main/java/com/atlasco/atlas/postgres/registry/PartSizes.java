package com.atlasco.atlas.postgres.registry;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * How small the parts of the jobs have become: halved when one is not done by the deadline, doubled again after some that
 * were. For one thread.
 */
final class PartSizes {

    private static final int DONE_BEFORE_DOUBLING = 20;
    private static final int MOST_HALVINGS = 30;

    private final Map<PivotJobTable.Job, Shrunk> jobs = new HashMap<>();

    private record Shrunk(int halvings, int doneSince) {}

    /** The size of a job's next part, at least 1. */
    int of(PivotJobTable.Job job, int whole) {
        return Math.max(1, whole >> jobs.getOrDefault(job, new Shrunk(0, 0)).halvings());
    }

    void tooLong(PivotJobTable.Job job) {
        jobs.merge(job, new Shrunk(1, 0), (before, _) -> new Shrunk(Math.min(MOST_HALVINGS, before.halvings() + 1), 0));
    }

    void done(PivotJobTable.Job job) {
        jobs.computeIfPresent(
                job,
                (_, before) -> before.doneSince() + 1 < DONE_BEFORE_DOUBLING
                        ? new Shrunk(before.halvings(), before.doneSince() + 1)
                        : before.halvings() == 1 ? null : new Shrunk(before.halvings() - 1, 0));
    }

    /** Forgets all other jobs. */
    void retain(Collection<PivotJobTable.Job> current) {
        jobs.keySet().retainAll(current);
    }
}
