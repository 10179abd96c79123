package com.atlasco.atlas.freshness.cache;

import com.atlasco.atlas.model.TenantId;

/** Whose entity it is, and which. */
record EntityKey(long tenant, long entityId) {

    EntityKey(TenantId tenant, long entityId) {
        this(tenant.value(), entityId);
    }
}
