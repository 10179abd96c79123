package com.atlasco.atlas.freshness;

import java.util.Locale;

/** How replication into a source fares, in the word of {@code X-Replication-Health}. */
public enum ReplicationHealth {
    HEALTHY,
    DEGRADED,
    UNAVAILABLE,
    UNKNOWN;

    /** The name on the wire: lower case. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
