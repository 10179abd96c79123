package com.atlasco.atlas.postgres.read;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.query.EntityQuery;
import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.query.filter.Property;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Whether the pivot can serve a query. */
final class Filterable {

    private Filterable() {}

    /**
     * The attributes that a query filters or sorts by.
     *
     * @throws AtlasException {@code not_filterable} when one of them is not in the pivot
     */
    static Set<Integer> attributes(EntityQuery query) {
        Set<Integer> ids = new TreeSet<>();
        Stream.concat(properties(query.filter()), query.sort().stream().map(sort -> sort.property()))
                .forEach(property -> {
                    if (property instanceof Property.Attribute(AttributeType type)) {
                        if (!type.filterable()) {
                            throw refused(type);
                        }
                        ids.add(type.attributeId());
                    }
                });
        return ids;
    }

    static Stream<Property> properties(Filter filter) {
        return switch (filter) {
            case Filter.Constant _ -> Stream.empty();
            case Filter.And(List<Filter> operands) -> operands.stream().flatMap(Filterable::properties);
            case Filter.Or(List<Filter> operands) -> operands.stream().flatMap(Filterable::properties);
            case Filter.Not(Filter operand) -> properties(operand);
            case Filter.Comparison comparison -> Stream.of(comparison.property());
            case Filter.Between between -> Stream.of(between.property());
            case Filter.In in -> Stream.of(in.property());
            case Filter.Like like -> Stream.of(like.property());
            case Filter.IsNull isNull -> Stream.of(isNull.property());
        };
    }

    private static AtlasException refused(AttributeType type) {
        return Problem.of(
                        ErrorCode.NOT_FILTERABLE,
                        "attribute '%s' is not filterable, and operational filters and sorts need an index"
                                .formatted(type.name()))
                .hint("Register it again with \"filterable\": true, or ask the analytics store.")
                .asException();
    }

    /** The caller's registry and this source's pivot are of different moments. */
    static AtlasException notHere() {
        return Problem.of(
                        ErrorCode.SOURCE_UNAVAILABLE,
                        "an attribute of this query has just become filterable or ceased to be, and this source has not come to the same state")
                .hint("Try again shortly, or allow another source.")
                .asException();
    }
}
