package com.atlasco.atlas.freshness;

import java.util.Locale;

/** Why a source cannot serve a read. */
public enum Shortfall {
    UNREACHABLE,
    UNKNOWN,
    OTHER_HISTORY,
    TOO_STALE,
    BEHIND_TOKEN;

    /** The name in reasons and metrics: lower case. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
