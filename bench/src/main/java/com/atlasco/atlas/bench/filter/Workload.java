package com.atlasco.atlas.bench.filter;

import com.atlasco.atlas.bench.dataset.Dataset.Attribute;
import com.atlasco.atlas.bench.dataset.EntitySource;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Makes filters from a seed: 1 to 6 predicates, equalities and ranges above all, some IN, LIKE, NOT and OR, meant to keep
 * from one entity of a million to nine of ten. Nearly every one is made around an entity that it keeps, so that its
 * predicates depend on each other as the entity's values do. Not thread-safe.
 */
public final class Workload {

    private static final double LOWEST = 1e-6;
    private static final double HIGHEST = 0.9;
    private static final double LOWEST_DEEP = 0.05;
    private static final int MOST_PREDICATES = 6;

    // Of a hundred.
    private static final int DEEP = 20;
    private static final int SORTED = 50;
    private static final int SORTED_BY_A_PREDICATE = 50;
    private static final int ARBITRARY = 5;

    private final EntitySource source;
    private final long entities;
    private final SplittableRandom random;
    private final Distributions distributions;
    private final List<Integer> sortable;

    /**
     * Filters on entities from 1 to a last one.
     *
     * @param entities the last entity that filters are made around
     */
    public Workload(EntitySource source, long entities, long seed) {
        this.source = source;
        this.entities = entities;
        this.random = new SplittableRandom(seed);
        this.distributions = new Distributions(source, entities);
        this.sortable = IntStream.range(0, source.attributes().size())
                .filter(attribute -> attribute(attribute).type() != DataType.BOOL
                        && distributions.isComplete(attribute)
                        && distributions.distinct(attribute) > 50)
                .boxed()
                .toList();
    }

    private Attribute attribute(int index) {
        return source.attributes().get(index);
    }

    /** So many filters; the number of predicates goes round. */
    public List<FilterCase> filters(int count) {
        List<FilterCase> filters = new ArrayList<>();
        for (int number = 1; number <= count; number++) {
            filters.add(filter(number, 1 + (number - 1) % MOST_PREDICATES));
        }
        return filters;
    }

    private FilterCase filter(int number, int predicates) {
        boolean deep = random.nextInt(100) < DEEP;
        double lowest = Math.log(deep ? LOWEST_DEEP : LOWEST);
        double selectivity = Math.exp(lowest + random.nextDouble() * (Math.log(HIGHEST) - lowest));
        List<Optional<Value>> kept = source.entity(1 + random.nextLong(entities));
        boolean arbitrary = random.nextInt(100) < ARBITRARY;
        List<Predicate> all = new ArrayList<>();
        Set<Integer> used = new HashSet<>();
        double left = selectivity;
        for (int more = predicates; more > 0 && !free(used, kept).isEmpty(); more--) {
            int attribute = attribute(used, kept, more == 1 && left < 1e-3);
            used.add(attribute);
            List<Optional<Value>> around = arbitrary ? source.entity(1 + random.nextLong(entities)) : kept;
            Value value = around.get(attribute).or(() -> kept.get(attribute)).orElseThrow();
            double share = more == 1 ? left : Math.pow(left, random.nextDouble() * 2 / more);
            Predicate predicate = predicate(attribute, value, Math.clamp(share, LOWEST, HIGHEST), used, kept);
            all.add(predicate);
            left = Math.min(HIGHEST, left / distributions.share(predicate));
        }
        return new FilterCase(number, List.copyOf(all), sort(used), deep);
    }

    private Optional<FilterCase.Sort> sort(Set<Integer> used) {
        if (random.nextInt(100) >= SORTED) {
            return Optional.empty();
        }
        List<Integer> inFilter = sortable.stream().filter(used::contains).toList();
        List<Integer> from = random.nextInt(100) < SORTED_BY_A_PREDICATE && !inFilter.isEmpty() ? inFilter : sortable;
        return Optional.of(new FilterCase.Sort(attribute(from.get(random.nextInt(from.size()))), random.nextBoolean()));
    }

    /** One that no predicate has yet and the entity has; of many values, where a narrow predicate is wanted. */
    private int attribute(Set<Integer> used, List<Optional<Value>> kept, boolean narrow) {
        List<Integer> free = free(used, kept);
        List<Integer> fine = free.stream()
                .filter(index -> distributions.distinct(index) > 5_000)
                .toList();
        List<Integer> from = narrow && !fine.isEmpty() ? fine : free;
        return from.get(random.nextInt(from.size()));
    }

