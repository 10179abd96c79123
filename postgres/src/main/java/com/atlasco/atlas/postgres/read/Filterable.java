package com.atlasco.atlas.postgres.read;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.Session;
import com.atlasco.atlas.query.EntityQuery;
import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.query.filter.Property;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Whether the pivot can serve a query. */
final class Filterable {

    private Filterable() {}

    private static final String PROGRESS = """
            SELECT j.rows_done, greatest(j.rows_done, j.rows_total)
            FROM pivot_job j JOIN attr_type a ON a.tenant_id = j.tenant_id AND a.attribute_id = j.attribute_id
            WHERE j.tenant_id = ? AND j.attribute_id = ? AND a.pivot_state = 'filling'""";

    /**
     * What a query needs of the pivot.
     *
     * @param pivoted the attributes that it filters or sorts by
     * @param indexing one that is not in the pivot yet
     */
    record Needs(Set<Integer> pivoted, Optional<AttributeType> indexing) {}

    /**
     * Looks at the attributes that a query filters or sorts by.
     *
     * @throws AtlasException {@code not_filterable} when one of them is not to be in the pivot
     */
    static Needs needs(EntityQuery query) {
        Set<Integer> ids = new TreeSet<>();
        Optional<AttributeType> indexing = Optional.empty();
        List<Property> properties = Stream.concat(
                        Filter.properties(query.filter()), query.sort().stream().map(sort -> sort.property()))
                .toList();
        for (Property property : properties) {
            if (property instanceof Property.Attribute(AttributeType type)) {
                if (!type.wantedInPivot()) {
                    throw refused(type);
                }
                if (!type.indexed()) {
                    indexing = Optional.of(type);
                }
                ids.add(type.attributeId());
            }
        }
        return new Needs(ids, indexing);
    }

    private static AtlasException refused(AttributeType type) {
        return Problem.of(
                        ErrorCode.NOT_FILTERABLE,
                        "attribute '%s' is not filterable, and operational filters and sorts need an index"
                                .formatted(type.name()))
                .hint("Register it again with \"filterable\": true, or ask the analytics store.")
                .asException();
    }

    /** The {@code attribute_indexing} problem; it says how far it is, as this source knows it. */
    static AtlasException indexing(Session session, TenantId tenant, AttributeType type) throws SQLException {
        String progress = "it is about to begin";
        try (PreparedStatement statement = session.prepare(PROGRESS)) {
            statement.setLong(1, tenant.value());
            statement.setInt(2, type.attributeId());
            try (ResultSet row = statement.executeQuery()) {
                if (row.next()) {
                    progress = "%,d of about %,d entities are done".formatted(row.getLong(1), row.getLong(2));
                }
            }
        }
        return Problem.of(
                        ErrorCode.ATTRIBUTE_INDEXING,
                        "attribute '%s' is being indexed: %s".formatted(type.name(), progress))
                .hint("Try again later; GET /api/v1/attributes/{name} says how far it is. Aggregates can use it now.")
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
