package com.atlasco.atlas.postgres.check;

import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.Session;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Compares documents and pivot a part at a time: from the documents to the pivot, by the ids of entities, for values
 * without a row; and from the pivot to the documents, in the order of its indexes, for rows that no document accounts for,
 * those of entities that are gone among them. Each part is one statement: it sees documents, rows and the state of the
 * attribute as of one moment, and writers change them in one transaction, so what differs is wrong. Attributes that are
 * being filled or emptied are passed over. Thread-safe.
 */
public final class PivotComparison {

    private static final int SHOWN = 200;

    /** How many rows of the pivot hold this value of a document; -1 for one of no known type. */
    private static final String ROWS_OF_VALUE = PivotColumn.all().stream()
            .map(column -> """
                    WHEN %s THEN (SELECT count(*) FROM entity_attribute p
                        WHERE p.tenant_id = x.tenant_id AND p.attribute_id = x.attribute_id AND p.entity_id = x.entity_id
                            AND %s)""".formatted(column.isOfType("x.stored"), column.rowHas(column.typed("x.stored"))))
            .collect(Collectors.joining("\n", "CASE ", " ELSE -1 END"));

    // Counts, not EXISTS, so that the planner looks row by row and never joins.
    private static final String WITHOUT_ROW = """
            SELECT y.entity_id, y.attribute_id, left(y.stored::text, %1$d), y.registered
            FROM (
                SELECT x.*, CASE WHEN x.registered THEN %2$s ELSE -1 END AS row_count
                FROM (
                    SELECT e.tenant_id, e.entity_id, v.key::integer AS attribute_id, v.value AS stored,
                        a.attribute_id IS NOT NULL AS registered
                    FROM entity e
                    CROSS JOIN LATERAL jsonb_each(e.document) v
                    LEFT JOIN attr_type a ON a.tenant_id = e.tenant_id AND a.attribute_id = v.key::integer
                    WHERE e.tenant_id = ? AND e.entity_id > ? AND e.entity_id <= ?
                        AND coalesce(a.pivot_state, 'ready') = 'ready'
                    OFFSET 0) x
                OFFSET 0) y
            WHERE y.row_count <= 0""".formatted(SHOWN, ROWS_OF_VALUE);

    private final CheckedServer primary;

    public PivotComparison(CheckedServer primary) {
        this.primary = primary;
    }

    /** A part of the pivot: the values of one type of one attribute. */
    public record Slice(int attributeId, DataType dataType) {}

    /** A place in a slice. */
    public record Place(String key, long entityId) {}

    /**
     * What a part of a slice was like.
     *
     * @param next where to go on; empty at the slice's end
     */
    public record Part(long rows, List<PivotFault> faults, Optional<Place> next) {}

