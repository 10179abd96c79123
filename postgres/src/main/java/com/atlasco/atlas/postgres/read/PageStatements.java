package com.atlasco.atlas.postgres.read;

import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.query.Cursor;
import com.atlasco.atlas.query.SortKey;
import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.query.filter.Property;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The statements that pages are made of. */
final class PageStatements {

    private PageStatements() {}

    /**
     * Looks every candidate up by its key and checks the whole filter in its document. The OFFSET 0 keeps PostgreSQL
     * from turning the look-ups into a join of its own making: its estimates of conditions on documents are guesses.
     * Citus refuses this fence; there, the ids are read first and the entities by a list of ids.
     */
    static Sql recheck(long tenant, Sql candidates, Filter filter) {
        return Sql.of(" FROM (")
                .append(candidates)
                .append(
                        ") k CROSS JOIN LATERAL (SELECT " + EntityRows.COLUMNS
                                + " FROM entity e WHERE e.tenant_id = ?::bigint AND e.entity_id = k.entity_id AND ",
                        tenant)
                .append(DocumentPredicate.of(filter))
                .append(" OFFSET 0) e");
    }

    /** The first rows of one window of a walk. */
    static Sql window(long tenant, Walk walk, Optional<Walk.Place> after, int size, Filter filter, int limit) {
        return Sql.of("SELECT " + EntityRows.COLUMNS)
                .append(recheck(tenant, walk.window(tenant, after, size), filter))
                .append(" ORDER BY " + walk.order("k") + " LIMIT ?::int", limit);
    }

    /** The last entry of a window; no row when the window was not full, which is the end of the walk. */
    static Sql windowEnd(long tenant, Walk walk, Optional<Walk.Place> after, int size) {
        return Sql.of("SELECT * FROM (")
                .append(walk.window(tenant, after, size))
                .append(") k OFFSET ?::int", size - 1);
    }

    /** All rows that a driver leads to, or all of the tenant without one, sorted. */
    static Sql fetchAll(
            long tenant,
            Optional<Driver> driver,
            Filter filter,
            List<SortKey> sort,
            Optional<Cursor> after,
            int limit) {
        Sql sql = Sql.of("SELECT " + EntityRows.COLUMNS);
        if (driver.isPresent()) {
            // In the order of entity_id the cursor bounds the entries themselves, not only the rows.
            Sql unseen = after.filter(cursor -> SortKey.beforeEntityId(sort).isEmpty())
                    .map(cursor -> Sql.of(" AND p.entity_id" + beyond(sort) + "?::bigint", cursor.entityId()))
                    .orElseGet(Sql::new);
            sql.append(recheck(tenant, driver.get().entityIds(tenant, unseen), filter))
                    .append(" WHERE true");
        } else {
            sql.append(" FROM entity e WHERE e.tenant_id = ?::bigint AND ", tenant)
                    .append(DocumentPredicate.of(filter));
        }
        after.ifPresent(cursor -> sql.append(" AND ").append(beyond(sort, cursor)));
        return sql.append(" ORDER BY ").append(order(sort)).append(" LIMIT ?::int", limit);
    }

    private static String beyond(List<SortKey> sort) {
        return SortKey.entityIdDescends(sort) ? " < " : " > ";
    }

    private static Sql order(List<SortKey> sort) {
        Sql order = new Sql();
        for (SortKey key : SortKey.beforeEntityId(sort)) {
            order.append(DocumentExpression.of(key.property()))
                    .append((key.descending() ? " DESC" : "") + " NULLS LAST, ");
        }
        return order.append("e.entity_id" + (SortKey.entityIdDescends(sort) ? " DESC" : ""));
    }

