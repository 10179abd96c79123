package com.atlasco.atlas.postgres.read;

import com.atlasco.atlas.postgres.read.Driver.Scan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Puts the ways to find a page in the order of what they cost. Parts of a filter are taken to be independent of each
 * other; where that proves wrong, the number of rows that the filter keeps is given instead, and all is judged again.
 */
final class Planner {

    // Measured in microseconds, see docs/decisions/0018. What counts is how they compare.
    static final double ENTRY = 0.12;
    static final double SET_ENTRY = 0.15;
    static final double PROBE = 0.1;
    static final double SORTED = 0.15;
    static final double LOOK_UP = 5.0;
    static final double IN_ORDER = 3.0;
    static final double SCANNED = 0.7;
    static final double CONDITION = 0.3;
    static final double SCAN = 80;
    static final double STATEMENT = 300;

    private static final int SMALLEST_WINDOW = 2_000;
    private static final int LARGEST_WINDOW = 250_000;
    private static final int MOST_SET = 500_000;
    /** Of estimates that a plan may be wrong by before another is looked for. */
    private static final double DOUBT = 4;

    private final PageQuery query;
    private final Estimates estimates;
    private final double matches;
    /** Of parts with entries, those with the fewest first. */
    private final List<Part> driven;

    private final List<Choice> choices = new ArrayList<>();

    private Planner(PageQuery query, Estimates estimates, OptionalDouble matches) {
        this.query = query;
        this.estimates = estimates;
        double product = query.parts().stream().mapToDouble(estimates::share).reduce(1, (left, right) -> left * right);
        this.matches = matches.orElse(Math.max(1e-3, product * estimates.entities()));
        this.driven = query.parts().stream()
                .filter(part -> part.driver().isPresent())
                .sorted(Comparator.comparingDouble(estimates::share))
                .toList();
    }

    /**
     * All ways, the cheapest first; at least one.
     *
     * @param matches how many rows the filter keeps, where that is known better than by the estimates
     */
    static List<Choice> rank(PageQuery query, Estimates estimates, OptionalDouble matches) {
        Planner planner = new Planner(query, estimates, matches);
        if (query.order().isById()) {
            planner.walkEntities();
            planner.walkValues();
            planner.mergeValues();
        } else if (query.order().index().isPresent()) {
            planner.walkSortKey(query.order().index().get());
        } else {
            planner.everything();
        }
        planner.gather();
        planner.choices.sort(
                Comparator.comparingDouble(choice -> choice.estimate().micros()));
        return List.copyOf(planner.choices);
    }

    private double rows() {
        return Math.min(query.wanted(), matches);
    }

    /** How much of an order has to be walked until the page is full, from 0 to 1. */
    private double walked() {
        return Math.min(1, query.wanted() / matches);
    }

    private static int window(double length) {
        return (int) Math.clamp((long) (DOUBT * length), SMALLEST_WINDOW, LARGEST_WINDOW);
    }

    /** Those not covered, the most selective first: what it rejects the others need not look at. */
    private List<Part> left(Set<Part> covered) {
        return query.parts().stream()
                .filter(part -> !covered.contains(part))
                .sorted(Comparator.comparingDouble(estimates::share))
                .toList();
    }

    private void add(Plan plan, double entries, double documents, double micros) {
        double more = 0;
        if (plan instanceof Plan.Walked && matches < query.wanted()) {
            // The walk ends before the page is full: the end is looked for. Rows without a sort value that may follow
            // take a snapshot, another look, and a search.
            more = query.isMetByWalks() ? SCAN + entries * ENTRY : 3 * STATEMENT;
        }
        choices.add(new Choice(plan, new Estimate(STATEMENT + micros + more, entries, documents, rows())));
    }

    /** Documents that are looked up in the order of entity_id, or in another one. */
    private static double looked(double documents, boolean inOrder, List<Part> left) {
        return documents * ((inOrder ? IN_ORDER : LOOK_UP) + CONDITION * Math.min(2, left.size()));
    }

    private void walkEntities() {
        Optional<Scan> bounds = query.parts().stream()
                .flatMap(part -> part.driver().stream())
                .filter(Scan.class::isInstance)
                .map(Scan.class::cast)
                .filter(scan -> scan.key().equals(IndexKey.ENTITY_ID))
                .findFirst();
        double length = bounds.map(estimates::rows).orElse(estimates.entities()) * walked();
        List<Part> left = left(Set.of());
        add(
                new Plan.Walked(
                        new Walk.Entities(bounds, query.order().descending()),
                        Optional.empty(),
                        PageQuery.residual(left),
                        window(length)),
                0,
                length,
                SCAN + length * (SCANNED + CONDITION * Math.min(2, left.size())));
    }

    /** Scans whose entries lie in the order of entity_id. */
    private static Optional<Scan> equality(Part part) {
        return part.driver()
                .filter(Scan.class::isInstance)
                .map(Scan.class::cast)
                .filter(scan -> scan.condition() instanceof Driver.Condition.Equal
                        && !scan.key().equals(IndexKey.ENTITY_ID));
    }

    private void walkValues() {
        for (Part part : driven) {
            List<Scan> values = part.driver()
                    .filter(Scan.class::isInstance)
                    .map(Scan.class::cast)
                    .filter(scan -> !scan.key().equals(IndexKey.ENTITY_ID))
                    .map(Scan::singleValues)
                    .orElse(List.of());
            if (values.isEmpty()) {
                continue;
            }
            double length = estimates.rows(part.driver().get()) * walked();
            List<Part> left = left(part.exact() ? Set.of(part) : Set.of());
            double documents = left.isEmpty() ? rows() : length;
            add(
                    new Plan.Walked(
                            new Walk.ById(values, query.order().descending()),
                            Optional.empty(),
                            PageQuery.residual(left),
                            window(length)),
                    length,
                    documents,
                    SCAN * values.size() + length * ENTRY + looked(documents, true, left));
        }
    }

