package com.atlasco.atlas.bench.aggregate;

import com.atlasco.atlas.bench.Medians;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What the report tells of the aggregates. */
final class AggregateFigures {

    static final String WIDE = "wide_duckdb";
    static final String SEED = "seed";

    private static final String MAPS = "_no_attribute_hot";

    private final List<Measured> all;
    private final List<Measured> fromMaps;

    /**
     * One aggregation.
     *
     * @param millis the median of each contender
     * @param cut how many contenders were cut
     */
    record Measured(AggregateCase aggregate, int groups, Map<String, Double> millis, long cut) {

        Optional<Double> ratio(String contender, String other) {
            return Optional.ofNullable(millis.get(contender))
                    .flatMap(own -> Optional.ofNullable(millis.get(other)).map(others -> own / others));
        }
    }

    /**
     * @param all with a column for every attribute
     * @param fromMaps with none, in the same order
     */
    AggregateFigures(List<Measured> all, List<Measured> fromMaps) {
        this.all = List.copyOf(all);
        this.fromMaps = List.copyOf(fromMaps);
    }

    Map<String, Object> ratios() {
        Map<String, Object> ratios = new LinkedHashMap<>();
        median(ratios, "atlas_over_limit", all, AtlasAggregate.NAME, WIDE);
        median(ratios, "seed_over_atlas", all, SEED, AtlasAggregate.NAME);
        median(ratios, "atlas_over_limit" + MAPS, fromMaps, AtlasAggregate.NAME, WIDE);
        return ratios;
    }

    private static void median(
            Map<String, Object> ratios, String name, List<Measured> measured, String contender, String other) {
        List<Double> each = measured.stream()
                .flatMap(one -> one.ratio(contender, other).stream())
                .toList();
        if (!each.isEmpty()) {
            ratios.put(name, rounded(Medians.of(each, Double::doubleValue)));
            ratios.put(
                    name + "_min",
                    rounded(each.stream().mapToDouble(Double::doubleValue).min().orElse(0)));
            ratios.put(
                    name + "_max",
                    rounded(each.stream().mapToDouble(Double::doubleValue).max().orElse(0)));
        }
    }

    Map<String, Object> figures() {
        Map<String, Object> figures = new LinkedHashMap<>();
        medians(figures, all, "");
        medians(figures, fromMaps, MAPS);
        figures.put("seed_cut", all.stream().mapToLong(Measured::cut).sum());
        List<Map<String, Object>> each = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", all.get(i).aggregate().name());
            one.put("request", AtlasAggregate.body(all.get(i).aggregate()));
            one.put("groups", all.get(i).groups());
            all.get(i).millis().forEach((contender, millis) -> one.put(contender + "_ms", rounded(millis)));
            fromMaps.get(i)
                    .millis()
                    .forEach((contender, millis) -> one.put(contender + MAPS + "_ms", rounded(millis)));
            each.add(one);
        }
        figures.put("aggregates", each);
        return figures;
    }

    private static void medians(Map<String, Object> figures, List<Measured> measured, String suffix) {
        measured.getFirst()
                .millis()
                .keySet()
                .forEach(contender -> figures.put(
                        contender + suffix + "_p50_ms",
                        rounded(Medians.of(measured, one -> one.millis().getOrDefault(contender, 0.0)))));
    }

    /** For people. */
    String table(long entities) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%n%,d entities of 12 attributes; fsync on; milliseconds, medians%n%n%-38s %7s %10s %12s %10s %22s%n",
                entities,
                "aggregate",
                "groups",
                "atlas",
                WIDE,
                SEED,
                "atlas, nothing hot"));
        for (int i = 0; i < all.size(); i++) {
            Measured one = all.get(i);
            text.append(String.format(
                    Locale.ROOT,
                    "%-38s %7d %10.2f %12.2f %10.1f %22.2f%n",
                    one.aggregate().name(),
                    one.groups(),
                    one.millis().getOrDefault(AtlasAggregate.NAME, 0.0),
                    one.millis().getOrDefault(WIDE, 0.0),
                    one.millis().getOrDefault(SEED, 0.0),
                    fromMaps.get(i).millis().getOrDefault(AtlasAggregate.NAME, 0.0)));
        }
        text.append('\n');
        ratios().forEach((name, value) -> text.append(String.format(Locale.ROOT, "%-40s %10s%n", name, value)));
        return text.toString();
    }

    private static double rounded(double value) {
        return Double.parseDouble(String.format(Locale.ROOT, "%.3f", value));
    }
}
