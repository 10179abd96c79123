package com.atlasco.atlas.server;

import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.write.EntityDeleter;
import com.atlasco.atlas.postgres.write.EntityWriter;
import com.atlasco.atlas.postgres.write.GroupCommit;
import com.atlasco.atlas.postgres.write.GroupCommitSettings;
import com.atlasco.atlas.postgres.write.WriteLimits;
import com.atlasco.atlas.postgres.write.WriteOutcome;
import com.atlasco.atlas.postgres.write.WriteRequest;
import com.atlasco.atlas.postgres.write.WriteResult;
import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.server.quota.TenantQuotas;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Writes entities, and tells the monitors how far the primary has come by that. Thread-safe. */
public final class Writes implements AutoCloseable {

    /** Is told which entities may have changed, before anybody is told that they have. */
    @FunctionalInterface
    public interface Touched {
        void touched(TenantId tenant, Collection<Long> entityIds);
    }

    private final EntityWriter writer;
    private final EntityDeleter deleter;
    private final TenantQuotas quotas;
    private final Consumer<Position> wrote;
    private final Touched touched;
    private final Timer transactions;
    private final Counter stored;
    private final Counter deleted;
    private final Counter replayed;
    private final Counter refused;
    private final DistributionSummary groupSizes;
    private final GroupCommit group;

    /** Composes it; {@code wrote} is told the position behind every acknowledged write, {@code touched} what it wrote. */
    public Writes(
            EntityWriter writer,
            EntityDeleter deleter,
            TenantQuotas quotas,
            GroupCommitSettings settings,
            Consumer<Position> wrote,
            Touched touched,
            LongSupplier ticker,
            MeterRegistry meters) {
        this.writer = writer;
        this.deleter = deleter;
        this.quotas = quotas;
        this.wrote = wrote;
        this.touched = touched;
        this.transactions = Timer.builder("atlas.write.transactions")
                .description("Write transactions, from the first statement to the acknowledged commit")
                .publishPercentileHistogram()
                .register(meters);
        this.stored = counter(meters, "stored");
        this.deleted = counter(meters, "deleted");
        this.replayed = counter(meters, "replayed");
        this.refused = counter(meters, "refused");
        this.groupSizes = DistributionSummary.builder("atlas.write.group.size")
                .description("Single writes that share a transaction")
                .publishPercentileHistogram()
                .register(meters);
        this.group = GroupCommit.start(this::writeGroup, settings, ticker);
        Gauge.builder("atlas.write.queued", group, GroupCommit::queued)
                .description("Single writes that wait for their transaction")
                .register(meters);
    }

    /**
     * Writes one entity, in a transaction shared with others; returns when it is durable.
     *
     * @param bytes about what the request takes in memory
     * @throws com.atlasco.atlas.model.AtlasException {@code too_many_requests} when too many wait already, {@code
     *     write_rate_exceeded}; otherwise as {@link EntityWriter#write(TenantId, List, WriteLimits)}
     */
    public GroupCommit.Written writeOne(TenantId tenant, WriteRequest request, int bytes) {
        quotas.admit(tenant, 1);
        return group.write(tenant, request, bytes);
    }

    /** Finishes the writes that wait, and takes no more. */
    @Override
    public void close() {
        group.close();
    }

    /**
     * Writes in one transaction, as fast as the tenant may: waits, within bounds. What comes too late is refused write by
     * write.
     */
    public WriteOutcome writeSlowed(TenantId tenant, List<WriteRequest> requests) {
        return quotas.writeSlowed(tenant, requests, (some, limits) -> apply(tenant, some, limits, () -> {}));
    }

    private WriteOutcome apply(TenantId tenant, List<WriteRequest> requests, WriteLimits limits, Runnable committing) {
        Timer.Sample sample = Timer.start();
        WriteOutcome outcome;
        try {
            outcome = writer.write(tenant, requests, limits, committing);
        } finally {
            // What failed may have been committed all the same.
            touched.touched(
                    tenant,
                    requests.stream()
                            .flatMap(request -> request.write().target().stream())
                            .toList());
        }
        sample.stop(transactions);
        wrote.accept(outcome.position());
        for (WriteResult result : outcome.results()) {
            switch (result) {
                case WriteResult.Stored ignored -> stored.increment();
                case WriteResult.Deleted ignored -> deleted.increment();
                case WriteResult.Replayed ignored -> replayed.increment();
                case WriteResult.Refused ignored -> refused.increment();
            }
        }
        return outcome;
    }

    /** How many the tenant may write in one transaction, at most {@code most}; see {@link TenantQuotas#mostAtOnce}. */
    public int mostAtOnce(TenantId tenant, int most) {
        return quotas.mostAtOnce(tenant, most);
    }

    /**
     * What a transaction deleted.
     *
     * @param tried how many of the entities it was about: the first
     */
    public record PartDeleted(int tried, EntityDeleter.Deletion deletion) {}

    /**
     * Deletes in one transaction, as fast as the tenant may: waits, within bounds, and takes only the first of these where
     * there is no room for more. Returns when it is durable. See {@link EntityDeleter#delete}.
     *
     * @param entityIds at least one
     * @throws com.atlasco.atlas.model.AtlasException {@code write_rate_exceeded} when its turn did not come; otherwise as
     *     {@link EntityDeleter#delete}
     */
    public PartDeleted deleteMatching(TenantId tenant, Filter filter, List<Long> entityIds) {
        int turn = quotas.awaitTurn(tenant, entityIds.size());
        Timer.Sample sample = Timer.start();
        List<Long> tried = entityIds.subList(0, turn);
        EntityDeleter.Deletion deletion;
        try {
            deletion = deleter.delete(tenant, filter, tried);
        } finally {
            touched.touched(tenant, tried);
        }
        sample.stop(transactions);
        quotas.deleted(tenant, deletion.deleted());
        wrote.accept(deletion.position());
        deleted.increment(deletion.deleted());
        return new PartDeleted(turn, deletion);
    }

    private WriteOutcome writeGroup(TenantId tenant, List<WriteRequest> requests, Runnable committing) {
        groupSizes.record(requests.size());
        return quotas.withinEntities(tenant, requests, (some, limits) -> apply(tenant, some, limits, committing));
    }

    private static Counter counter(MeterRegistry meters, String result) {
        return Counter.builder("atlas.write.entities")
                .description("Entities written, by what became of them")
                .tag("result", result)
                .register(meters);
    }
}
