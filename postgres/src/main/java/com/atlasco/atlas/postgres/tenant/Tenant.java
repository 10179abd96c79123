package com.atlasco.atlas.postgres.tenant;

import com.atlasco.atlas.model.TenantId;
import java.time.Instant;
import java.util.Optional;

/**
 * A tenant as its operator sees it.
 *
 * @param deletion how far its deletion has come, when it is being deleted
 */
public record Tenant(TenantId id, String name, Instant createdAt, Quotas quotas, Optional<Deletion> deletion) {

    /**
     * A deletion under way. Totals are counted when it begins, and 0 until then.
     *
     * @param phase fencing, counting, deleting
     * @param rowsDone rows of all tables that are removed, entities included
     */
    public record Deletion(
            Instant requestedAt, String phase, long entitiesDone, long entitiesTotal, long rowsDone, long rowsTotal) {}

    public TenantState state() {
        return deletion.isPresent() ? TenantState.DELETING : TenantState.ACTIVE;
    }
}
