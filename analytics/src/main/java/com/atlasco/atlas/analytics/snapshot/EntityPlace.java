package com.atlasco.atlas.analytics.snapshot;

/** An entity's key; in the order of tenant and id the place that a snapshot has come to. */
public record EntityPlace(long tenantId, long entityId) {

    /** Before all entities of all tenants. */
    public static final EntityPlace FIRST = new EntityPlace(0, 0);

    /** Whether it lies behind the other in that order. */
    public boolean isBeyond(EntityPlace other) {
        return tenantId != other.tenantId ? tenantId > other.tenantId : entityId > other.entityId;
    }
}