    /** Beyond in the first key, or equal in it and beyond in the rest; rows without a value lie beyond those with one. */
    private static Sql beyond(List<SortKey> sort, Cursor cursor) {
        List<SortKey> keys = SortKey.beforeEntityId(sort);
        Sql sql = new Sql();
        for (int i = 0; i < keys.size(); i++) {
            Property property = keys.get(i).property();
            Optional<Value> last = cursor.sortValues().get(i);
            sql.append("(");
            if (last.isPresent()) {
                sql.append(DocumentExpression.of(property))
                        .append(keys.get(i).descending() ? " < " : " > ")
                        .append(DocumentExpression.literal(property, last.get()))
                        .append(" OR ")
                        .append(DocumentExpression.isNull(property))
                        .append(" OR ")
                        .append(DocumentExpression.of(property))
                        .append(" = ")
                        .append(DocumentExpression.literal(property, last.get()));
            } else {
                sql.append(DocumentExpression.isNull(property));
            }
            sql.append(" AND ");
        }
        return sql.append("e.entity_id" + beyond(sort) + "?::bigint" + ")".repeat(keys.size()), cursor.entityId());
    }

    /**
     * Counts the entries each driver leads to, up to a cap; for drivers whose entries lie in the order of entity_id, also
     * how far the cap reaches: of two that exceed it, the one that reaches farther is the sparser. A row per driver:
     * its index, the count, the last entity_id.
     */
    static Sql probe(
            long tenant, List<Driver> drivers, Optional<Walk.ById> order, Optional<Walk.Place> after, int cap) {
        Sql sql = new Sql();
        for (int i = 0; i < drivers.size(); i++) {
            sql.append(i == 0 ? "" : " UNION ALL ")
                    .append("SELECT ?::int, count(*), ", i)
                    .append(order.isPresent() && order.get().descending() ? "min" : "max")
                    .append("(x.entity_id) FROM (")
                    .append(entries(tenant, drivers.get(i), order, after, cap))
                    .append(") x");
        }
        return sql;
    }

    private static Sql entries(
            long tenant, Driver driver, Optional<Walk.ById> order, Optional<Walk.Place> after, int cap) {
        if (driver instanceof Driver.Scan scan) {
            List<Driver.Scan> values = scan.singleValues();
            if (!values.isEmpty()) {
                boolean descending = order.isPresent() && order.get().descending();
                return new Walk.ById(values, Optional.empty(), descending).window(tenant, after, cap);
            }
            Sql sql = Sql.of("SELECT p.entity_id").append(scan.rows(tenant));
            // The order of the index, so that the index is what is read.
            return scan.condition() instanceof Driver.Condition.Range
                    ? sql.append(" ORDER BY p." + scan.key().column() + " LIMIT ?::int", cap)
                    : sql.append(" LIMIT ?::int", cap);
        }
        return Sql.join(
                        " UNION ALL ",
                        driver.scans()
                                .map(scan -> entries(tenant, scan, Optional.empty(), Optional.empty(), cap)
                                        .parenthesized())
                                .toList())
                .append(" LIMIT ?::int", cap);
    }

    /** Whether an attribute has text that its key cuts off. */
    static Sql hasLongText(long tenant, int attributeId) {
        return Sql.of("""
                SELECT EXISTS (SELECT FROM entity_attribute p WHERE p.tenant_id = ?::bigint AND p.attribute_id = ?::int
                    AND p.value_text_key IS NOT NULL AND char_length(p.value_text) > 500)""", tenant, attributeId);
    }

    /**
     * Puts before each row of a statement whether this source's pivot holds all of these attributes; one row without an
     * entity when it does not. In one statement, hence of one moment: a replica may not have come to the change that
     * made an attribute filterable. The one row on the left leaves the order of the rows on the right as it is.
     */
    static Sql guarded(long tenant, Collection<Integer> attributes, Sql page) {
        return Sql.of(
                        "SELECT r.*, g.ok FROM (SELECT count(*) = ?::int AS ok FROM attr_type a WHERE a.tenant_id = ?::bigint"
                                + " AND a.attribute_id = ANY (?::int[]) AND a.pivot_state = 'ready') g LEFT JOIN LATERAL (",
                        attributes.size(),
                        tenant,
                        new Sql.ArrayOf("int4", List.copyOf(attributes)))
                .append(page)
                .append(") r ON g.ok");
    }
}
