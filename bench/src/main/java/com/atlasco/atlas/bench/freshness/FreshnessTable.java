package com.atlasco.atlas.bench.freshness;

import com.atlasco.atlas.bench.BenchReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a run found, for people and as figures. */
final class FreshnessTable {

    private static final List<String> SOURCES = List.of("primary", "replica", "olap", "cache");

    private final List<Outcome> outcomes;
    private final Totals totals;
    private final Map<String, String> skipped;
    private final long written;
    private final long violations;

    FreshnessTable(List<Outcome> outcomes, Totals totals, Map<String, String> skipped, long written, long violations) {
        this.outcomes = outcomes;
        this.totals = totals;
        this.skipped = skipped;
        this.written = written;
        this.violations = violations;
    }

    long failures() {
        return violations
                + outcomes.stream()
                        .filter(outcome -> !outcome.bit() || !outcome.lively())
                        .count();
    }

    String text() {
        StringBuilder text = new StringBuilder();
        text.append("%-30s %11s %10s %10s %9s %12s %8s %10s%n"
                .formatted("fault", "reads", "violations", "refused", "served", "worst bound", "bit", "healthy"));
        for (Outcome outcome : outcomes) {
            text.append("%-30s %,11d %10d %,10d %9s %12s %8s %,7d ms%n"
                    .formatted(
                            outcome.fault().name(),
                            outcome.reads(),
                            outcome.violations(),
                            outcome.refused(),
                            outcome.served()
                                    .map(share -> "%.1f %%".formatted(100 * share))
                                    .orElse("-"),
                            outcome.worstMillis()
                                    .map(worst -> "%,d ms".formatted(worst))
                                    .orElse("unknown"),
                            outcome.bit() ? "yes" : "NO",
                            outcome.healthyAfterMillis()));
        }
        skipped.forEach((name, why) -> text.append("%-30s skipped: %s%n".formatted(name, why)));
        text.append(
                "%nserved: the share of the reads during the fault that the primary, or else the replica, could serve%n"
                        .formatted());
        text.append("%n%-30s %11s %10s %12s %12s%n"
                .formatted("class and source", "reads", "violations", "slack p50 ms", "slack p99 ms"));
        totals.cells()
                .forEach((name, sum) -> text.append("%-30s %,11d %10d %,12d %,12d%n"
                        .formatted(
                                name, sum.reads, sum.violations, sum.slack.percentile(50), sum.slack.percentile(99))));
        text.append("%nslack: the bound that an answer claimed, minus how stale it was%n".formatted());
        return text.toString();
    }

    BenchReport report(FreshnessBench.Settings settings) {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("reads", totals.reads());
        figures.put("violations", violations);
        figures.put("writes", written);
        figures.put("refused", totals.refused());
        figures.put("unanswered", totals.broken());
        figures.put("reads_with_tokens", totals.tokensPresented());
        figures.put("faults", outcomes.size());
        figures.put("faults_skipped", skipped.size());
        figures.put(
                "faults_that_did_not_bite",
                outcomes.stream().filter(outcome -> !outcome.bit()).count());
        figures.put(
                "faults_without_liveness",
                outcomes.stream().filter(outcome -> !outcome.lively()).count());
        for (String source : SOURCES) {
            Totals.Sum sum = totals.of(source);
            figures.put("reads_" + source, sum.reads);
            figures.put("slack_" + source + "_p50_ms", sum.slack.percentile(50));
            figures.put("slack_" + source + "_p99_ms", sum.slack.percentile(99));
        }
        for (Outcome outcome : outcomes) {
            String name = outcome.fault().name();
            figures.put(name + "_reads", outcome.reads());
            figures.put(name + "_violations", outcome.violations());
            outcome.served().ifPresent(share -> figures.put(name + "_served", Math.round(1_000 * share) / 1_000.0));
            outcome.worstMillis().ifPresent(worst -> figures.put(name + "_worst_bound_ms", worst));
            figures.put(name + "_healthy_after_ms", outcome.healthyAfterMillis());
        }
        return new BenchReport(
                "freshness",
                Map.of(
                        "minutes",
                        settings.lasting().toSeconds() / 60.0,
                        "least_reads",
                        settings.leastReads(),
                        "seed",
                        settings.seed(),
                        "readers",
                        settings.readers(),
                        "writers",
                        settings.writers(),
                        "tenants",
                        settings.tenants()),
                figures,
                Map.of());
    }
}
