package com.atlasco.atlas.bench.growth;

import com.atlasco.atlas.bench.BenchReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Puts stages beside each other: what each cost is at each, and how it grew from the first to the last. */
final class GrowthTable {

    /** Up to here a cost counts as flat. */
    private static final double FLAT = 1.3;

    private static final double MIB = 1 << 20;

    private final GrowthSettings settings;
    private final List<Stage> stages;
    private final Map<String, Object> figures = new LinkedHashMap<>();
    private final Map<String, Object> ratios = new LinkedHashMap<>();
    private final StringBuilder text = new StringBuilder();

    GrowthTable(GrowthSettings settings, List<Stage> stages) {
        this.settings = settings;
        this.stages = List.copyOf(stages);
    }

    GrowthBench.Result result() {
        text.append(String.format(
                Locale.ROOT,
                "%n%s; fsync on; %d attributes; the rate is the median over the last %,d entities%n%n%-38s",
                settings.tiers().description(),
                settings.attributes(),
                GrowthBench.WINDOW,
                "entities"));
        stages.forEach(stage -> text.append(String.format(Locale.ROOT, " %,12d", stage.entities())));
        text.append("    last / first\n");
        rate("ingest", "entities_per_s", Stage::entitiesPerSecond);
        cost("ingest", "cpu_s_per_1000", stage -> stage.cpuPerThousand().total());
        cost("ingest", "cpu_s_per_1000_server", stage -> stage.cpuPerThousand().server());
        cost("ingest", "cpu_s_per_1000_primary", stage -> stage.cpuPerThousand().primary());
        cost("read_by_id", "p50_ms", Stage::readMillis);
        cost("filter_3_attributes", "p50_ms", Stage::filterMillis);
        cost("filter_workload", "p50_ms", stage -> stage.filters().p50Millis());
        cost("filter_workload", "p99_ms", stage -> stage.filters().p99Millis());
        size("filter_workload_refused", stage -> stage.filters().refused());
        cost("database", "bytes_per_entity", stage -> (double) stage.databaseBytes() / stage.entities());
        cost("pivot_index", "bytes_per_entity", stage -> (double) stage.pivotIndexBytes() / stage.entities());
        size("documents_mib", stage -> stage.documentBytes() / MIB);
        size("pivot_mib", stage -> stage.pivotBytes() / MIB);
        size("pivot_indexes_mib", stage -> stage.pivotIndexBytes() / MIB);
        size("database_mib", stage -> stage.databaseBytes() / MIB);
        size("seconds_since_start", Stage::secondsSinceStart);
        text.append(String.format(
                Locale.ROOT,
                "%nflat: at most %.1f times the first stage's cost. Reads and filters over HTTP, realtime, one connection.%n",
                FLAT));
        return new GrowthBench.Result(new BenchReport("growth", scale(), figures, ratios), text.toString());
    }

    private Map<String, Object> scale() {
        Map<String, Object> scale = new LinkedHashMap<>();
        scale.put("stages", stages.stream().map(Stage::entities).toList());
        scale.put("attributes", settings.attributes());
        scale.put("tiers", settings.tiers().name());
        scale.put("window", GrowthBench.WINDOW);
        scale.put("seed", settings.seed());
        scale.put("fsync", "on");
        return scale;
    }

    /** Something that costs more when it is less. */
    private void rate(String what, String unit, ToDoubleFunction<Stage> figure) {
        values(what + "_" + unit, figure);
        growth(what + "_" + unit, figure.applyAsDouble(stages.getFirst()) / figure.applyAsDouble(stages.getLast()));
    }

    private void cost(String what, String unit, ToDoubleFunction<Stage> figure) {
        values(what + "_" + unit, figure);
        growth(what + "_" + unit, figure.applyAsDouble(stages.getLast()) / figure.applyAsDouble(stages.getFirst()));
    }

    private void size(String name, ToDoubleFunction<Stage> figure) {
        values(name, figure);
        text.append('\n');
    }

    private void growth(String name, double growth) {
        ratios.put(name + "_cost_growth", rounded(growth));
        text.append(String.format(Locale.ROOT, "    %5.2f  %s%n", growth, growth <= FLAT ? "flat" : "grows"));
    }

    private void values(String name, ToDoubleFunction<Stage> figure) {
        text.append(String.format(Locale.ROOT, "%-38s", name));
        for (Stage stage : stages) {
            double value = figure.applyAsDouble(stage);
            figures.put(name + "_at_" + stage.entities(), rounded(value));
            text.append(String.format(Locale.ROOT, value >= 100 ? " %,12.0f" : " %12.3f", value));
        }
    }

    private static double rounded(double value) {
        return Double.parseDouble(String.format(Locale.ROOT, "%.4f", value));
    }
}
