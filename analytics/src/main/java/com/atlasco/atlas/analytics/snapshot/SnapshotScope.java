package com.atlasco.atlas.analytics.snapshot;

import com.atlasco.atlas.model.TenantId;

/** Whose rows a snapshot reads. */
public sealed interface SnapshotScope {

    /** Those of all tenants. */
    record Everything() implements SnapshotScope {
        @Override
        public String toString() {
            return "everything";
        }
    }

    record OneTenant(TenantId tenant) implements SnapshotScope {
        @Override
        public String toString() {
            return "tenant " + tenant.value();
        }
    }

    /** Whether the tenant's rows are among them. */
    default boolean covers(TenantId tenant) {
        return switch (this) {
            case Everything _ -> true;
            case OneTenant(TenantId one) -> one.equals(tenant);
        };
    }
}
