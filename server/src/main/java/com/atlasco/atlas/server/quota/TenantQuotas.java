package com.atlasco.atlas.server.quota;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.tenant.Quotas;
import com.atlasco.atlas.postgres.tenant.TenantCatalog;
import com.atlasco.atlas.postgres.tenant.TenantStore;
import com.atlasco.atlas.postgres.tenant.TokenBucket;
import com.atlasco.atlas.postgres.write.EntityWrite;
import com.atlasco.atlas.postgres.write.WriteLimits;
import com.atlasco.atlas.postgres.write.WriteOutcome;
import com.atlasco.atlas.postgres.write.WriteRequest;
import com.atlasco.atlas.postgres.write.WriteResult;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/** Holds writes to the quotas of their tenant; one without quotas pays a look into memory. Thread-safe. */
public final class TenantQuotas {

    /** The longest that an item of a batch waits for its turn. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    private final TenantCatalog catalog;
    private final TenantStore store;
    private final Executor executor;
    private final LongSupplier ticker;
    private final Duration patience;
    private final WriteRates rates;
    private final Cache<TenantId, EntityCount> counts =
            Caffeine.newBuilder().expireAfterAccess(Duration.ofHours(1)).build();

    /** Writes in one transaction, within limits. */
    @FunctionalInterface
    public interface Writer {
        WriteOutcome write(List<WriteRequest> writes, WriteLimits limits);
    }

    /**
     * Composes it.
     *
     * @param executor counts entities
     * @param ticker monotonic, in nanoseconds
     * @param patience the longest that an item of a batch waits for its turn, such as {@link #PATIENCE}
     */
    public TenantQuotas(
            TenantCatalog catalog, TenantStore store, Executor executor, LongSupplier ticker, Duration patience) {
        this.catalog = catalog;
        this.store = store;
        this.executor = executor;
        this.ticker = ticker;
        this.patience = patience;
        this.rates = new WriteRates(ticker);
    }

    /**
     * Lets so many writes through now, or none.
     *
     * @throws AtlasException {@code write_rate_exceeded} with the time after which there is room
     */
    public void admit(TenantId tenant, int writes) {
        OptionalLong rate = quotas(tenant).maxWritesPerSecond();
        if (rate.isPresent()) {
            TokenBucket bucket = rates.of(tenant, rate.getAsLong());
            if (!bucket.tryTake(writes)) {
                throw WriteRates.exceeded(bucket).asException();
            }
        }
    }

    /** Writes what has been let through, within the limit of entities. */
    public WriteOutcome withinEntities(TenantId tenant, List<WriteRequest> writes, Writer writer) {
        return withinEntities(tenant, quotas(tenant), writes, writer);
    }

    /**
     * Writes as fast as the tenant may, in transactions of at most a second's worth. Writes whose turn does not come
     * within the patience are refused.
     *
     * @return a result for each write, in their order
     * @throws AtlasException as {@link #admit} and the writer, when nothing at all was written
     */
    public WriteOutcome writeSlowed(TenantId tenant, List<WriteRequest> writes, Writer writer) {
        Quotas quotas = quotas(tenant);
        OptionalLong rate = quotas.maxWritesPerSecond();
        if (rate.isEmpty()) {
            return withinEntities(tenant, quotas, writes, writer);
        }
        TokenBucket bucket = rates.of(tenant, rate.getAsLong());
        long began = ticker.getAsLong();
        List<WriteResult> results = new ArrayList<>(writes.size());
        Optional<Position> position = Optional.empty();
        while (results.size() < writes.size()) {
            int most = (int) Math.min(writes.size() - results.size(), bucket.burst());
            TokenBucket.Taken taken = bucket.takeUpTo(most, patience.minusNanos(ticker.getAsLong() - began));
            try {
                if (taken.count() == 0) {
                    throw WriteRates.exceeded(bucket).asException();
                }
                await(taken.delay());
                List<WriteRequest> slice = writes.subList(results.size(), results.size() + taken.count());
                WriteOutcome outcome = withinEntities(tenant, quotas, slice, writer);
                results.addAll(outcome.results());
                position = Optional.of(outcome.position());
            } catch (AtlasException refused) {
                if (position.isEmpty()) {
                    throw refused;
                }
                while (results.size() < writes.size()) {
                    results.add(new WriteResult.Refused(refused.problem()));
                }
            }
        }
        return new WriteOutcome(results, position.orElseThrow());
    }

    private static void await(Duration wait) {
        try {
            Thread.sleep(wait);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw Problem.of(ErrorCode.OVERLOADED, "the server is stopping")
                    .hint("Send it again to another node, or in a moment.")
                    .asException(stopping);
        }
    }

    private Quotas quotas(TenantId tenant) {
        return catalog.find(tenant).map(TenantCatalog.Standing::quotas).orElse(Quotas.none());
    }

    private WriteOutcome withinEntities(TenantId tenant, Quotas quotas, List<WriteRequest> writes, Writer writer) {
        if (quotas.maxEntities().isEmpty()) {
            return writer.write(writes, WriteLimits.none());
        }
        long limit = quotas.maxEntities().getAsLong();
        EntityCount count = counts.get(tenant, id -> new EntityCount(() -> store.countEntities(id), executor, ticker));
        long creators = writes.stream().filter(TenantQuotas::mayCreate).count();
        long granted = count.reserve(creators, limit);
        long created = 0;
        long deleted = 0;
        try {
            WriteOutcome outcome = writer.write(writes, new WriteLimits(granted));
            for (WriteResult result : outcome.results()) {
                created += result instanceof WriteResult.Stored stored && stored.created() ? 1 : 0;
                deleted += result instanceof WriteResult.Deleted ? 1 : 0;
            }
            return new WriteOutcome(
                    outcome.results().stream()
                            .map(result -> withLimit(result, limit))
                            .toList(),
                    outcome.position());
        } finally {
            count.settle(granted, created, deleted);
        }
    }

    private static boolean mayCreate(WriteRequest request) {
        return request.write() instanceof EntityWrite.Create
                || request.write() instanceof EntityWrite.Replace
                || request.write() instanceof EntityWrite.Merge;
    }

    /** The writer knows how many it may create, and not why. */
    private static WriteResult withLimit(WriteResult result, long limit) {
        return result instanceof WriteResult.Refused(var problem) && problem.code() == ErrorCode.QUOTA_EXCEEDED
                ? new WriteResult.Refused(Problem.of(
                                ErrorCode.QUOTA_EXCEEDED,
                                "the tenant may have %d entities (max_entities)".formatted(limit))
                        .at("max_entities")
                        .hint("Delete entities, or ask the operator for a higher limit."))
                : result;
    }
}
