package com.atlasco.atlas.bench.cluster;

import java.util.List;

/** Which tiers run beside the primary. */
public enum TierSet {
    PRIMARY("", "primary only: no replica, no change capture"),
    /** For aggregates: nothing is asked of a replica. */
    COLUMNAR("_columnar", "no replica, change capture into DuckDB"),
    ALL("_all_tiers", "all tiers: replica attached, change capture into DuckDB");

    private final String suffix;
    private final String description;

    TierSet(String suffix, String description) {
        this.suffix = suffix;
        this.description = description;
    }

    /** What the names of figures end with. */
    public String suffix() {
        return suffix;
    }

    public String description() {
        return description;
    }

    List<String> options() {
        return switch (this) {
            case PRIMARY -> List.of("--no-replica", "--no-analytics");
            case COLUMNAR -> List.of("--no-replica");
            case ALL -> List.of();
        };
    }
}
