package com.atlasco.atlas.server;

import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.write.EntityDeleter;
import com.atlasco.atlas.postgres.write.EntityWrite;
import com.atlasco.atlas.postgres.write.EntityWriter;
import com.atlasco.atlas.postgres.write.WriteOutcome;
import com.atlasco.atlas.postgres.write.WriteResult;
import com.atlasco.atlas.query.filter.Filter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.function.Consumer;

/** Writes entities, and tells the monitors how far the primary has come by that. Thread-safe. */
public final class Writes {

    private final EntityWriter writer;
    private final EntityDeleter deleter;
    private final Consumer<Position> wrote;
    private final Timer transactions;
    private final Counter stored;
    private final Counter deleted;
    private final Counter refused;

    /** Composes it; {@code wrote} is told the position behind every acknowledged write. */
    public Writes(EntityWriter writer, EntityDeleter deleter, Consumer<Position> wrote, MeterRegistry meters) {
        this.writer = writer;
        this.deleter = deleter;
        this.wrote = wrote;
        this.transactions = Timer.builder("atlas.write.transactions")
                .description("Write transactions, from the first statement to the acknowledged commit")
                .publishPercentileHistogram()
                .register(meters);
        this.stored = counter(meters, "stored");
        this.deleted = counter(meters, "deleted");
        this.refused = counter(meters, "refused");
    }

    /** Writes in one transaction; returns when it is durable. See {@link EntityWriter#write}. */
    public WriteOutcome write(TenantId tenant, List<EntityWrite> writes) {
        Timer.Sample sample = Timer.start();
        WriteOutcome outcome = writer.write(tenant, writes);
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

    /** Deletes in one transaction; returns when it is durable. See {@link EntityDeleter#delete}. */
    public EntityDeleter.Deletion deleteMatching(TenantId tenant, Filter filter, List<Long> entityIds) {
        Timer.Sample sample = Timer.start();
        EntityDeleter.Deletion deletion = deleter.delete(tenant, filter, entityIds);
        sample.stop(transactions);
        wrote.accept(deletion.position());
        deleted.increment(deletion.deleted());
        return deletion;
    }

    private static Counter counter(MeterRegistry meters, String result) {
        return Counter.builder("atlas.write.entities")
                .description("Entities written, by what became of them")
                .tag("result", result)
                .register(meters);
    }
}
