package com.atlasco.atlas.server.alert;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is done while an alert fires, and undone when it is resolved. Whatever it is, its webhooks are told. */
public enum AlertAction {
    /** Points and filters prefer the primary. */
    INTERACTIVE_TO_PRIMARY(
            true, "points and filters are served by the primary, as far as it is up and has places for them"),
    /** Aggregates prefer the replica. */
    ANALYTICS_TO_REPLICA(true, "aggregates are served by the replica, where it meets what they ask for"),
    /** Asks for more consumers of the change log; a node cannot add one. */
    MORE_CONSUMERS(
            false,
            "a replication slot has one reader, whose batches already take all that has arrived, up to a fixed limit:"
                    + " this node cannot add a consumer, and only tells who is notified"),
    /** Nothing but telling. */
    NOTIFY(false, "the rule asks for nothing but telling");

    private final boolean possible;
    private final String sentence;

    AlertAction(boolean possible, String sentence) {
        this.possible = possible;
        this.sentence = sentence;
    }

    /** Whether a node can do it by itself at all. */
    public boolean possible() {
        return possible;
    }

    /** For people: what is done, or why nothing is. */
    String sentence() {
        return sentence;
    }

    /** Whether the action mends what the metric measures. */
    boolean fits(AlertMetric metric) {
        return switch (this) {
            case INTERACTIVE_TO_PRIMARY -> metric == AlertMetric.REPLICA_LAG_MS;
            case ANALYTICS_TO_REPLICA -> metric == AlertMetric.OLAP_LAG_MS;
            case MORE_CONSUMERS ->
                metric == AlertMetric.CAPTURE_BACKLOG_EVENTS || metric == AlertMetric.CAPTURE_BACKLOG_BYTES;
            case NOTIFY -> true;
        };
    }

    /** The name in rules and answers: snake_case. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<AlertAction> ofWireName(String name) {
        return Arrays.stream(values())
                .filter(action -> action.wireName().equals(name))
                .findFirst();
    }

    static String names() {
        return Arrays.stream(values()).map(AlertAction::wireName).collect(Collectors.joining(", "));
    }
}
