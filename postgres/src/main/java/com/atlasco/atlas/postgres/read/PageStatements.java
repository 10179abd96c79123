package com.atlasco.atlas.postgres.read;

import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.query.Cursor;
import com.atlasco.atlas.query.SortKey;
import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.query.filter.Property;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

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

    /**
     * The first rows of one window of a walk.
     *
     * @param within only these entities
     */
    static Sql window(
            long tenant,
            Walk walk,
            Optional<Gather> within,
            Optional<Walk.Place> after,
            int size,
            Filter filter,
            int limit) {
        if (walk instanceof Walk.Entities entities) {
            return Sql.of("SELECT " + EntityRows.COLUMNS + " FROM (")
                    .append(entities.rows(tenant, after, size))
                    .append(") e WHERE ")
                    .append(DocumentPredicate.of(filter))
                    .append(" ORDER BY " + walk.order("e") + " LIMIT ?::int", limit);
        }
        Sql candidates = walk.window(tenant, after, size);
        if (within.isPresent()) {
            // Around the condition something that keeps it from becoming a join: the ids are hashed once, and the walk
            // asks them one by one. The window counts the entries that were looked at.
            candidates = Sql.of("SELECT w.* FROM (")
                    .append(candidates)
                    .append(") w WHERE (w.entity_id IN (")
                    .append(within.get().entityIds(tenant, new Sql()))
                    .append(")) IS TRUE ORDER BY " + walk.order("w"));
        }
        return Sql.of("SELECT " + EntityRows.COLUMNS)
                .append(recheck(tenant, candidates, filter))
                .append(" ORDER BY " + walk.order("k") + " LIMIT ?::int", limit);
    }

    /** The last entry of a window; no row when the window was not full, which is the end of the walk. */
    static Sql windowEnd(long tenant, Walk walk, Optional<Walk.Place> after, int size) {
        return Sql.of("SELECT * FROM (")
                .append(walk.window(tenant, after, size))
                .append(") k OFFSET ?::int", size - 1);
    }

    /**
     * A walk's first page and, when it is not full, one row more: by the name {@code ended}, whether there is no entry
     * behind the window. It is asked only then, and sees what the page saw.
     */
    static Sql withEnd(Sql page, Sql windowEnd, int wanted) {
        return Sql.of("WITH page AS MATERIALIZED (")
                .append(page)
                .append(
                        ") SELECT x.*, NULL::boolean AS ended FROM page x UNION ALL (SELECT NULL, NULL, NULL, NULL, NULL,"
                                + " x.ready, x.plain, x.few, NOT EXISTS (")
                .append(windowEnd)
                .append(") FROM page x WHERE (SELECT count(x.entity_id) FROM page x) < ?::int LIMIT 1)", wanted);
    }

    /** All of a tenant's rows that a filter keeps, sorted. */
    static Sql everything(long tenant, Filter filter, List<SortKey> sort, Optional<Cursor> after, int limit) {
        Sql sql = Sql.of("SELECT " + EntityRows.COLUMNS + " FROM entity e WHERE e.tenant_id = ?::bigint AND ", tenant)
                .append(DocumentPredicate.of(filter));
        after.ifPresent(cursor -> sql.append(" AND ").append(beyond(sort, cursor)));
        return sql.append(" ORDER BY ").append(order(sort)).append(" LIMIT ?::int", limit);
    }

    /**
     * The rows that a gathering leads to, in the order of entity_id: the ids are sorted, and documents looked up until the
     * page is full.
     */
    static Sql gatheredById(
            long tenant, Gather gather, Filter filter, boolean descending, Optional<Walk.Place> after, int limit) {
        String direction = descending ? " DESC" : "";
        Sql beyond = after.map(place ->
                        Sql.of(" AND p.entity_id" + (descending ? " < " : " > ") + "?::bigint", place.entityId()))
                .orElseGet(Sql::new);
        Sql ids = Sql.of("SELECT u.entity_id FROM (")
                .append(gather.entityIds(tenant, beyond))
                .append(" OFFSET 0) u ORDER BY u.entity_id" + direction);
        if (filter.equals(Filter.ALL)) {
            ids.append(" LIMIT ?::int", limit);
        }
        return Sql.of("SELECT " + EntityRows.COLUMNS)
                .append(recheck(tenant, ids, filter))
                .append(" ORDER BY k.entity_id" + direction + " LIMIT ?::int", limit);
    }

    /** The ids of a gathering, at most so many: what {@link #gatheredSorted} reads. */
    static Sql gathered(long tenant, Gather gather, int most) {
        return gather.entityIds(tenant, new Sql()).append(" LIMIT ?::int", most);
    }

    /** The rows that the ids in the table {@code ids} lead to, sorted. */
    static Sql gatheredSorted(long tenant, Filter filter, List<SortKey> sort, Optional<Cursor> after, int limit) {
        Sql sql = Sql.of("SELECT " + EntityRows.COLUMNS)
                .append(recheck(tenant, Sql.of("SELECT i.entity_id FROM ids i ORDER BY i.entity_id"), filter))
                .append(" WHERE true");
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
            long tenant, List<Driver> drivers, Optional<Boolean> byIdDescending, Optional<Walk.Place> after, int cap) {
        Sql sql = new Sql();
        for (int i = 0; i < drivers.size(); i++) {
            sql.append(i == 0 ? "" : " UNION ALL ")
                    .append("SELECT ?::int, count(*), ", i)
                    .append(byIdDescending.orElse(false) ? "min" : "max")
                    .append("(x.entity_id) FROM (")
                    .append(entries(tenant, drivers.get(i), byIdDescending, after, cap))
                    .append(") x");
        }
        return sql;
    }

    private static Sql entries(
            long tenant, Driver driver, Optional<Boolean> byIdDescending, Optional<Walk.Place> after, int cap) {
        if (driver instanceof Driver.Scan scan) {
            List<Driver.Scan> values = scan.singleValues();
            if (!values.isEmpty()) {
                return new Walk.ById(values, byIdDescending.orElse(false)).window(tenant, after, cap);
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

    /**
     * What has to be true of the moment that a page is read at, asked in the page's own statement.
     *
     * @param pivoted the attributes that the source's pivot has to hold: a replica may not have come to the change that
     *     made one filterable
     * @param shortText the attribute that may have no text that its key cuts off
     * @param most how many ids the table {@code ids} has to have fewer than
     */
    record Guard(Collection<Integer> pivoted, OptionalInt shortText, OptionalInt most) {}

    /**
     * Puts before each row of a page, as {@code ready}, {@code plain} and {@code few}, whether what guards it is true; one
     * row without an entity when it is not, or when there are no rows. The one row on the left leaves the order of those on
     * the right as it is.
     *
     * @param ids what the table {@code ids} has
     * @param columns of the page, which goes by the name r
     */
    static Sql guarded(long tenant, Guard guard, Optional<Sql> ids, Sql page, String columns) {
        Sql sql = new Sql();
        ids.ifPresent(
                found -> sql.append("WITH ids AS MATERIALIZED (").append(found).append(") "));
        sql.append("SELECT " + columns + ", g.ready, g.plain, g.few FROM (SELECT ");
        if (guard.pivoted().isEmpty()) {
            sql.append("true");
        } else {
            sql.append(
                    "(SELECT count(*) = ?::int FROM attr_type a WHERE a.tenant_id = ?::bigint"
                            + " AND a.attribute_id = ANY (?::int[]) AND a.pivot_state = 'ready')",
                    guard.pivoted().size(),
                    tenant,
                    new Sql.ArrayOf("int4", List.copyOf(guard.pivoted())));
        }
        sql.append(" AS ready, ");
        if (guard.shortText().isPresent()) {
            sql.append(
                    "NOT atlas_has_long_text(?::bigint, ?::int)",
                    tenant,
                    guard.shortText().getAsInt());
        } else {
            sql.append("true");
        }
        sql.append(" AS plain, ");
        if (guard.most().isPresent()) {
            sql.append("(SELECT count(*) FROM ids) < ?::int", guard.most().getAsInt());
        } else {
            sql.append("true");
        }
        return sql.append(" AS few OFFSET 0) g LEFT JOIN LATERAL (SELECT x.* FROM (")
                .append(page)
                .append(" OFFSET 0) x WHERE g.ready AND g.plain AND g.few) r ON true");
    }
}
