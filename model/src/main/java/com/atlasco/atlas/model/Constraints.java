package com.atlasco.atlas.model;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What an attribute's values have to be, beyond its type. A change holds for later writes only: what is stored stays as
 * it is. Immutable.
 *
 * @param allowed the only values there may be, in the order given; empty means any
 * @param min the least number or timestamp
 * @param max the greatest number or timestamp
 * @param pattern has to be found in a text
 * @param maxLength the most code points of a text
 * @param requiredFor the types of entities that have to have the attribute
 */
public record Constraints(
        Set<Value> allowed,
        Optional<Value> min,
        Optional<Value> max,
        Optional<TextPattern> pattern,
        OptionalInt maxLength,
        SortedSet<String> requiredFor) {

    private static final Constraints NONE = new Constraints(
            Set.of(), Optional.empty(), Optional.empty(), Optional.empty(), OptionalInt.empty(), new TreeSet<>());

    public Constraints {
        allowed = Collections.unmodifiableSet(new LinkedHashSet<>(allowed));
        requiredFor = Collections.unmodifiableSortedSet(new TreeSet<>(requiredFor));
    }

    public static Constraints none() {
        return NONE;
    }

    /** Whether single values are constrained: all but {@code requiredFor}. */
    boolean limitValues() {
        return !allowed.isEmpty() || min.isPresent() || max.isPresent() || pattern.isPresent() || maxLength.isPresent();
    }

    public boolean isEmpty() {
        return !limitValues() && requiredFor.isEmpty();
    }
}
