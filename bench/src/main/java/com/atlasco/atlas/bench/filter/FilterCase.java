package com.atlasco.atlas.bench.filter;

import com.atlasco.atlas.bench.dataset.Dataset.Attribute;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One filter of the workload.
 *
 * @param predicates all of which hold
 * @param sort without it, ascending entity_id
 * @param deep whether the 50th page is asked for, where there are that many
 */
public record FilterCase(int number, List<Predicate> predicates, Optional<Sort> sort, boolean deep) {

    /** Entities on a page. */
    public static final int PAGE = 100;

    /** The page that is asked for where it is not the first. */
    static final int DEEP_PAGE = 50;

    /** How many entities lie before it. */
    static final int BEFORE_DEEP_PAGE = PAGE * (DEEP_PAGE - 1);

    /** The order, by an attribute that every entity has; ties by entity_id in the same direction. */
    public record Sort(Attribute attribute, boolean descending) {}

    /** The attributes that filter and order look at, which are what everybody returns beside the entity_id. */
    public List<Attribute> attributes() {
        return Stream.concat(
                        predicates.stream().flatMap(Predicate::attributes),
                        sort.stream().map(Sort::attribute))
                .distinct()
                .toList();
    }
}
