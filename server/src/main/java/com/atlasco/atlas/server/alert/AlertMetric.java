package com.atlasco.atlas.server.alert;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What an alert can watch. */
public enum AlertMetric {
    /** The bound on the replica's staleness, in milliseconds. */
    REPLICA_LAG_MS(Tier.REPLICA),
    /** The bound on the analytics store's staleness, in milliseconds. */
    OLAP_LAG_MS(Tier.OLAP),
    /** About how many events the analytics store has yet to apply. */
    CAPTURE_BACKLOG_EVENTS(Tier.OLAP),
    /** Bytes of log that the analytics store has yet to apply. */
    CAPTURE_BACKLOG_BYTES(Tier.OLAP),
    /** Log that capture's slot retains, as a part of what it may; 0 where there is no limit. */
    SLOT_RETAINED_SHARE(Tier.OLAP),
    /** 1 while the primary takes no heartbeats, otherwise 0. */
    PRIMARY_UNREACHABLE(Tier.PRIMARY);

    private final Tier tier;

    AlertMetric(Tier tier) {
        this.tier = tier;
    }

    /** What a node has to run on for the metric to be there. */
    public enum Tier {
        PRIMARY,
        REPLICA,
        OLAP
    }

    public Tier tier() {
        return tier;
    }

    /** The name in rules and answers: snake_case. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<AlertMetric> ofWireName(String name) {
        return Arrays.stream(values())
                .filter(metric -> metric.wireName().equals(name))
                .findFirst();
    }

    static String names() {
        return Arrays.stream(values()).map(AlertMetric::wireName).collect(Collectors.joining(", "));
    }
}