    private Predicate predicate(int index, Value value, double share, Set<Integer> used, List<Optional<Value>> kept) {
        Predicate.Simple simple = simple(index, value, share);
        int kind = random.nextInt(100);
        if (kind < 8 && share > 0.5) {
            return negated(index, value).orElse(simple);
        }
        if (kind < 18 && !free(used, kept).isEmpty()) {
            int other = attribute(used, kept, false);
            used.add(other);
            Value otherValue = kept.get(other).orElseThrow();
            return new Predicate.Or(List.of(simple(index, value, share / 2), simple(other, otherValue, share / 2)));
        }
        return simple;
    }

    private static List<Integer> free(Set<Integer> used, List<Optional<Value>> kept) {
        return IntStream.range(0, kept.size())
                .filter(index -> !used.contains(index) && kept.get(index).isPresent())
                .boxed()
                .toList();
    }

    /** Whatever another value is not: what the entity is kept by. */
    private Optional<Predicate> negated(int index, Value value) {
        Value other = distributions.quantile(index, random.nextDouble());
        return other.equals(value)
                ? Optional.empty()
                : Optional.of(new Predicate.Not(new Predicate.Equal(attribute(index), other)));
    }

    private Predicate.Simple simple(int index, Value value, double share) {
        Attribute attribute = attribute(index);
        return switch (value) {
            case Value.TextValue(String text) -> text(index, text, share);
            case Value.BoolValue _ -> new Predicate.Equal(attribute, value);
            case Value.NumberValue _, Value.TimestampValue _ ->
                random.nextInt(100) < 15 || distributions.share(index, value) >= share
                        ? new Predicate.Equal(attribute, value)
                        : range(index, value, share);
            case Value.JsonValue _ -> throw new IllegalArgumentException("the data sets have no JSON values");
        };
    }

    private Predicate.Simple text(int index, String text, double share) {
        Attribute attribute = attribute(index);
        double own = distributions.share(index, new Value.TextValue(text));
        if (distributions.distinct(index) > 5_000) {
            int length = 1;
            while (length < text.length() && distributions.prefixShare(index, text.substring(0, length)) > share) {
                length++;
            }
            return random.nextInt(4) == 0
                    ? new Predicate.Equal(attribute, new Value.TextValue(text))
                    : new Predicate.Prefix(attribute, text.substring(0, length));
        }
        if (own * 1.5 < share && random.nextInt(3) > 0) {
            Set<String> values = new LinkedHashSet<>(List.of(text));
            double sum = own;
            for (int attempt = 0; attempt < 30 && sum < share && values.size() < 10; attempt++) {
                Value more = distributions.quantile(index, random.nextDouble());
                if (values.add(((Value.TextValue) more).text())) {
                    sum += distributions.share(index, more);
                }
            }
            if (values.size() > 1) {
                return new Predicate.In(attribute, List.copyOf(values));
            }
        }
        return new Predicate.Equal(attribute, new Value.TextValue(text));
    }

    /** So much of all that has the value somewhere in it; half of them with one end. */
    private Predicate.Simple range(int index, Value value, double share) {
        Attribute attribute = attribute(index);
        double rank = distributions.rank(index, value);
        double below = random.nextDouble() * share;
        double low = Math.clamp(rank - below, 0, 1 - share);
        double high = low + share;
        if (random.nextBoolean() && rank >= 1 - share) {
            return new Predicate.Range(
                    attribute, Optional.of(least(value, distributions.quantile(index, 1 - share))), Optional.empty());
        }
        if (random.nextBoolean() && rank < share * 0.99) {
            return new Predicate.Range(
                    attribute, Optional.empty(), Optional.of(after(value, distributions.quantile(index, share))));
        }
        return new Predicate.Range(
                attribute,
                low > 0 ? Optional.of(least(value, distributions.quantile(index, low))) : Optional.empty(),
                high < 1 ? Optional.of(after(value, distributions.quantile(index, high))) : Optional.empty());
    }

    private static Value least(Value value, Value bound) {
        return Distributions.BY_VALUE.compare(bound, value) <= 0 ? bound : value;
    }

    /** The bound, or where it would leave the value out, what comes just after the value. */
    private static Value after(Value value, Value bound) {
        if (Distributions.BY_VALUE.compare(bound, value) > 0) {
            return bound;
        }
        return switch (value) {
            case Value.NumberValue(double number) -> new Value.NumberValue(Math.nextUp(number));
            case Value.TimestampValue(long micros) -> new Value.TimestampValue(micros + 1);
            case Value.TextValue _, Value.BoolValue _, Value.JsonValue _ -> value;
        };
    }
}
