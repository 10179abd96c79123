package com.atlasco.atlas.server.alert;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** All alerts of a node, moved on by what is observed. Has no clock of its own. Thread-safe. */
final class AlertBoard {

    private final Set<AlertAction> possible;
    private final List<AlertRule> rules;
    private volatile List<Alert> alerts;

    private record Alert(AlertPhase phase, AlertReport report) {}

    /**
     * Everything is ok at first.
     *
     * @param possible the actions that this node can take
     */
    AlertBoard(List<AlertRule> rules, Set<AlertAction> possible, Instant now) {
        this.rules = List.copyOf(rules);
        this.possible = Set.copyOf(possible);
        AlertPhase ok = new AlertPhase.Ok();
        this.alerts = this.rules.stream()
                .map(rule -> new Alert(ok, report(rule, ok, OptionalDouble.empty(), Optional.empty(), now)))
                .toList();
    }

    /**
     * Looks at every metric once. A metric that cannot be read is not known.
     *
     * @param ticker the monotonic clock in nanoseconds; never less than the last time
     * @param now the wall clock, for people
     * @return the alerts that have begun to fire, or are resolved
     */
    synchronized List<AlertReport> observe(AlertReadings readings, long ticker, Instant now) {
        List<Alert> next = new ArrayList<>();
        List<AlertReport> changed = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            Alert before = alerts.get(i);
            Alert after =
                    after(rules.get(i), before, read(readings, rules.get(i).metric()), ticker, now);
            next.add(after);
            if (before.phase().isFiring() != after.phase().isFiring()) {
                changed.add(after.report());
            }
        }
        alerts = List.copyOf(next);
        return changed;
    }

    private static OptionalDouble read(AlertReadings readings, AlertMetric metric) {
        try {
            return readings.read(metric);
        } catch (RuntimeException unknown) {
            return OptionalDouble.empty();
        }
    }

    private Alert after(AlertRule rule, Alert before, OptionalDouble value, long ticker, Instant now) {
        AlertPhase phase = AlertPhase.next(rule, before.phase(), value, ticker);
        boolean same = phase.getClass() == before.phase().getClass();
        Optional<Instant> since = switch (phase) {
            case AlertPhase.Ok _ -> Optional.empty();
            case AlertPhase.Pending _, AlertPhase.Firing _ ->
                before.report().since().or(() -> Optional.of(now));
        };
        return new Alert(
                phase, report(rule, phase, value, since, same ? before.report().changedAt() : now));
    }

    private AlertReport report(
            AlertRule rule, AlertPhase phase, OptionalDouble value, Optional<Instant> since, Instant changedAt) {
        boolean able = possible.contains(rule.action());
        String why;
        if (!rule.action().possible()) {
            why = rule.action().sentence();
        } else if (!able) {
            why = "this node has no replica";
        } else {
            why = phase.isFiring() ? rule.action().sentence() : "the alert does not fire";
        }
        return new AlertReport(rule, phase.wireName(), value, since, changedAt, able && phase.isFiring(), why);
    }

    /** How they are, in the order of the rules. */
    List<AlertReport> reports() {
        return alerts.stream().map(Alert::report).toList();
    }

    /** Whether an alert with this action fires, on a node that can take it. */
    boolean inForce(AlertAction action) {
        return reports().stream()
                .anyMatch(report -> report.actionTaken() && report.rule().action() == action);
    }
}
