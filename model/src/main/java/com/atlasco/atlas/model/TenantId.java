package com.atlasco.atlas.model;

/** The owner of entities. Nothing crosses tenants. Positive. */
public record TenantId(long value) {

    /** The tenant that a request without a tenant speaks for in development mode. */
    public static final TenantId DEFAULT = new TenantId(1);

    public TenantId {
        if (value <= 0) {
            throw new IllegalArgumentException("a tenant id is positive, not " + value);
        }
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
