package com.atlasco.atlas.postgres.registry;

import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.PivotState;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.Database;
import com.atlasco.atlas.postgres.Session;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills and empties the pivot in the background, part by part, for all tenants; the states and their transitions stand in
 * {@link PivotState}. Every node runs one. A part, and the note of how far the job has come, are one transaction, which
 * holds the job's row: two nodes never do the same part, and when one dies another goes on where it stopped. Nothing
 * expires, and nobody's clock matters. A part that is not done by the deadline of the database is tried again at half its size.
 */
public final class PivotJobs implements AutoCloseable {

    /** How often a node without work looks for some. */
    public static final Duration IDLE_INTERVAL = Duration.ofMillis(500);

    /** Entities of which writers wait for one part of a filling; some ten milliseconds' worth. */
    private static final int ENTITIES_PER_PART = 2_000;

    private static final int ROWS_PER_PART = 5_000;

    private static final Logger LOG = LoggerFactory.getLogger(PivotJobs.class);

    private final Database primary;
    private final AttributeRegistry registry;
    private final int entitiesPerPart;
    private final int rowsPerPart;
    private final ScheduledExecutorService thread;
    private final Map<PivotJobTable.Job, PivotRows.Place> emptiedTo = new HashMap<>();
    private final PartSizes sizes = new PartSizes();

    private PivotJobs(
            Database primary,
            AttributeRegistry registry,
            int entitiesPerPart,
            int rowsPerPart,
            ScheduledExecutorService thread) {
        this.primary = primary;
        this.registry = registry;
        this.entitiesPerPart = entitiesPerPart;
        this.rowsPerPart = rowsPerPart;
        this.thread = thread;
    }

    /**
     * Works until it is closed; closes neither the database nor the registry.
     *
     * @param primary its deadline is the longest that writers can wait for a part which itself waits for another writer
     */
    public static PivotJobs start(Database primary, AttributeRegistry registry) {
        return start(primary, registry, ENTITIES_PER_PART, ROWS_PER_PART);
    }

    /**
     * As {@link #start(Database, AttributeRegistry)}, with parts of another size.
     *
     * @param entitiesPerPart of which writers wait for one part of a filling, at least 1
     * @param rowsPerPart removed in one part of an emptying, at least 1
     */
    public static PivotJobs start(Database primary, AttributeRegistry registry, int entitiesPerPart, int rowsPerPart) {
        ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("atlas-pivot").factory());
        PivotJobs jobs = new PivotJobs(primary, registry, entitiesPerPart, rowsPerPart, thread);
        long period = IDLE_INTERVAL.toMillis();
        var _ = thread.scheduleWithFixedDelay(jobs::work, period, period, TimeUnit.MILLISECONDS);
        return jobs;
    }

    private void work() {
        try {
            while (!Thread.interrupted() && round()) {
                // On to the next parts.
            }
        } catch (RuntimeException failure) {
            // The schedule goes on: the next round does what this one could not.
            LOG.warn("the pivot's jobs could not be looked up: {}", failure.getMessage());
        }
    }

    /** Does one part of every job; whether there was anything to do. */
    private boolean round() {
        List<PivotJobTable.Job> jobs = primary.run(PivotJobTable::jobs);
        emptiedTo.keySet().retainAll(jobs);
        sizes.retain(jobs);
        boolean worked = false;
        for (PivotJobTable.Job job : jobs) {
            if (thread.isShutdown()) {
                return false;
            }
            try {
                if (part(job)) {
                    worked = true;
                    sizes.done(job);
                }
            } catch (RuntimeException failure) {
                if (failure.getCause() instanceof SQLTimeoutException) {
                    sizes.tooLong(job);
                }
                LOG.warn(
                        "a part of the pivot of attribute {} of tenant {} is put off: {}",
                        job.attributeId(),
                        job.tenant(),
                        failure.getMessage());
            }
        }
        return worked;
    }

    private enum Part {
        DONE,
        COMPLETE,
        NOTHING
    }

    private boolean part(PivotJobTable.Job job) {
        Part part = primary.write(job.tenant(), session -> part(session, job)).result();
        if (part == Part.COMPLETE) {
            registry.finish(job);
        }
        return part != Part.NOTHING;
    }

    private Part part(Session session, PivotJobTable.Job job) throws SQLException {
        Optional<PivotJobTable.Claim> claim = PivotJobTable.claim(session, job);
        if (claim.isEmpty()) {
            return Part.NOTHING;
        }
        if (claim.get().complete()) {
            return Part.COMPLETE;
        }
        // Read when the job's row is held: the state does not change without it.
        Optional<AttributeType> type = RegistryTable.find(session, job.tenant(), job.attributeId());
        if (type.isEmpty() || !type.get().pivotState().underWay()) {
            PivotJobTable.end(session, job);
            return Part.DONE;
        }
        return type.get().pivotState() == PivotState.FILLING
                ? fill(session, job, type.get(), claim.get().doneThrough())
                : empty(session, job, type.get());
    }

    private Part fill(Session session, PivotJobTable.Job job, AttributeType type, long after) throws SQLException {
        TenantId tenant = job.tenant();
        Optional<PivotRows.Range> range = PivotRows.next(session, tenant, after, sizes.of(job, entitiesPerPart));
        if (range.isEmpty()) {
            // Entities that come from now on come from writers, who keep the rows.
            PivotJobTable.advance(session, job, after, 0, true);
            return Part.COMPLETE;
        }
        PivotRows.fill(session, tenant, type, after, range.get().end());
        PivotJobTable.advance(session, job, range.get().end(), range.get().entities(), false);
        return Part.DONE;
    }

    private Part empty(Session session, PivotJobTable.Job job, AttributeType type) throws SQLException {
        Optional<PivotRows.Place> from = Optional.ofNullable(emptiedTo.remove(job));
        Optional<PivotRows.Removed> removed =
                PivotRows.empty(session, job.tenant(), type, from, sizes.of(job, rowsPerPart));
        if (removed.isPresent()) {
            emptiedTo.put(job, removed.get().last());
        }
        // Only from the beginning: what another node left off at may lie before this one's place.
        boolean complete = removed.isEmpty() && from.isEmpty();
        PivotJobTable.advance(
                session, job, 0, removed.map(PivotRows.Removed::rows).orElse(0L), complete);
        return complete ? Part.COMPLETE : Part.DONE;
    }

    /** Stops after the part under way, within a second or two; another node, or the next start, goes on. */
    @Override
    public void close() {
        thread.shutdownNow();
        try {
            var _ = thread.awaitTermination(2, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
