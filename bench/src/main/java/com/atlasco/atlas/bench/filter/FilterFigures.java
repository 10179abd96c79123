package com.atlasco.atlas.bench.filter;

import com.atlasco.atlas.bench.Medians;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the report tells of a workload. */
final class FilterFigures {

    static final String SEED = "seed";
    static final String JSONB = "jsonb_gin";
    static final String WIDE = "wide";

    private final List<Measured> all;
    private final List<String> contenders;
    private final Map<Integer, JsonNode> plans;

    /** @param plans of Atlas, by the number of the filter */
    FilterFigures(List<Measured> all, List<String> contenders, Map<Integer, JsonNode> plans) {
        this.all = List.copyOf(all);
        this.contenders = List.copyOf(contenders);
        this.plans = Map.copyOf(plans);
    }

    List<String> contenders() {
        return contenders;
    }

    List<Measured> slowest() {
        return FilterBench.slowest(all);
    }

    Optional<JsonNode> plan(Measured measured) {
        return Optional.ofNullable(plans.get(measured.filter().number()));
    }

    /** By class, in an order for people, each filter in several; the first has all. */
    Map<String, List<Measured>> classes() {
        Map<String, List<Measured>> sorted = new TreeMap<>();
        all.forEach(measured -> measured.classes()
                .forEach(name -> sorted.computeIfAbsent(name, absent -> new ArrayList<>())
                        .add(measured)));
        Map<String, List<Measured>> classes = new LinkedHashMap<>();
        classes.put("all", all);
        classes.putAll(sorted);
        return classes;
    }

    Map<String, Object> figures() {
        Map<String, Object> figures = new LinkedHashMap<>();
        contenders.forEach(contender -> {
            figures.put(contender + "_p50_ms", rounded(percentile(all, contender, 50)));
            figures.put(contender + "_p99_ms", rounded(percentile(all, contender, 99)));
            figures.put(contender + "_max_ms", rounded(percentile(all, contender, 100)));
            figures.put(contender + (contender.equals(AtlasContender.NAME) ? "_refused" : "_cut"), refused(contender));
        });
        Map<String, Object> byClass = new LinkedHashMap<>();
        classes().forEach((name, members) -> byClass.put(name, ofClass(members)));
        figures.put("by_class", byClass);
        figures.put("slowest", slowest().stream().map(this::described).toList());
        figures.put("filters", all.stream().map(this::described).toList());
        return figures;
    }

    private Map<String, Object> ofClass(List<Measured> members) {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("filters", members.size());
        contenders.forEach(contender -> {
            figures.put(contender + "_p50_ms", rounded(percentile(members, contender, 50)));
            figures.put(contender + "_p99_ms", rounded(percentile(members, contender, 99)));
            figures.put(contender + "_max_ms", rounded(percentile(members, contender, 100)));
        });
        return figures;
    }

    private Map<String, Object> described(Measured measured) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("number", measured.filter().number());
        one.put("filter", Cql2.text(measured.filter().predicates()));
        one.put("sortby", measured.filter().sort().map(AtlasContender::sortBy).orElse(""));
        one.put("page", measured.page());
        one.put("matches", measured.matches());
        one.put("rows", measured.rows());
        measured.times().forEach((contender, time) -> {
            one.put(contender + "_ms", rounded(time.millis()));
            if (!time.refusal().isEmpty()) {
                one.put(contender + "_refusal", time.refusal());
            }
        });
        plan(measured).ifPresent(plan -> one.put("plan", plan));
        return one;
    }

    Map<String, Object> ratios() {
        Map<String, Object> ratios = new LinkedHashMap<>();
        List<Double> seed = ratios(SEED, AtlasContender.NAME);
        if (!seed.isEmpty()) {
            ratios.put("seed_over_atlas", rounded(Medians.of(seed, Double::doubleValue)));
            ratios.put("seed_over_atlas_p90", rounded(percentile(seed, 90)));
            ratios.put("seed_over_atlas_min", rounded(percentile(seed, 0)));
        }
        List<Double> jsonb = ratios(JSONB, AtlasContender.NAME);
        if (!jsonb.isEmpty()) {
            ratios.put("jsonb_over_atlas", rounded(Medians.of(jsonb, Double::doubleValue)));
            ratios.put("jsonb_over_atlas_p90", rounded(percentile(jsonb, 90)));
            ratios.put("jsonb_over_atlas_min", rounded(percentile(jsonb, 0)));
        }
        List<Double> limit = ratios(AtlasContender.NAME, WIDE);
        ratios.put("atlas_over_limit", rounded(Medians.of(limit, Double::doubleValue)));
        ratios.put("atlas_over_limit_p90", rounded(percentile(limit, 90)));
        ratios.put("atlas_over_limit_max", rounded(percentile(limit, 100)));
        return ratios;
    }

    private List<Double> ratios(String contender, String other) {
        return all.stream()
                .flatMap(measured -> measured.ratio(contender, other).stream())
                .toList();
    }

    private long refused(String contender) {
        return all.stream()
                .filter(measured -> Optional.ofNullable(measured.times().get(contender))
                        .filter(time -> !time.refusal().isEmpty())
                        .isPresent())
                .count();
    }

    /** The nearest rank. */
    static double percentile(List<Measured> members, String contender, double percent) {
        return percentile(
                members.stream()
                        .flatMap(measured -> measured.millis(contender).stream())
                        .toList(),
                percent);
    }

    static double percentile(List<Double> values, double percent) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.isEmpty() ? 0 : sorted.get(Math.max(0, (int) Math.ceil(percent / 100 * sorted.size()) - 1));
    }

    static double rounded(double value) {
        return Double.parseDouble(String.format(Locale.ROOT, "%.3f", value));
    }
}
