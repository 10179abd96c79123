package com.atlasco.atlas.postgres.tenant;

import java.util.Locale;

/** Where a tenant is in its life; it only moves forward. */
public enum TenantState {
    ACTIVE,

    /** Refuses reads and writes, while its rows are removed. */
    DELETING,

    /** Gone; its id is not given out again. */
    DELETED;

    /** The name on the wire: lower case. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    static TenantState ofWireName(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }
}
