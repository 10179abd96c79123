package com.atlasco.atlas.cli.up;

import com.atlasco.atlas.cli.UsageException;
import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.server.alert.AlertConfig;
import com.atlasco.atlas.server.alert.AlertMetric;
import com.atlasco.atlas.server.alert.AlertRule;
import com.atlasco.atlas.server.alert.AlertRulesFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which alerts there are, and who is told. */
final class AlertOptions {

    @Option(
            names = "--alert-webhook",
            paramLabel = "URL",
            description = "Post JSON there when an alert begins to fire, and when it is resolved; may be given again")
    private List<String> webhooks = new ArrayList<>();

    @Option(
            names = "--alert-rules",
            paramLabel = "FILE",
            description = "The rules of alerts as JSON, in place of the usual ones; docs/monitoring.md has the format")
    private Optional<Path> rules = Optional.empty();

    /**
     * What they say.
     *
     * @throws UsageException when a rule or an address cannot be used, or a rule is on a tier that is not started
     */
    AlertConfig config(boolean replica, boolean analytics) {
        List<AlertRule> read = rules.map(file -> read(file, replica, analytics)).orElseGet(AlertRule::defaults);
        List<URI> addresses = new ArrayList<>();
        for (int i = 0; i < webhooks.size(); i++) {
            try {
                addresses.add(AlertConfig.webhook(webhooks.get(i)));
            } catch (IllegalArgumentException wrong) {
                throw new UsageException("--alert-webhook, number %d: %s.".formatted(i + 1, wrong.getMessage()));
            }
        }
        return new AlertConfig(read, addresses);
    }

    private static List<AlertRule> read(Path file, boolean replica, boolean analytics) {
        List<AlertRule> rules;
        try {
            rules = AlertRulesFile.read(Files.readAllBytes(file));
        } catch (NoSuchFileException missing) {
            throw new UsageException("--alert-rules: there is no file " + file + ". Name one that is there.");
        } catch (IOException unreadable) {
            throw new UsageException("--alert-rules: %s cannot be read (%s). Name a file that can."
                    .formatted(file, unreadable.getMessage()));
        } catch (AtlasException wrong) {
            Problem problem = wrong.problem();
            throw new UsageException("--alert-rules: %s: %s%s"
                    .formatted(
                            file,
                            problem.place().map(place -> "at " + place + ": ").orElse("") + problem.detail(),
                            problem.hint().map(hint -> "\n  hint: " + hint).orElse("")));
        }
        for (int i = 0; i < rules.size(); i++) {
            AlertMetric metric = rules.get(i).metric();
            boolean there = switch (metric.tier()) {
                case PRIMARY -> true;
                case REPLICA -> replica;
                case OLAP -> analytics;
            };
            if (!there) {
                throw new UsageException(
                        "--alert-rules: %s: at /rules/%d/metric: %s is not measured with %s. Leave one of them out."
                                .formatted(
                                        file,
                                        i,
                                        metric.wireName(),
                                        metric.tier() == AlertMetric.Tier.REPLICA ? "--no-replica" : "--no-analytics"));
            }
        }
        return rules;
    }
}
