package com.atlasco.atlas.freshness;

import com.atlasco.atlas.model.Source;
import java.util.Optional;

/** Why a read is served where it is; its wire name is the value of {@code X-Routing-Reason}. */
public enum RoutingReason {
    CLASS_REALTIME("class_realtime", "realtime reads go to the primary"),
    MAX_LAG_ZERO("max_lag_zero", "only the primary has no lag at all"),
    PREFERRED("preferred", "the preferred source is fresh enough"),
    WAITED("waited", "the preferred source became fresh enough while the read waited"),
    PINNED("pinned", "the request names the source"),
    ONLY_SOURCE("only_source", "no replica is configured"),
    ALERT_REPLICA_LAG("alert_replica_lag", "an alert on the lag of the replica fires, so the primary serves the read"),
    ALERT_OLAP_LAG(
            "alert_olap_lag", "an alert on the lag of the analytics store fires, so the replica serves the read"),

    LAG_OSCILLATES(
            "lag_oscillates",
            "the preferred source is fresh enough now, and was not again and again until a moment ago, so the read stays where"
                    + " such reads fell back to"),

    REPLICA_UNREACHABLE(Source.PRIMARY, Source.REPLICA, Shortfall.UNREACHABLE),
    REPLICA_UNKNOWN(Source.PRIMARY, Source.REPLICA, Shortfall.UNKNOWN),
    REPLICA_OTHER_HISTORY(Source.PRIMARY, Source.REPLICA, Shortfall.OTHER_HISTORY),
    REPLICA_TOO_STALE(Source.PRIMARY, Source.REPLICA, Shortfall.TOO_STALE),
    REPLICA_BEHIND_TOKEN(Source.PRIMARY, Source.REPLICA, Shortfall.BEHIND_TOKEN),

    OLAP_UNREACHABLE(Source.PRIMARY, Source.OLAP, Shortfall.UNREACHABLE),
    OLAP_UNKNOWN(Source.PRIMARY, Source.OLAP, Shortfall.UNKNOWN),
    OLAP_OTHER_HISTORY(Source.PRIMARY, Source.OLAP, Shortfall.OTHER_HISTORY),
    OLAP_TOO_STALE(Source.PRIMARY, Source.OLAP, Shortfall.TOO_STALE),
    OLAP_BEHIND_TOKEN(Source.PRIMARY, Source.OLAP, Shortfall.BEHIND_TOKEN),

    REPLICA_FOR_OLAP_UNREACHABLE(Source.REPLICA, Source.OLAP, Shortfall.UNREACHABLE),
    REPLICA_FOR_OLAP_UNKNOWN(Source.REPLICA, Source.OLAP, Shortfall.UNKNOWN),
    REPLICA_FOR_OLAP_OTHER_HISTORY(Source.REPLICA, Source.OLAP, Shortfall.OTHER_HISTORY),
    REPLICA_FOR_OLAP_TOO_STALE(Source.REPLICA, Source.OLAP, Shortfall.TOO_STALE),
    REPLICA_FOR_OLAP_BEHIND_TOKEN(Source.REPLICA, Source.OLAP, Shortfall.BEHIND_TOKEN);

    private final String wireName;
    private final String sentence;
    private final Optional<Source> insteadOf;

    RoutingReason(String wireName, String sentence) {
        this.wireName = wireName;
        this.sentence = sentence;
        this.insteadOf = Optional.empty();
    }

    RoutingReason(Source to, Source from, Shortfall shortfall) {
        this.wireName = fallbackName(to, from, shortfall);
        this.sentence = "the " + from.wireName() + " " + predicate(shortfall) + ", so the " + to.wireName()
                + " serves the read";
        this.insteadOf = Optional.of(from);
    }

    static RoutingReason fallback(Source to, Source from, Shortfall shortfall) {
        String wanted = fallbackName(to, from, shortfall);
        for (RoutingReason candidate : values()) {
            if (candidate.wireName.equals(wanted)) {
                return candidate;
            }
        }
        throw new IllegalArgumentException("there is no " + wanted);
    }

    private static String fallbackName(Source to, Source from, Shortfall shortfall) {
        return "fallback_" + to.wireName() + ":" + from.wireName() + "_" + shortfall.wireName();
    }

    private static String predicate(Shortfall shortfall) {
        return switch (shortfall) {
            case UNREACHABLE -> "cannot be reached";
            case UNKNOWN -> "is of unknown freshness";
            case OTHER_HISTORY -> "follows another history than the primary";
            case TOO_STALE -> "is not fresh enough";
            case BEHIND_TOKEN -> "has not reached the consistency token";
        };
    }

    /** The name on the wire; for a fallback {@code fallback_<to>:<from>_<why>}. */
    public String wireName() {
        return wireName;
    }

    /** The same for people. */
    public String sentence() {
        return sentence;
    }

    /** Whether the read is served by another source than the preferred one. */
    public boolean isFallback() {
        return insteadOf.isPresent();
    }

    /** For a fallback, the source that was preferred. */
    public Optional<Source> insteadOf() {
        return insteadOf;
    }

    /** Whether the read may have been served by the preferred source, too: should this one fail, it still may. */
    public boolean hasAlternative() {
        return this == ALERT_REPLICA_LAG || this == ALERT_OLAP_LAG || this == LAG_OSCILLATES;
    }
}
