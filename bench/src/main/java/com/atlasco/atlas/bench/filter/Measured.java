package com.atlasco.atlas.bench.filter;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was found of one filter.
 *
 * @param matches entities that it keeps, in all
 * @param page 1 or 50
 * @param rows on the page
 * @param times of each contender, by its name
 */
record Measured(FilterCase filter, long matches, long entities, int page, int rows, Map<String, Time> times) {

    /**
     * @param millis the median
     * @param runs that it is the median of
     * @param refusal why there was no page, when there was none
     */
    record Time(double millis, int runs, String refusal) {}

    double selectivity() {
        return (double) matches / entities;
    }

    /** The time; empty where the contender does not take part. */
    Optional<Double> millis(String contender) {
        return Optional.ofNullable(times.get(contender)).map(Time::millis);
    }

    /** How many times as long as the other a contender took; empty where one does not take part. */
    Optional<Double> ratio(String contender, String other) {
        return millis(contender).flatMap(own -> millis(other).map(others -> own / others));
    }

    String predicatesClass() {
        int predicates = filter.predicates().size();
        return predicates == 1 ? "1 predicate" : predicates + " predicates";
    }

    String selectivityClass() {
        double selectivity = selectivity();
        if (matches == 0) {
            return "keeps none";
        }
        return selectivity < 1e-4
                ? "keeps < 0.01 %"
                : selectivity < 1e-2 ? "keeps < 1 %" : selectivity < 1e-1 ? "keeps < 10 %" : "keeps 10 % and more";
    }

    String sortClass() {
        return filter.sort().isPresent() ? "sorted" : "by entity_id";
    }

    String pageClass() {
        return page == 1 ? "first page" : "50th page";
    }

    /** The classes it belongs to. */
    List<String> classes() {
        return List.of(predicatesClass(), selectivityClass(), sortClass(), pageClass());
    }
}
