package com.atlasco.atlas.server;

import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.write.EntityWrite;
import com.atlasco.atlas.postgres.write.EntityWriter;
import com.atlasco.atlas.postgres.write.WriteLimits;
import com.atlasco.atlas.postgres.write.WriteOutcome;
import com.atlasco.atlas.postgres.write.WriteResult;
import com.atlasco.atlas.server.quota.TenantQuotas;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.function.Consumer;

/** Writes entities, and tells the monitors how far the primary has come by that. Thread-safe. */
public final class Writes {

    private final EntityWriter writer;
    private final TenantQuotas quotas;
    private final Consumer<Position> wrote;
    private final Timer transactions;
    private final Counter stored;
    private final Counter deleted;
    private final Counter refused;

    /** Composes it; {@code wrote} is told the position behind every acknowledged write. */
    public Writes(EntityWriter writer, TenantQuotas quotas, Consumer<Position> wrote, MeterRegistry meters) {
        this.writer = writer;
        this.quotas = quotas;
        this.wrote = wrote;
        this.transactions = Timer.builder("atlas.write.transactions")
                .description("Write transactions, from the first statement to the acknowledged commit")
                .publishPercentileHistogram()
                .register(meters);
        this.stored = counter(meters, "stored");
        this.deleted = counter(meters, "deleted");
        this.refused = counter(meters, "refused");
    }

    /**
     * Writes in one transaction; returns when it is durable. See {@link EntityWriter#write}.
     *
     * @throws com.atlasco.atlas.model.AtlasException {@code write_rate_exceeded} too
     */
    public WriteOutcome write(TenantId tenant, List<EntityWrite> writes) {
        return quotas.write(tenant, writes, (some, limits) -> apply(tenant, some, limits));
    }

    /**
     * As {@link #write}, but as fast as the tenant may: waits rather than refuses, within bounds. What comes too late is
     * refused write by write.
     */
    public WriteOutcome writeSlowed(TenantId tenant, List<EntityWrite> writes) {
        return quotas.writeSlowed(tenant, writes, (some, limits) -> apply(tenant, some, limits));
    }

    private WriteOutcome apply(TenantId tenant, List<EntityWrite> writes, WriteLimits limits) {
        Timer.Sample sample = Timer.start();
        WriteOutcome outcome = writer.write(tenant, writes, limits);
        sample.stop(transactions);
        wrote.accept(outcome.position());
        for (WriteResult result : outcome.results()) {
            switch (result) {
                case WriteResult.Stored ignored -> stored.increment();
                case WriteResult.Deleted ignored -> deleted.increment();
                case WriteResult.Refused ignored -> refused.increment();
            }
        }
        return outcome;
    }

    private static Counter counter(MeterRegistry meters, String result) {
        return Counter.builder("atlas.write.entities")
                .description("Entities written, by what became of them")
                .tag("result", result)
                .register(meters);
    }
}
