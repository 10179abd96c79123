package com.atlasco.atlas.bench.ingest;

import com.atlasco.atlas.bench.cluster.CpuSeconds;
import com.atlasco.atlas.bench.cluster.TierSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Names what was measured. */
final class IngestFigures {

    private static final double MIB = 1 << 20;

    private final Map<String, Object> figures = new LinkedHashMap<>();
    private final Map<String, Double> ratios = new LinkedHashMap<>();

    IngestFigures(Map<TierSet, TierResult> results) {
        results.forEach((tiers, result) -> {
            for (String name : IngestSettings.CONTESTANTS) {
                if (result.ways(name) > 1) {
                    ways(name, result, tiers.suffix());
                }
                result.best(name).ifPresent(best -> put(name, best, tiers.suffix()));
            }
            figures.put("server_heap_used_max_mib" + tiers.suffix(), Math.round(result.heapUsedMax() / MIB));
            if (result.sameContent()) {
                figures.put("atlas_and_limit_stored_the_same" + tiers.suffix(), true);
            }
            ratio("batch_vs_limit", result, "atlas_batch", "limit", tiers);
            ratio("batch_vs_seed", result, "atlas_batch", "seed", tiers);
            ratio("batch_vs_jsonb_gin", result, "atlas_batch", "jsonb_gin", tiers);
            ratio("single_vs_per_request_commit", result, "atlas_single", "per_request_commit", tiers);
            ratio("read_vs_prepared_select", result, "read_realtime", "prepared_select", tiers);
            ratio("operational_read_vs_prepared_select", result, "read_operational", "prepared_select", tiers);
        });
    }

    private void ways(String name, TierResult result, String suffix) {
        result.turns().forEach((contestant, measured) -> {
            if (contestant.name().equals(name)) {
                String way = contestant.way().replaceAll("\\W+", "_");
                figures.put(name + "_" + way + "_per_s" + suffix, Math.round(measured.perSecond()));
            }
        });
    }

    Map<String, Object> figures() {
        return figures;
    }

    Map<String, Object> ratios() {
        return new LinkedHashMap<>(ratios);
    }

    /** The ratios as lines. */
    String text() {
        StringBuilder text = new StringBuilder();
        ratios.forEach((name, value) -> text.append("  %-50s %6.2f%n".formatted(name, value)));
        figures.forEach((name, value) -> {
            if (name.startsWith("server_heap") || name.contains("_stored_the_same")) {
                text.append("  %-50s %6s%n".formatted(name, value));
            }
        });
        return text.toString();
    }

    private void put(String name, Measurement measured, String suffix) {
        figures.put(name + "_per_s" + suffix, Math.round(measured.perSecond()));
        measured.p50Millis().ifPresent(millis -> figures.put(name + "_p50_ms" + suffix, rounded(millis)));
        measured.p99Millis().ifPresent(millis -> figures.put(name + "_p99_ms" + suffix, rounded(millis)));
        if (measured.p99Millis().isPresent()) {
            figures.put(name + "_refused" + suffix, Math.round(measured.refused()));
        }
        CpuSeconds cpu = measured.cpuPerThousand();
        figures.put(name + "_cpu_s_per_1000_server" + suffix, rounded(cpu.server()));
        figures.put(name + "_cpu_s_per_1000_primary" + suffix, rounded(cpu.primary()));
        if (!suffix.isEmpty()) {
            figures.put(name + "_cpu_s_per_1000_replica" + suffix, rounded(cpu.replica()));
            figures.put(name + "_catch_up_s" + suffix, rounded(measured.catchUpSeconds()));
        }
        figures.put(name + "_cpu_s_per_1000_client" + suffix, rounded(cpu.client()));
    }

    private void ratio(String name, TierResult result, String numerator, String denominator, TierSet tiers) {
        Optional<Measurement> ours = result.best(numerator);
        Optional<Measurement> theirs = result.best(denominator);
        if (ours.isPresent() && theirs.isPresent()) {
            ratios.put(
                    name + tiers.suffix(),
                    rounded(ours.get().perSecond() / theirs.get().perSecond()));
        }
    }

    private static double rounded(double value) {
        return Double.parseDouble(String.format(Locale.ROOT, "%.4f", value));
    }
}
