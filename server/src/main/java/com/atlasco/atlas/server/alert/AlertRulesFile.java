package com.atlasco.atlas.server.alert;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.server.json.JsonInput;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads rules from JSON: {@code {"rules": [{"name", "metric", "threshold", "for_s", "action", …}]}}. */
public final class AlertRulesFile {

    private static final Set<String> MEMBERS =
            Set.of("name", "metric", "threshold", "for_s", "resolve_threshold", "resolve_for_s", "action");

    private AlertRulesFile() {}

    /**
     * The rules in their order.
     *
     * @throws AtlasException {@code invalid_json}, or {@code invalid_request} with the place as a JSON pointer, and a hint
     */
    public static List<AlertRule> read(byte[] bytes) {
        JsonNode file = JsonInput.read(bytes);
        JsonNode rules = file.path("rules");
        if (!file.isObject() || !rules.isArray() || file.size() != 1) {
            throw problem("a file of alert rules is an object with one member, 'rules', an array", "/rules")
                    .hint("As {\"rules\": [{\"name\": \"replica_lag\", \"metric\": \"replica_lag_ms\", \"threshold\":"
                            + " 5000, \"for_s\": 120, \"action\": \"interactive_to_primary\"}]}.")
                    .asException();
        }
        if (rules.size() > AlertConfig.MOST_RULES) {
            throw problem("there are %d rules".formatted(rules.size()), "/rules")
                    .hint("Give at most %d.".formatted(AlertConfig.MOST_RULES))
                    .asException();
        }
        List<AlertRule> read = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < rules.size(); i++) {
            AlertRule rule = new Member(rules.get(i), "/rules/" + i).rule();
            if (!names.add(rule.name())) {
                throw problem("two rules are named '%s'".formatted(rule.name()), "/rules/%d/name".formatted(i))
                        .hint("Give each a name of its own.")
                        .asException();
            }
            read.add(rule);
        }
        return read;
    }

    private static Problem problem(String detail, String place) {
        return Problem.of(ErrorCode.INVALID_REQUEST, detail).at(place);
    }

    /** One rule, and where it stands. */
    private record Member(JsonNode json, String place) {

        AlertRule rule() {
            if (!json.isObject()) {
                throw problem("a rule is an object", place)
                        .hint("With name, metric, threshold, for_s and action.")
                        .asException();
            }
            json.fieldNames().forEachRemaining(name -> {
                if (!MEMBERS.contains(name)) {
                    throw problem("a rule has no member '%s'".formatted(shortened(name)), place)
                            .hint("It has name, metric, threshold, for_s, resolve_threshold, resolve_for_s and action.")
                            .asException();
                }
            });
            AlertMetric metric = AlertMetric.ofWireName(text("metric", AlertMetric.names()))
                    .orElseThrow(() -> wrong("metric", "one of " + AlertMetric.names()));
            AlertAction action = AlertAction.ofWireName(text("action", AlertAction.names()))
                    .orElseThrow(() -> wrong("action", "one of " + AlertAction.names()));
            if (!action.fits(metric)) {
                throw problem(
                                "the action '%s' does nothing about '%s'"
                                        .formatted(action.wireName(), metric.wireName()),
                                place + "/action")
                        .hint("interactive_to_primary goes with replica_lag_ms, analytics_to_replica with olap_lag_ms,"
                                + " more_consumers with capture_backlog_events or capture_backlog_bytes, notify with"
                                + " all.")
                        .asException();
            }
            String name = text("name", "a text");
            if (!AlertRule.NAME.matcher(name).matches()) {
                throw wrong("name", "1 to 63 of a-z, 0-9 and _, beginning with a letter");
            }
            double threshold = number("threshold", 0, Double.MAX_VALUE, "a number above 0");
            if (threshold == 0) {
                throw wrong("threshold", "a number above 0");
            }
            double resolve = json.has("resolve_threshold")
                    ? number("resolve_threshold", 0, Math.nextDown(threshold), "a number from 0, below the threshold")
                    : AlertRule.RESOLVE_SHARE * threshold;
            Duration resolveHold =
                    json.has("resolve_for_s") ? seconds("resolve_for_s") : AlertRule.DEFAULT_RESOLVE_HOLD;
            return new AlertRule(name, metric, threshold, seconds("for_s"), resolve, resolveHold, action);
        }

        private Duration seconds(String name) {
            double most = AlertRule.LONGEST_HOLD.toSeconds();
            return Duration.ofMillis(Math.round(1_000 * number(name, 1, most, "a number of seconds from 1 to 86400")));
        }

        private double number(String name, double least, double most, String wanted) {
            double number = json.path(name).isNumber() ? json.path(name).doubleValue() : Double.NaN;
            if (!(number >= least && number <= most)) {
                throw wrong(name, wanted);
            }
            return number;
        }

        private String text(String name, String wanted) {
            if (!json.path(name).isTextual()) {
                throw wrong(name, wanted);
            }
            return json.path(name).textValue();
        }

        private AtlasException wrong(String name, String wanted) {
            String found = json.has(name) ? "is " + shortened(json.path(name).toString()) : "is missing";
            return problem("'%s' %s".formatted(name, found), place + "/" + name)
                    .hint("It is " + wanted + ".")
                    .asException();
        }

        private static String shortened(String text) {
            return text.length() > 60 ? text.substring(0, 60) + "..." : text;
        }
    }
}
