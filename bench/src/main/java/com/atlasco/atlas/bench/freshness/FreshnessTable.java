package com.atlasco.atlas.bench.freshness;

import com.atlasco.atlas.bench.BenchReport;
import com.atlasco.atlas.bench.Samples;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a run found, for people and as figures. */
final class FreshnessTable {

    private static final List<String> SOURCES = List.of("primary", "replica", "olap");

    private final List<FreshnessBench.Outcome> outcomes;
    private final List<Phase> phases;
    private final long written;
    private final long violations;

    FreshnessTable(List<FreshnessBench.Outcome> outcomes, List<Phase> phases, long written, long violations) {
        this.outcomes = outcomes;
        this.phases = phases;
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
        text.append("%-26s %10s %10s %8s %9s %12s %8s %10s%n"
                .formatted("fault", "reads", "violations", "refused", "served", "worst bound", "bit", "healthy"));
        for (FreshnessBench.Outcome outcome : outcomes) {
            Phase during = outcome.during();
            text.append("%-26s %,10d %10d %,8d %9s %12s %8s %,7d ms%n"
                    .formatted(
                            outcome.fault().name(),
                            during.reads(),
                            during.violations(),
                            during.refused.sum(),
                            outcome.served()
                                    .map(share -> "%.1f %%".formatted(100 * share))
                                    .orElse("-"),
                            outcome.worstMillis()
                                    .map(worst -> "%,d ms".formatted(worst))
                                    .orElse("unknown"),
                            outcome.bit() ? "yes" : "NO",
                            outcome.healthyAfterMillis()));
        }
        text.append(
                "%nserved: the share of the reads during the fault that the primary, or else the replica, could serve%n"
                        .formatted());
        text.append("%n%-26s %10s %10s %12s %12s%n"
                .formatted("class and source", "reads", "violations", "slack p50 ms", "slack p99 ms"));
        cells().forEach((name, cell) -> text.append("%-26s %,10d %10d %,12d %,12d%n"
                .formatted(name, cell.reads, cell.violations, cell.slack.percentile(50), cell.slack.percentile(99))));
        text.append("%nslack: the bound that an answer claimed, minus how stale it was%n".formatted());
        return text.toString();
    }

    private static final class Sum {
        private long reads;
        private long violations;
        private final Samples slack = new Samples();

        private void add(Phase.Cell cell) {
            reads += cell.reads.sum();
            violations += cell.violations.sum();
            cell.slack.forEach(slack::add);
        }
    }

    private Map<String, Sum> cells() {
        Map<String, Sum> sums = new TreeMap<>();
        for (Phase phase : phases) {
            phase.cells()
                    .forEach((name, cell) ->
                            sums.computeIfAbsent(name, absent -> new Sum()).add(cell));
        }
        return sums;
    }

    BenchReport report(FreshnessBench.Settings settings) {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("reads", phases.stream().mapToLong(Phase::reads).sum());
        figures.put("violations", violations);
        figures.put("writes", written);
        figures.put(
                "refused",
                phases.stream().mapToLong(phase -> phase.refused.sum()).sum());
        figures.put("faults", outcomes.size());
        figures.put(
                "faults_that_did_not_bite",
                outcomes.stream().filter(outcome -> !outcome.bit()).count());
        figures.put(
                "faults_without_liveness",
                outcomes.stream().filter(outcome -> !outcome.lively()).count());
        for (String source : SOURCES) {
            Sum sum = new Sum();
            for (Phase phase : phases) {
                phase.cells().forEach((name, cell) -> {
                    if (name.endsWith(" " + source)) {
                        sum.add(cell);
                    }
                });
            }
            figures.put("reads_" + source, sum.reads);
            figures.put("slack_" + source + "_p50_ms", sum.slack.percentile(50));
            figures.put("slack_" + source + "_p99_ms", sum.slack.percentile(99));
        }
        for (FreshnessBench.Outcome outcome : outcomes) {
            String name = outcome.fault().name();
            figures.put(name + "_reads", outcome.during().reads());
            figures.put(name + "_violations", outcome.during().violations());
            outcome.served().ifPresent(share -> figures.put(name + "_served", Math.round(1_000 * share) / 1_000.0));
            outcome.worstMillis().ifPresent(worst -> figures.put(name + "_worst_bound_ms", worst));
            figures.put(name + "_healthy_after_ms", outcome.healthyAfterMillis());
        }
        return new BenchReport(
                "freshness",
                Map.of(
                        "minutes",
                        settings.lasting().toSeconds() / 60.0,
                        "seed",
                        settings.seed(),
                        "readers",
                        settings.readers(),
                        "tenants",
                        settings.tenants()),
                figures,
                Map.of());
    }
}
