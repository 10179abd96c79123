package com.atlasco.atlas.postgres.write;

import com.atlasco.atlas.model.TenantId;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

/**
 * Remembers which tenants write new entities only, as an import does. A guess, that costs a transaction when it is wrong.
 * Thread-safe.
 */
final class Newcomers {

    /** New entities in a row after which the next ones are expected to be new, too. */
    private static final int ENOUGH = 200;

    private static final int MAX_TENANTS = 10_000;

    private final Cache<TenantId, Integer> inRow =
            Caffeine.newBuilder().maximumSize(MAX_TENANTS).build();

    boolean expected(TenantId tenant) {
        Integer count = inRow.getIfPresent(tenant);
        return count != null && count >= ENOUGH;
    }

    /** Tells how a transaction went; {@code onlyNew} when it created entities and met none. */
    void note(TenantId tenant, int created, boolean onlyNew) {
        if (!onlyNew) {
            inRow.invalidate(tenant);
        } else if (created > 0 && !expected(tenant)) {
            inRow.asMap().merge(tenant, created, Integer::sum);
        }
    }
}
