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

    /** How long a count keeps those waiting whose threads are everybody's. */
    private static final Duration COUNT_PATIENCE = Duration.ofSeconds(1);

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

    /** How many writes go into one transaction: at most {@code most}, and at most a second's worth. */
    public int mostAtOnce(TenantId tenant, int most) {
        return (int) Math.min(most, quotas(tenant).maxWritesPerSecond().orElse(most));
    }

    /**
     * Waits until the tenant may write again, at most for the patience.
     *
     * @return for how many writes it is time, from 1 to {@code most}
     * @throws AtlasException {@code write_rate_exceeded} when it is for none
     */
    public int awaitTurn(TenantId tenant, int most) {
        OptionalLong rate = quotas(tenant).maxWritesPerSecond();
        return rate.isEmpty() ? most : awaitTurn(rates.of(tenant, rate.getAsLong()), most, patience);
    }

    private static int awaitTurn(TokenBucket bucket, int most, Duration patience) {
        TokenBucket.Taken taken = bucket.takeUpTo((int) Math.min(most, bucket.burst()), patience);
        if (taken.count() == 0) {
            throw WriteRates.exceeded(bucket).asException();
        }
        await(taken.delay());
        return taken.count();
    }

    /** Writes what has been let through, within the limit of entities, on a thread that others wait for. */
    public WriteOutcome withinEntities(TenantId tenant, List<WriteRequest> writes, Writer writer) {
        return withinEntities(tenant, quotas(tenant), writes, COUNT_PATIENCE, writer);
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
            return withinEntities(tenant, quotas, writes, patience, writer);
        }
        TokenBucket bucket = rates.of(tenant, rate.getAsLong());
        long began = ticker.getAsLong();
        List<WriteResult> results = new ArrayList<>(writes.size());
        Optional<Position> position = Optional.empty();
        while (results.size() < writes.size()) {
            try {
                int turn = awaitTurn(
                        bucket, writes.size() - results.size(), patience.minusNanos(ticker.getAsLong() - began));
                List<WriteRequest> slice = writes.subList(results.size(), results.size() + turn);
                WriteOutcome outcome = withinEntities(tenant, quotas, slice, patience, writer);
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

    /** Takes note of so many entities that were deleted otherwise than {@link #withinEntities}. */
    public void deleted(TenantId tenant, int entities) {
        Optional.ofNullable(counts.getIfPresent(tenant)).ifPresent(count -> count.deleted(entities));
    }

    private Quotas quotas(TenantId tenant) {
        return catalog.find(tenant).map(TenantCatalog.Standing::quotas).orElse(Quotas.none());
    }

    private WriteOutcome withinEntities(
            TenantId tenant, Quotas quotas, List<WriteRequest> writes, Duration countPatience, Writer writer) {
        if (quotas.maxEntities().isEmpty()) {
            return writer.write(writes, WriteLimits.none());
        }
        long limit = quotas.maxEntities().getAsLong();
        EntityCount count = counts.get(tenant, id -> new EntityCount(() -> store.countEntities(id), executor, ticker));
        long creators = writes.stream().filter(TenantQuotas::mayCreate).count();
        EntityCount.Grant grant = count.reserve(creators, limit, countPatience);
        long created = 0;
        long deleted = 0;
        try {
            WriteOutcome outcome = writer.write(writes, new WriteLimits(grant.creations()));
            for (WriteResult result : outcome.results()) {
                created += result instanceof WriteResult.Stored stored && stored.created() ? 1 : 0;
                deleted += result instanceof WriteResult.Deleted ? 1 : 0;
            }
            return new WriteOutcome(
                    outcome.results().stream()
                            .map(result -> withReason(result, grant, limit))
                            .toList(),
                    outcome.position());
        } finally {
            count.settle(grant, created, deleted);
        }
    }

    private static boolean mayCreate(WriteRequest request) {
        return request.write() instanceof EntityWrite.Create
                || request.write() instanceof EntityWrite.Replace
                || request.write() instanceof EntityWrite.Merge;
    }

    /** The writer knows how many it may create, and not why. */
    private static WriteResult withReason(WriteResult result, EntityCount.Grant grant, long limit) {
        if (!(result instanceof WriteResult.Refused(var problem)) || problem.code() != ErrorCode.QUOTA_EXCEEDED) {
            return result;
        }
        return new WriteResult.Refused(
                switch (grant) {
                    case EntityCount.Grant.Known _ ->
                        Problem.of(
                                        ErrorCode.QUOTA_EXCEEDED,
                                        "the tenant may have %d entities (max_entities)".formatted(limit))
                                .at("max_entities")
                                .hint("Delete entities, or ask the operator for a higher limit.");
                    case EntityCount.Grant.Unknown(Duration retryAfter) ->
                        Problem.of(
                                        ErrorCode.OVERLOADED,
                                        "the tenant's entities are being counted (max_entities), and until then none is created")
                                .at("max_entities")
                                .hint("Send it again after the time in Retry-After; what is there can be changed now.")
                                .retryAfter(retryAfter);
                });
    }
}
