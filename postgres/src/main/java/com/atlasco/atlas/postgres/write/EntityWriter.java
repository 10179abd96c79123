package com.atlasco.atlas.postgres.write;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.Database;
import com.atlasco.atlas.postgres.Session;
import com.atlasco.atlas.postgres.registry.AttributeRegistry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes entities on the primary: documents and pivot rows in one transaction, and only what differs from what is
 * stored. Thread-safe.
 *
 * <p>Rows that exist are locked in the order of entity_id, so the new documents are computed here from what nobody else
 * can change. Rows that do not exist cannot be locked: they are inserted, in the same order, unless somebody else was
 * faster; then the transaction begins anew and finds the row. So two writers that create one entity at once both have
 * their say. Going on to lock that row while holding new ones would be locking out of order: measured, eight writers of
 * the same new entities then ran into deadlocks again and again.
 *
 * <p>A tenant that has written nothing but new entities for a while is expected to go on like that: its transactions insert
 * without a look, and begin anew with one when an entity is there all the same.
 *
 * <p>What one write can do wrong is checked before the database sees it. Should the database refuse something all the
 * same, the list is written in halves until the culprit stands alone: its neighbours may be of other callers.
 */
public final class EntityWriter {

    private static final Logger LOG = LoggerFactory.getLogger(EntityWriter.class);

    private final Database primary;
    private final AttributeRegistry registry;
    private final WriteSettings settings;
    private final EntityIds ids = new EntityIds();
    private final Newcomers newcomers = new Newcomers();

    public EntityWriter(Database primary, AttributeRegistry registry, WriteSettings settings) {
        this.primary = primary;
        this.registry = registry;
        this.settings = settings;
    }

    /** A writer with {@link WriteSettings#defaults}. */
    public EntityWriter(Database primary, AttributeRegistry registry) {
        this(primary, registry, WriteSettings.defaults());
    }

    /** As {@link #write(TenantId, List, WriteLimits)}, without conditions, keys and limits. */
    public WriteOutcome write(TenantId tenant, List<EntityWrite> writes) {
        return write(tenant, writes.stream().map(WriteRequest::of).toList(), WriteLimits.none());
    }

    /**
     * Applies all writes, those of one entity in the order of the list; durable when this returns. One transaction,
     * unless the database refuses a value: then several. A refused write leaves the others alone.
     *
     * @param requests of one tenant, with values already checked against its registry; from any number of callers
     * @throws AtlasException {@code tenant_not_found}; {@code source_unavailable} when the primary cannot be reached or
     *     takes no writes, and nothing was written; {@code outcome_unknown} when the connection broke during or just
     *     after the commit; {@code overloaded} when conflicts with others did not end
     */
    public WriteOutcome write(TenantId tenant, List<WriteRequest> requests, WriteLimits limits) {
        return write(tenant, requests, limits, () -> {});
    }

    /**
     * As {@link #write(TenantId, List, WriteLimits)}.
     *
     * @param committing run whenever a transaction has done its work and is about to be committed: from then on it waits
     *     for nobody
     */
    public WriteOutcome write(TenantId tenant, List<WriteRequest> requests, WriteLimits limits, Runnable committing) {
        try {
            return together(tenant, requests, limits, committing);
        } catch (RuntimeException failure) {
            Optional<WriteFault> fault = WriteFault.of(failure);
            if (fault.isEmpty() || requests.isEmpty()) {
                throw failure;
            }
            if (requests.size() > 1) {
                return apart(tenant, requests, limits);
            }
            LOG.warn(
                    "a write of tenant {} was refused that should have been refused before: {}",
                    tenant,
                    failure.getMessage(),
                    failure);
            return new WriteOutcome(
                    List.of(new WriteResult.Refused(fault.get().problem())),
                    primary.run(tenant, Session::flushedPosition));
        }
    }

    private WriteOutcome together(
            TenantId tenant, List<WriteRequest> requests, WriteLimits limits, Runnable committing) {
        Map<Long, Long> lastVersions = new HashMap<>();
        // The first run trusts that ids which are given out are free; a run after a conflict looks.
        AtomicBoolean repeated = new AtomicBoolean();
        Database.Committed<WriteTransaction.Done> written = primary.write(
                tenant,
                session -> {
                    boolean again = repeated.getAndSet(true);
                    return new WriteTransaction(
                                    session,
                                    tenant,
                                    requests,
                                    limits,
                                    lastVersions,
                                    settings,
                                    ids,
                                    again,
                                    !again && newcomers.expected(tenant))
                            .run(registry);
                },
                committing);
        newcomers.note(tenant, written.result().created(), written.result().onlyCreated());
        return new WriteOutcome(written.result().results(), written.position());
    }

    /** In halves, one after the other: the order of the list is kept. */
    private WriteOutcome apart(TenantId tenant, List<WriteRequest> requests, WriteLimits limits) {
        int half = requests.size() / 2;
        WriteOutcome first = write(tenant, requests.subList(0, half), limits);
        List<WriteRequest> others = requests.subList(half, requests.size());
        List<WriteResult> results = new ArrayList<>(first.results());
        try {
            WriteOutcome second = write(tenant, others, left(limits, first.results()));
            results.addAll(second.results());
            return new WriteOutcome(results, second.position());
        } catch (AtlasException failure) {
            // The first half is durable, and has to be answered as such.
            results.addAll(Collections.nCopies(others.size(), new WriteResult.Refused(failure.problem())));
            return new WriteOutcome(results, first.position());
        }
    }

    private static WriteLimits left(WriteLimits limits, List<WriteResult> results) {
        if (limits.creatable() == Long.MAX_VALUE) {
            return limits;
        }
        long creatable = limits.creatable();
        for (WriteResult result : results) {
            creatable += switch (result) {
                case WriteResult.Stored(var _, var _, boolean created) -> created ? -1 : 0;
                case WriteResult.Deleted _ -> 1;
                case WriteResult.Replayed _, WriteResult.Refused _ -> 0;
            };
        }
        return new WriteLimits(creatable);
    }
}
