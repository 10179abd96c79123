package com.atlasco.atlas.postgres.read;

import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.query.Cursor;
import com.atlasco.atlas.query.EntityQuery;
import com.atlasco.atlas.query.SortKey;
import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.query.filter.Property;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A page that is asked for, taken apart.
 *
 * @param after where it begins in the order of entity_id, for a page in that order
 * @param wanted how many rows, one more than are shown
 * @param pivoted the attributes that the pivot has to hold
 * @param attributes those that rows have to have: all when empty
 */
record PageQuery(
        TenantId tenant,
        List<Part> parts,
        List<SortKey> sort,
        PageOrder order,
        Optional<Cursor> cursor,
        Optional<Walk.Place> after,
        int wanted,
        Set<Integer> pivoted,
        Optional<Set<Integer>> attributes) {

    static PageQuery of(TenantId tenant, EntityQuery query, Set<Integer> pivoted) {
        PageOrder order = PageOrder.of(query.sort());
        return new PageQuery(
                tenant,
                Drivers.parts(query.filter()),
                query.sort(),
                order,
                query.after(),
                query.after()
                        .filter(cursor -> order.isById())
                        .map(cursor -> new Walk.Place(Optional.empty(), cursor.entityId())),
                query.limit() + 1,
                pivoted,
                query.attributes().map(wanted -> withSorted(wanted, query.sort())));
    }

    /** A cursor is made from what the page is sorted by. */
    private static Set<Integer> withSorted(Set<Integer> wanted, List<SortKey> sort) {
        Set<Integer> all = new HashSet<>(wanted);
        for (SortKey key : sort) {
            if (key.property() instanceof Property.Attribute(var type)) {
                all.add(type.attributeId());
            }
        }
        return Set.copyOf(all);
    }

    /** Whether nothing can pass the filter. */
    boolean isEmpty() {
        return parts.stream().anyMatch(part -> part.filter() instanceof Filter.Constant(boolean keeps) && !keeps);
    }

    /** Whether the cursor is already among the rows without the property that is sorted by. */
    boolean isPastValues() {
        return !order.isById()
                && cursor.filter(last -> last.sortValues().getFirst().isEmpty()).isPresent();
    }

    /** Whether only rows that have the property can pass the filter. */
    boolean requires(Property property) {
        return property instanceof Property.Intrinsic
                || parts.stream().anyMatch(part -> Drivers.requires(part.filter(), property));
    }

    /** Whether a walk in the order of the page meets all rows that the filter keeps: none lacks what is sorted by. */
    boolean isMetByWalks() {
        return order.property().filter(property -> !requires(property)).isEmpty();
    }

    /** The rows without a property, which come last, in the order of entity_id. */
    PageQuery without(Property property, int rows) {
        List<Part> all = new ArrayList<>(parts);
        all.addAll(Drivers.parts(new Filter.IsNull(property)));
        return new PageQuery(
                tenant,
                all,
                List.of(),
                new PageOrder(Optional.empty(), true, order.descending()),
                Optional.empty(),
                isPastValues()
                        ? cursor.map(last -> new Walk.Place(Optional.empty(), last.entityId()))
                        : Optional.empty(),
                rows,
                pivoted,
                attributes);
    }

    /** What is left to be asked of documents. */
    static Filter residual(List<Part> left) {
        return switch (left.size()) {
            case 0 -> Filter.ALL;
            case 1 -> left.getFirst().filter();
            default -> new Filter.And(left.stream().map(Part::filter).toList());
        };
    }
}
