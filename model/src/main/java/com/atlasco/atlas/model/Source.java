package com.atlasco.atlas.model;

import java.util.Locale;

/** Where a read can be served. */
public enum Source {
    PRIMARY,
    REPLICA,
    OLAP,
    CACHE;

    /** The name on the wire: lower case. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
