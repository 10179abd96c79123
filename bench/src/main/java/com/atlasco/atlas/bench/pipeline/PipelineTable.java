package com.atlasco.atlas.bench.pipeline;

import com.atlasco.atlas.bench.BenchReport;
import com.atlasco.atlas.bench.Samples;
import com.atlasco.atlas.bench.cluster.CpuSeconds;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;

/** What was measured, as figures and as a table. */
final class PipelineTable {

    /** What this pipeline is meant to bear. */
    private static final int ENTITIES_BAR = 5_000;

    private final PipelineSettings settings;
    private final Stretch run;
    private final Optional<Stretch> withinBars;
    private final Comparison.Outcome comparison;

    /** @param withinBars at the highest rate at which bounds stayed below their bars; empty when there was none */
    PipelineTable(PipelineSettings settings, Stretch run, Optional<Stretch> withinBars, Comparison.Outcome comparison) {
        this.settings = settings;
        this.run = run;
        this.withinBars = withinBars;
        this.comparison = comparison;
    }

    PipelineBench.Result result() {
        Map<String, Object> figures = figures();
        Map<String, Object> ratios = new LinkedHashMap<>();
        ratios.put("entity_over_value_rows", rounded(comparison.atlas() / comparison.valueRows(), 2));
        Map<String, Object> scale = new LinkedHashMap<>();
        scale.put("rate", settings.rate().isPresent() ? "given" : "found");
        scale.put("seconds", settings.length().toSeconds());
        scale.put("attributes", settings.attributes());
        scale.put("entities_at_the_beginning", settings.entities());
        scale.put("new_entities_share", 0.5);
        scale.put("batches_per_s", PipelineSettings.BATCHES_PER_SECOND);
        scale.put("aggregations_per_s", Reads.AGGREGATIONS_PER_SECOND);
        scale.put("filters_per_s", Reads.FILTERS_PER_SECOND);
        scale.put("compared_entities", settings.entities());
        scale.put("seed", settings.seed());
        BenchReport report = new BenchReport("pipeline", scale, figures, ratios);
        return new PipelineBench.Result(report, text(report));
    }

    private Map<String, Object> figures() {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("sustained_entities_per_s", Math.round(run.perSecond()));
        figures.put("sustained_values_per_s", Math.round(run.perSecond() * settings.attributes()));
        figures.put("offered_entities_per_s", run.offered());
        figures.put("backlog_grew", !run.complaints().isEmpty());
        bounds(figures, "olap", StatusWatch.Look::olapMillis);
        bounds(figures, "replica", StatusWatch.Look::replicaMillis);
        figures.put(
                "within_bars_entities_per_s",
                withinBars.map(stretch -> Math.round(stretch.perSecond())).orElse(0L));
        withinBars.ifPresent(stretch -> {
            figures.put("within_bars_olap_p99_ms", orUnknown(stretch.bound(StatusWatch.Look::olapMillis, 99)));
            figures.put("within_bars_replica_p99_ms", orUnknown(stretch.bound(StatusWatch.Look::replicaMillis, 99)));
        });
        figures.put("backlog_begin_bytes", first(run.looks()));
        figures.put("backlog_end_bytes", first(run.looks().reversed()));
        figures.put(
                "wal_retained_bytes",
                orUnknown(StatusWatch.known(run.looks(), StatusWatch.Look::retainedBytes)
                        .max()));
        loop(figures, "write", run.writes());
        loop(figures, "aggregation", run.aggregations());
        loop(figures, "filter", run.filters());
        figures.put("entities_refused", run.refused());
        new TreeMap<>(run.boundBySource()).forEach((source, claimed) -> {
            figures.put("reads_from_" + source, claimed.count());
            figures.put("reads_from_" + source + "_claimed_p99_ms", claimed.percentile(99));
        });
        cpu(figures);
        figures.put("atlas_captured_values_per_s", Math.round(comparison.atlas()));
        figures.put("value_rows_captured_values_per_s", Math.round(comparison.valueRows()));
        figures.put("value_rows_events", comparison.rowEvents());
        return figures;
    }

    private void bounds(Map<String, Object> figures, String source, Function<StatusWatch.Look, OptionalLong> bound) {
        Samples samples = StatusWatch.samples(run.looks(), bound);
        figures.put(source + "_p50_ms", percentile(samples, 50));
        figures.put(source + "_p99_ms", percentile(samples, 99));
        figures.put(source + "_max_ms", percentile(samples, 100));
        figures.put(source + "_unknown_looks", run.looks().size() - samples.count());
    }

    /** What was never known is not 0. */
    private static Object percentile(Samples samples, double percent) {
        return orUnknown(samples.count() == 0 ? OptionalLong.empty() : OptionalLong.of(samples.percentile(percent)));
    }

    private static Object orUnknown(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : "unknown";
    }

    private static Object first(List<StatusWatch.Look> looks) {
        return orUnknown(
                StatusWatch.known(looks, StatusWatch.Look::backlogBytes).findFirst());
    }

    private static void loop(Map<String, Object> figures, String name, OpenLoop.Outcome outcome) {
        figures.put(name + "_p50_ms", rounded(outcome.micros().percentile(50) / 1_000.0, 1));
        figures.put(name + "_p99_ms", rounded(outcome.micros().percentile(99) / 1_000.0, 1));
        figures.put(name + "_failures", outcome.failures());
        figures.put(name + "_unsent", outcome.unsent());
    }

    /** In cores: CPU seconds a second. */
    private void cpu(Map<String, Object> figures) {
        CpuSeconds cores = run.cpu().per(run.seconds());
        double walsenders = run.walsenders() / run.seconds();
        figures.put("cpu_server_cores", rounded(cores.server(), 3));
        figures.put("cpu_primary_backends_cores", rounded(cores.primary() - walsenders, 3));
        figures.put("cpu_walsenders_cores", rounded(walsenders, 3));
        figures.put("cpu_replica_cores", rounded(cores.replica(), 3));
        figures.put("cpu_client_cores", rounded(cores.client(), 3));
        figures.put("cpu_us_per_entity", rounded(1e6 * run.cpu().total() / Math.max(1, run.acknowledged()), 1));
    }

    private String text(BenchReport report) {
        Samples olap = StatusWatch.samples(run.looks(), StatusWatch.Look::olapMillis);
        Samples replica = StatusWatch.samples(run.looks(), StatusWatch.Look::replicaMillis);
        StringBuilder text = new StringBuilder(report.table());
        report.ratios().forEach((name, value) -> text.append("  %s  %s%n".formatted(name, value)));
        text.append("%n  bars%n".formatted());
        bar(text, "entities/s", Math.round(run.perSecond()), "at least", ENTITIES_BAR, run.perSecond() >= ENTITIES_BAR);
        below(text, "olap p99 ms", olap, Stretch.OLAP_BAR_MILLIS);
        below(text, "replica p99 ms", replica, Stretch.REPLICA_BAR_MILLIS);
        run.complaints().forEach(complaint -> text.append("  too many entities: %s%n".formatted(complaint)));
        return text.toString();
    }

    private static void below(StringBuilder text, String what, Samples samples, int bar) {
        long measured = samples.percentile(99);
        bar(text, what, percentile(samples, 99), "below", bar, samples.count() > 0 && measured < bar);
    }

    private static void bar(StringBuilder text, String what, Object measured, String relation, int bar, boolean met) {
        text.append("  %-16s %8s  %s %,d: %s%n".formatted(what, measured, relation, bar, met ? "met" : "not met"));
    }

    private static double rounded(double value, int digits) {
        double scale = Math.pow(10, digits);
        return Math.round(value * scale) / scale;
    }
}
