package com.atlasco.atlas.bench.store;

import com.atlasco.atlas.bench.BenchReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the runs came to, for people and for a report. */
final class StoreBenchTable {

    private static final double MIB = 1 << 20;
    private static final String HEADER =
            "     s  updates/s  apply_p50_ms  apply_max_ms  query_ms  file_mib  log_mib  resident_mib%n";

    private final StoreBenchSettings settings;
    private final List<StoreBench.Run> runs;

    StoreBenchTable(StoreBenchSettings settings, List<StoreBench.Run> runs) {
        this.settings = settings;
        this.runs = List.copyOf(runs);
    }

    static String line(StoreSample sample) {
        return String.format(
                Locale.ROOT,
                "%6.0f %10.0f %13.1f %13.1f %9.1f %9.1f %8.1f %13.1f",
                sample.seconds(),
                sample.perSecond(),
                sample.applyMedianMillis(),
                sample.applyMaxMillis(),
                sample.queryMillis(),
                sample.fileBytes() / MIB,
                sample.logBytes() / MIB,
                sample.residentBytes() / MIB);
    }

    StoreBench.Result result() {
        StringBuilder text = new StringBuilder();
        Map<String, Object> figures = new LinkedHashMap<>();
        for (StoreBench.Run run : runs) {
            String name = run.history() ? "history_on" : "history_off";
            text.append(String.format(Locale.ROOT, "%n%s%n" + HEADER, name.replace('_', ' ')));
            run.samples().forEach(sample -> text.append(line(sample)).append('\n'));
            text.append(contents("entity", run.entities())).append(contents("history", run.past()));
            figures.put(name + "_samples", run.samples());
            figures.put(name + "_entity_table", run.entities());
            figures.put(name + "_history_table", run.past());
        }
        return new StoreBench.Result(new BenchReport("store", scale(), figures, Map.of()), text.toString());
    }

    private static String contents(String table, TableContents contents) {
        return String.format(
                Locale.ROOT,
                "%s: %,d rows; stored %,d in %,d row groups%n",
                table,
                contents.rows(),
                contents.stored(),
                contents.rowGroups());
    }

    private Map<String, Object> scale() {
        Map<String, Object> scale = new LinkedHashMap<>();
        scale.put("entities", settings.entities());
        scale.put("attributes", settings.attributes());
        scale.put("changed_attributes", settings.changed());
        scale.put("hot_attributes", settings.hot());
        scale.put("batch", settings.batch());
        scale.put("rate", settings.rate());
        scale.put("seconds", settings.duration().toSeconds());
        scale.put("checkpoint_mib", settings.checkpointBytes() / MIB);
        scale.put("retention_seconds", settings.retention().toSeconds());
        scale.put("seed", settings.seed());
        return scale;
    }
}
