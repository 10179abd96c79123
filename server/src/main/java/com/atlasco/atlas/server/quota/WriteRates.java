package com.atlasco.atlas.server.quota;

import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.tenant.TokenBucket;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.function.LongSupplier;

/** A bucket for each tenant whose writes a second are limited: this node's. Thread-safe. */
final class WriteRates {

    private final LongSupplier ticker;
    private final Cache<TenantId, TokenBucket> buckets =
            Caffeine.newBuilder().expireAfterAccess(Duration.ofMinutes(1)).build();

    WriteRates(LongSupplier ticker) {
        this.ticker = ticker;
    }

    /** The tenant's bucket; a new one when the limit is another than before. */
    TokenBucket of(TenantId tenant, long perSecond) {
        return buckets.asMap()
                .compute(
                        tenant,
                        (id, known) -> known != null && known.burst() == perSecond
                                ? known
                                : new TokenBucket(perSecond, ticker));
    }

    static Problem exceeded(TokenBucket bucket) {
        return Problem.of(
                        ErrorCode.WRITE_RATE_EXCEEDED,
                        "the tenant may write %d entities a second (max_writes_per_second)".formatted(bucket.burst()))
                .at("max_writes_per_second")
                .hint("Send it again after the time in Retry-After, or send batches, which are slowed instead.")
                .retryAfter(bucket.waitFor(1));
    }
}
