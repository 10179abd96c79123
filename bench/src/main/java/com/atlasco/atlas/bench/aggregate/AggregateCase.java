package com.atlasco.atlas.bench.aggregate;

import com.atlasco.atlas.bench.dataset.Dataset.Attribute;
import com.atlasco.atlas.bench.filter.Predicate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One aggregation, in no engine's words.
 *
 * @param predicates all of which hold; none for everything
 * @param keys what is grouped by; none for one group
 */
record AggregateCase(String name, List<Predicate> predicates, List<Key> keys, List<Metric> metrics) {

    /** What groups have in common. Every entity has the attribute. */
    sealed interface Key {
        Attribute attribute();

        record ByValue(Attribute attribute) implements Key {}

        /** @param unit year, month, day or hour */
        record ByInterval(Attribute attribute, String unit) implements Key {}

        /** Buckets of one width, from 1; no value lies below min, what lies at or above max has a bucket of its own. */
        record Histogram(Attribute attribute, double min, double max, int buckets) implements Key {}
    }

    /** What is computed. */
    enum Operation {
        COUNT,
        COUNT_DISTINCT,
        SUM,
        AVG,
        MIN,
        MAX;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** In the words of both SQL engines. */
        String sql(String column) {
            return switch (this) {
                case COUNT -> "count(*)";
                case COUNT_DISTINCT -> "count(DISTINCT " + column + ")";
                case SUM, AVG, MIN, MAX -> word() + "(" + column + ")";
            };
        }
    }

    /** @param attribute empty for the count of entities; otherwise a number, or anything that is counted distinct */
    record Metric(Operation operation, Optional<Attribute> attribute) {

        /** As Atlas names it in its answer. */
        String name() {
            return operation.word()
                    + attribute.map(value -> "(" + value.name() + ")").orElse("");
        }
    }

    /** All that it looks at. */
    List<Attribute> attributes() {
        return Stream.of(
                        predicates.stream().flatMap(Predicate::attributes),
                        keys.stream().map(Key::attribute),
                        metrics.stream().flatMap(metric -> metric.attribute().stream()))
                .flatMap(each -> each)
                .distinct()
                .toList();
    }
}
