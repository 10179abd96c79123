package com.atlasco.atlas.server.alert;

import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/**
 * When an alert fires, and when it is resolved. A value that is not known counts as above every threshold.
 *
 * @param name 1 to 63 of a-z, 0-9 and _, beginning with a letter
 * @param threshold what the value has to exceed; above 0
 * @param hold for how long, without a break, before the alert fires; from 1 s to 24 h
 * @param resolveThreshold what the value must not exceed for the alert to be resolved; from 0, and below the threshold
 * @param resolveHold for how long, without a break, before the alert is resolved; from 1 s to 24 h
 * @param action what is done meanwhile; one that fits the metric
 */
public record AlertRule(
        String name,
        AlertMetric metric,
        double threshold,
        Duration hold,
        double resolveThreshold,
        Duration resolveHold,
        AlertAction action) {

    /** How far below the threshold a value has to be where nothing else is said: as the states of the sources have it. */
    public static final double RESOLVE_SHARE = 0.8;

    /** The time before an alert is resolved where none is given: it changes at most four times a minute then. */
    public static final Duration DEFAULT_RESOLVE_HOLD = Duration.ofSeconds(30);

    static final Duration LONGEST_HOLD = Duration.ofHours(24);
    static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");

    public AlertRule {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a rule's name is 1 to 63 of a-z, 0-9 and _, not " + name);
        }
        if (!(threshold > 0 && Double.isFinite(threshold))) {
            throw new IllegalArgumentException("a threshold is above 0, not " + threshold);
        }
        if (!(resolveThreshold >= 0 && resolveThreshold < threshold)) {
            throw new IllegalArgumentException(
                    "a resolve threshold is from 0 and below the threshold, not " + resolveThreshold);
        }
        requireHold(hold);
        requireHold(resolveHold);
        if (!action.fits(metric)) {
            throw new IllegalArgumentException(
                    "%s does nothing about %s".formatted(action.wireName(), metric.wireName()));
        }
    }

    /** With the usual distance and time to its resolution. */
    public AlertRule(String name, AlertMetric metric, double threshold, Duration hold, AlertAction action) {
        this(name, metric, threshold, hold, RESOLVE_SHARE * threshold, DEFAULT_RESOLVE_HOLD, action);
    }

    private static void requireHold(Duration hold) {
        if (hold.compareTo(Duration.ofSeconds(1)) < 0 || hold.compareTo(LONGEST_HOLD) > 0) {
            throw new IllegalArgumentException("a rule holds for 1 s to 24 h, not " + hold);
        }
    }

    /** The rules of a node that is given no others. */
    public static List<AlertRule> defaults() {
        return List.of(
                new AlertRule(
                        "replica_lag",
                        AlertMetric.REPLICA_LAG_MS,
                        5_000,
                        Duration.ofMinutes(2),
                        AlertAction.INTERACTIVE_TO_PRIMARY),
                new AlertRule(
                        "olap_lag",
                        AlertMetric.OLAP_LAG_MS,
                        Duration.ofMinutes(15).toMillis(),
                        Duration.ofMinutes(5),
                        AlertAction.ANALYTICS_TO_REPLICA),
                new AlertRule(
                        "capture_backlog",
                        AlertMetric.CAPTURE_BACKLOG_EVENTS,
                        50_000,
                        Duration.ofMinutes(3),
                        AlertAction.MORE_CONSUMERS));
    }

    boolean exceededBy(OptionalDouble value) {
        return value.isEmpty() || !(value.getAsDouble() <= threshold);
    }

    boolean calmAt(OptionalDouble value) {
        return value.isPresent() && value.getAsDouble() <= resolveThreshold;
    }
}