    /** The values of a range of entities that have no row, {@code MISSING} or {@code UNREGISTERED}. */
    public List<PivotFault> valuesWithoutRow(TenantId tenant, Range range) {
        return primary.run(session -> {
            List<PivotFault> faults = new ArrayList<>();
            try (PreparedStatement statement = session.prepare(WITHOUT_ROW)) {
                statement.setLong(1, tenant.value());
                statement.setLong(2, range.after());
                statement.setLong(3, range.through());
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        faults.add(new PivotFault(
                                rows.getBoolean(4) ? PivotFault.Kind.MISSING : PivotFault.Kind.UNREGISTERED,
                                rows.getLong(1),
                                rows.getInt(2),
                                Optional.of(rows.getString(3)),
                                Optional.empty()));
                    }
                }
            }
            return faults;
        });
    }

    /** All slices of which a tenant has rows. */
    public List<Slice> slices(TenantId tenant) {
        return primary.run(session -> {
            List<Slice> slices = new ArrayList<>();
            for (PivotColumn column : PivotColumn.all()) {
                try (PreparedStatement statement = session.prepare("""
            WITH RECURSIVE slice AS (
                (SELECT attribute_id FROM entity_attribute WHERE tenant_id = ? AND %1$s IS NOT NULL
                 ORDER BY attribute_id LIMIT 1)
                UNION ALL
                SELECT (SELECT p.attribute_id FROM entity_attribute p
                        WHERE p.tenant_id = ? AND p.%1$s IS NOT NULL AND p.attribute_id > s.attribute_id
                        ORDER BY p.attribute_id LIMIT 1)
                FROM slice s WHERE s.attribute_id IS NOT NULL)
            SELECT attribute_id FROM slice WHERE attribute_id IS NOT NULL""".formatted(column.key()))) {
                    statement.setLong(1, tenant.value());
                    statement.setLong(2, tenant.value());
                    for (long attributeId : CheckedServer.longs(statement)) {
                        slices.add(new Slice(Math.toIntExact(attributeId), column.dataType()));
                    }
                }
            }
            return slices;
        });
    }

    /**
     * The rows from a place on that no document accounts for.
     *
     * @param limit how many rows to look at, from 1; somewhat more where several are of one place
     */
    public Part unaccounted(TenantId tenant, Slice slice, Optional<Place> from, int limit) {
        Order order = new Order(PivotColumn.of(slice.dataType()));
        return primary.run(session -> read(session, tenant, slice, order, from, limit));
    }

    /** As {@link #unaccounted}, but the rows are only counted. */
    public Part skip(TenantId tenant, Slice slice, Optional<Place> from, int limit) {
        Order order = new Order(PivotColumn.of(slice.dataType()));
        String sql = """
            SELECT last.count, last.entity_id, last.key::text
            FROM (SELECT key, entity_id, count(*) OVER () AS count
                  FROM (SELECT p.%1$s AS key, p.entity_id FROM entity_attribute p
                        WHERE p.tenant_id = ? AND p.attribute_id = ? AND p.%1$s IS NOT NULL%2$s
                        ORDER BY %3$s FETCH FIRST ? ROWS WITH TIES) p
                  ORDER BY %4$s LIMIT 1) last""".formatted(order.column.key(), order.beyond(from), order.forwards(), order.backwards());
        return primary.run(session -> {
            try (PreparedStatement statement = session.prepare(sql)) {
                bindPart(statement, 1, tenant, slice, order, from, limit);
                try (ResultSet rows = statement.executeQuery()) {
                    return part(rows, slice, limit);
                }
            }
        });
    }

    /** In which order a slice is read: that of its index. */
    private record Order(PivotColumn column) {

        String forwards() {
            return column.keyed() ? "p." + column.key() + ", p.entity_id" : "p.entity_id";
        }

        String backwards() {
            return column.keyed() ? "p.key DESC, p.entity_id DESC" : "p.entity_id DESC";
        }

        String beyond(Optional<Place> from) {
            if (from.isEmpty()) {
                return "";
            }
            return column.keyed()
                    ? " AND (" + forwards() + ") > (?::" + column.keyType() + ", ?::bigint)"
                    : " AND p.entity_id > ?::bigint";
        }
    }

    private static int bindPart(
            PreparedStatement statement,
            int first,
            TenantId tenant,
            Slice slice,
            Order order,
            Optional<Place> from,
            int limit)
            throws SQLException {
        int index = first;
        statement.setLong(index++, tenant.value());
        statement.setInt(index++, slice.attributeId());
        if (from.isPresent()) {
            if (order.column.keyed()) {
                statement.setString(index++, from.get().key());
            }
            statement.setLong(index++, from.get().entityId());
        }
        statement.setInt(index++, limit);
        return index;
    }

    private static Part read(
            Session session, TenantId tenant, Slice slice, Order order, Optional<Place> from, int limit)
            throws SQLException {
        // With ties: a row that is there twice is seen in one part.
        String sql = """
            WITH state AS MATERIALIZED (
                SELECT coalesce((SELECT pivot_state FROM attr_type WHERE tenant_id = ? AND attribute_id = ?), 'none')
                    AS name),
            part AS MATERIALIZED (
                SELECT p.%1$s AS key, p.%2$s AS value, p.entity_id
                FROM entity_attribute p
                WHERE p.tenant_id = ? AND p.attribute_id = ? AND p.%1$s IS NOT NULL%3$s
                ORDER BY %4$s FETCH FIRST ? ROWS WITH TIES),
            judged AS MATERIALIZED (
                SELECT n.key, n.value, n.nth, n.entity_id, ?::bigint AS tenant_id, ?::integer AS attribute_id,
                    e.entity_id IS NOT NULL AS present, e.document -> ?::text AS stored
                FROM (SELECT key, value, entity_id, row_number() OVER (PARTITION BY entity_id, value) AS nth
                      FROM part) n
                LEFT JOIN entity e ON e.tenant_id = ? AND e.entity_id = n.entity_id)
            SELECT 0, x.entity_id, left(x.key::text, 500), left(x.value::text, %5$d), left(x.stored::text, %5$d),
                x.present, state.name, CASE WHEN x.stored IS NULL THEN 0 ELSE %6$s END
            FROM judged x CROSS JOIN state
            WHERE state.name NOT IN ('filling', 'emptying')
                AND NOT (state.name = 'ready' AND x.nth = 1 AND coalesce(%7$s = x.value, false))
            UNION ALL
            SELECT last.count, last.entity_id, last.key::text, NULL, NULL, NULL, NULL, NULL
            FROM (SELECT key, entity_id, count(*) OVER () AS count FROM part p ORDER BY %8$s LIMIT 1) last""".formatted(
                        order.column.key(),
                        order.column.column(),
                        order.beyond(from),
                        order.forwards(),
                        SHOWN,
                        ROWS_OF_VALUE,
                        order.column.typedOrNull("x.stored"),
                        order.backwards());
        try (PreparedStatement statement = session.prepare(sql)) {
            statement.setLong(1, tenant.value());
            statement.setInt(2, slice.attributeId());
            int index = bindPart(statement, 3, tenant, slice, order, from, limit);
            statement.setLong(index++, tenant.value());
            statement.setInt(index++, slice.attributeId());
            statement.setString(index++, Integer.toString(slice.attributeId()));
            statement.setLong(index, tenant.value());
            try (ResultSet rows = statement.executeQuery()) {
                return part(rows, slice, limit);
            }
        }
    }

    private static Part part(ResultSet rows, Slice slice, int limit) throws SQLException {
        List<PivotFault> faults = new ArrayList<>();
        long seen = 0;
        Optional<Place> last = Optional.empty();
        while (rows.next()) {
            if (rows.getLong(1) > 0) {
                seen = rows.getLong(1);
                last = Optional.of(new Place(rows.getString(3), rows.getLong(2)));
            } else {
                faults.add(fault(rows, slice));
            }
        }
        return new Part(seen, faults, seen < limit ? Optional.empty() : last);
    }

    private static PivotFault fault(ResultSet row, Slice slice) throws SQLException {
        Optional<String> stored = Optional.ofNullable(row.getString(5));
        boolean present = row.getBoolean(6);
        boolean ready = row.getString(7).equals("ready");
        boolean valueHasRow = row.getLong(8) > 0;
        PivotFault.Kind kind = !present
                ? PivotFault.Kind.GONE
                : ready && stored.isPresent() && !valueHasRow ? PivotFault.Kind.STALE : PivotFault.Kind.SURPLUS;
        return new PivotFault(
                kind,
                row.getLong(2),
                slice.attributeId(),
                stored,
                Optional.of(new PivotFault.Row(slice.dataType(), row.getString(3), row.getString(4))));
    }
}
