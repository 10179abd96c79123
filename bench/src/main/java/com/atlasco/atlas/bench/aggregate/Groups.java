package com.atlasco.atlas.bench.aggregate;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An answer in a form that all contenders share.
 *
 * @param groups the figures of each group by its key; a time in a key is microseconds since 1970, a bucket its number
 */
record Groups(Map<List<String>, List<Double>> groups) {

    /** Sums are computed in different orders. */
    private static final double TOLERANCE = 1e-9;

    Groups {
        Map<List<String>, List<Double>> sorted =
                new TreeMap<>((left, right) -> left.toString().compareTo(right.toString()));
        sorted.putAll(groups);
        groups = sorted;
    }

    /** What another answer has otherwise; empty when it is the same up to rounding. */
    Optional<String> difference(Groups other) {
        if (!groups.keySet().equals(other.groups.keySet())) {
            return Optional.of("%d groups and %d, %s and %s"
                    .formatted(
                            groups.size(), other.groups.size(), sample(groups), sample(other.groups)));
        }
        for (Map.Entry<List<String>, List<Double>> group : groups.entrySet()) {
            List<Double> others = other.groups.getOrDefault(group.getKey(), List.of());
            if (!same(group.getValue(), others)) {
                return Optional.of("%s: %s and %s".formatted(group.getKey(), group.getValue(), others));
            }
        }
        return Optional.empty();
    }

    private static List<Map.Entry<List<String>, List<Double>>> sample(Map<List<String>, List<Double>> groups) {
        return groups.entrySet().stream().limit(3).toList();
    }

    private static boolean same(List<Double> figures, List<Double> others) {
        boolean same = figures.size() == others.size();
        for (int i = 0; same && i < figures.size(); i++) {
            double figure = figures.get(i);
            same = Math.abs(figure - others.get(i)) <= TOLERANCE * Math.max(1, Math.abs(figure));
        }
        return same;
    }
}