    private void mergeValues() {
        if (query.order().descending()) {
            return;
        }
        List<Part> equal =
                driven.stream().filter(part -> equality(part).isPresent()).toList();
        for (int taken = 2; taken <= equal.size(); taken++) {
            List<Part> merged = equal.subList(0, taken);
            List<Scan> values =
                    merged.stream().map(part -> equality(part).orElseThrow()).toList();
            double entries = values.stream().mapToDouble(estimates::rows).sum() * walked();
            double candidates = Math.max(rows(), shared(merged) * estimates.entities() * walked());
            List<Part> left = left(exact(merged));
            double documents = left.isEmpty() ? rows() : candidates;
            add(
                    new Plan.Walked(
                            new Walk.Merged(values), Optional.empty(), PageQuery.residual(left), window(candidates)),
                    entries,
                    documents,
                    SCAN * taken + entries * (ENTRY + PROBE) + looked(documents, true, left));
        }
    }

    private double shared(List<Part> parts) {
        return parts.stream().mapToDouble(estimates::share).reduce(1, (left, right) -> left * right);
    }

    private static Set<Part> exact(List<Part> parts) {
        Set<Part> exact = new HashSet<>();
        parts.stream().filter(Part::exact).forEach(exact::add);
        return exact;
    }

    private void walkSortKey(IndexKey key) {
        Optional<Part> restricting = driven.stream()
                .filter(part -> part.driver()
                        .filter(driver ->
                                driver instanceof Scan scan && scan.key().equals(key))
                        .isPresent())
                .findFirst();
        Optional<Scan> restriction =
                restricting.flatMap(Part::driver).filter(Scan.class::isInstance).map(Scan.class::cast);
        double index = restriction.map(estimates::rows).orElseGet(() -> estimates.present(key));
        // Of the rows without a value the walk meets none.
        double met = restriction.isPresent() ? matches : matches * estimates.present(key) / estimates.entities();
        double length = index * Math.min(1, query.wanted() / Math.max(met, 1e-3));
        boolean rest =
                met < query.wanted() && !query.requires(query.order().property().orElseThrow());
        double tail = rest ? Math.min(estimates.entities(), estimates.entities() - index) * SCANNED : 0;
        Walk.ByKey walk = new Walk.ByKey(key, restriction, false, query.order().descending());
        List<Part> others = driven.stream()
                .filter(part -> restricting.filter(part::equals).isEmpty())
                .toList();
        for (int taken = 0; taken <= others.size(); taken++) {
            List<Part> within = others.subList(0, taken);
            Set<Part> covered = exact(within);
            restricting.filter(Part::exact).ifPresent(covered::add);
            double set = within.stream()
                    .mapToDouble(part -> estimates.rows(part.driver().orElseThrow()))
                    .sum();
            if (set > MOST_SET) {
                break;
            }
            List<Part> left = left(covered);
            double documents = left.isEmpty() ? rows() : Math.max(rows(), length * shared(within));
            add(
                    new Plan.Walked(walk, gathering(within, List.of()), PageQuery.residual(left), window(length)),
                    length + set,
                    documents,
                    SCAN * (1 + taken)
                            + length * (ENTRY + (taken > 0 ? PROBE : 0))
                            + set * (ENTRY + SET_ENTRY)
                            + looked(documents, false, left)
                            + tail);
        }
    }

    private static Optional<Gather> gathering(List<Part> within, List<Part> without) {
        return within.isEmpty()
                ? Optional.empty()
                : Optional.of(new Gather(
                        within.stream().map(part -> part.driver().orElseThrow()).toList(),
                        without.stream()
                                .map(part -> part.absent().orElseThrow())
                                .toList()));
    }

    private void gather() {
        List<Part> missing =
                query.parts().stream().filter(part -> part.absent().isPresent()).toList();
        for (int taken = 1; taken <= driven.size(); taken++) {
            List<Part> includes = driven.subList(0, taken);
            gather(includes, List.of());
            if (!missing.isEmpty()) {
                gather(includes, missing);
            }
        }
    }

    private void gather(List<Part> includes, List<Part> excludes) {
        double entries = includes.stream()
                        .mapToDouble(part -> estimates.rows(part.driver().orElseThrow()))
                        .sum()
                + excludes.stream()
                        .mapToDouble(part -> estimates.rows(part.absent().orElseThrow()))
                        .sum();
        Set<Part> covered = exact(includes);
        covered.addAll(excludes);
        List<Part> left = left(covered);
        int sets = includes.size() + excludes.size();
        double candidates =
                Math.max(Math.min(matches, entries), shared(includes) * shared(excludes) * estimates.entities());
        double documents;
        if (!query.order().isById()) {
            documents = candidates;
        } else {
            documents = left.isEmpty() ? rows() : Math.max(rows(), candidates * walked());
        }
        boolean union = includes.stream().anyMatch(part -> part.driver().orElseThrow() instanceof Driver.Union);
        add(
                new Plan.Gathered(
                        gathering(includes, excludes).orElseThrow(), PageQuery.residual(left), window(candidates)),
                entries,
                documents,
                SCAN * sets
                        + entries * (ENTRY + (sets > 1 || union ? SET_ENTRY : 0))
                        + candidates * SORTED
                        + looked(documents, true, left));
    }

    private void everything() {
        double all = estimates.entities();
        add(
                new Plan.Everything(PageQuery.residual(left(Set.of()))),
                0,
                all,
                all * (SCANNED + CONDITION * Math.min(2, query.parts().size())) + matches * SORTED);
    }
}
