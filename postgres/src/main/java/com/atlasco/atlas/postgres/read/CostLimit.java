package com.atlasco.atlas.postgres.read;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import java.util.Locale;
import java.util.Optional;

/** What a page may be expected to take, in microseconds. */
record CostLimit(double micros) {

    static CostLimit none() {
        return new CostLimit(Double.POSITIVE_INFINITY);
    }

    Optional<Double> millis() {
        return Double.isInfinite(micros) ? Optional.empty() : Optional.of(micros / 1_000);
    }

    /**
     * Lets a plan pass.
     *
     * @param spent microseconds that have been spent before
     * @throws AtlasException {@code filter_too_costly}
     */
    void check(PageQuery query, Choice cheapest, double spent) {
        Estimate estimate = cheapest.estimate();
        if (spent + estimate.micros() > micros) {
            throw refused(
                    query,
                    "the cheapest way to find the page (%s) reads about %,.0f index entries and %,.0f documents%s"
                            .formatted(
                                    Names.of(query, cheapest.plan().description()),
                                    estimate.entries(),
                                    estimate.documents(),
                                    spent > 0 ? ", after a first look found fewer rows than was expected" : ""),
                    spent + estimate.micros());
        }
    }

    /** As {@link #check}, for what has been spent without an estimate. */
    void check(PageQuery query, Plan plan, double spent) {
        if (spent > micros) {
            throw refused(
                    query,
                    "the filter keeps too few of the rows that it leads to (%s)"
                            .formatted(Names.of(query, plan.description())),
                    spent);
        }
    }

    private AtlasException refused(PageQuery query, String detail, double expected) {
        return Problem.of(
                        ErrorCode.FILTER_TOO_COSTLY,
                        "%s: some %,.0f ms, and %,.0f are allowed".formatted(detail, expected / 1_000, micros / 1_000))
                .at("filter")
                .hint(hint(query))
                .asException();
    }

    private static String hint(PageQuery query) {
        String served = " The analytics store serves it as it is: X-Freshness-Requirement: analytical.";
        boolean driven = query.parts().stream().anyMatch(part -> part.driver().isPresent());
        String sorted =
                query.order().isById() || query.order().walkable() ? "" : "Sort by a single filterable attribute, or ";
        return (sorted.isEmpty() ? "" : sorted)
                + String.format(
                        Locale.ROOT,
                        driven
                                ? "%sdd a condition that few rows meet, on a filterable attribute."
                                : "%sdd an equality or a range on a filterable attribute: no part of this filter has an index.",
                        sorted.isEmpty() ? "A" : "a")
                + served;
    }
}
