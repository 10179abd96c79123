package com.atlasco.atlas.postgres.registry;

import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.Session;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The SQL that fills and empties the pivot of one attribute, a part at a time. */
final class PivotRows {

    // Two limits, not one: an aggregate over no rows is NULL.
    private static final String RANGE = """
            SELECT max(e.entity_id), count(*)
            FROM (SELECT entity_id FROM entity WHERE tenant_id = ? AND entity_id > ? ORDER BY entity_id LIMIT ?) e""";

    private PivotRows() {}

    /** Entities in the order of their ids: the last one's id, and how many there are. */
    record Range(long end, long entities) {}

    /** The next entities after this one; empty when there are none. */
    static Optional<Range> next(Session session, TenantId tenant, long after, int limit) throws SQLException {
        try (PreparedStatement statement = session.prepare(RANGE)) {
            statement.setLong(1, tenant.value());
            statement.setLong(2, after);
            statement.setInt(3, limit);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                long entities = row.getLong(2);
                return entities == 0 ? Optional.empty() : Optional.of(new Range(row.getLong(1), entities));
            }
        }
    }

    /**
     * Adds the rows of a range of entities that are not there. Writers keep the rows of this attribute, too; an entity's
     * row is locked while its row in the pivot is looked for and added, so each value gets one row and no value two.
     *
     * <p>An entity that a writer deletes and creates anew in one transaction, its value unchanged, is a row that the
     * statement that locks cannot see and for which the writer need not touch the pivot. Hence the look again, which
     * mostly finds nothing.
     */
    static void fill(Session session, TenantId tenant, AttributeType type, long after, long end) throws SQLException {
        for (List<Long> ids = lockMissing(session, tenant, type, after, end);
                !ids.isEmpty();
                ids = lockMissing(session, tenant, type, after, end)) {
            // A statement of its own sees what those wrote for whom the locks waited.
            try (PreparedStatement statement = session.prepare("""
                    INSERT INTO entity_attribute (tenant_id, attribute_id, entity_id, %s)
                    SELECT e.tenant_id, a.id, e.entity_id, %s
                    FROM %s JOIN entity e ON e.tenant_id = ? AND e.entity_id = ANY (?)
                    WHERE %s""".formatted(
                            column(type.dataType()), value(type.dataType()), ATTRIBUTE, missing(type.dataType())))) {
                statement.setInt(1, type.attributeId());
                statement.setLong(2, tenant.value());
                statement.setArray(3, session.connection().createArrayOf("int8", ids.toArray()));
                statement.executeUpdate();
            }
        }
    }

    private static List<Long> lockMissing(Session session, TenantId tenant, AttributeType type, long after, long end)
            throws SQLException {
        // In the order of entity_id, as every writer locks.
        try (PreparedStatement statement = session.prepare("""
                SELECT e.entity_id
                FROM %s JOIN entity e ON e.tenant_id = ? AND e.entity_id > ? AND e.entity_id <= ?
                WHERE %s
                ORDER BY e.entity_id FOR UPDATE OF e""".formatted(ATTRIBUTE, missing(type.dataType())))) {
            statement.setInt(1, type.attributeId());
            statement.setLong(2, tenant.value());
            statement.setLong(3, after);
            statement.setLong(4, end);
            List<Long> ids = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    ids.add(rows.getLong(1));
                }
            }
            return ids;
        }
    }

    private static final String ATTRIBUTE = "(SELECT id, id::text AS key FROM (SELECT ?::int AS id) i) a";

    /** The entity has a value and the pivot no row of it; a count, so that the planner looks row by row and never joins. */
    private static String missing(DataType dataType) {
        return """
                jsonb_exists(e.document, a.key)
                    AND 0 = (SELECT count(*) FROM entity_attribute p
                             WHERE p.tenant_id = e.tenant_id AND p.attribute_id = a.id AND p.entity_id = e.entity_id
                               AND %s)""".formatted(
                        switch (dataType) {
                            case NUMBER, TS, BOOL -> "p." + column(dataType) + " = " + value(dataType);
                            case TEXT -> "p.value_text_key = left(" + value(dataType) + ", 500) COLLATE \"C\"";
                            case JSON -> "p.value_jsonb IS NOT NULL";
                        });
    }

    /** Where the emptying of an attribute has come to in its index; the key is empty where the index has none. */
    record Place(Optional<String> key, long entityId) {}

    /** Rows that were removed: how many, and the place of the last one. */
    record Removed(long rows, Place last) {}

    /** Removes rows in the order of their index, from a place on; empty when there are none. */
    static Optional<Removed> empty(
            Session session, TenantId tenant, AttributeType type, Optional<Place> from, int limit) throws SQLException {
        boolean keyed = type.dataType() != DataType.JSON;
        String key = switch (type.dataType()) {
            case TEXT -> "value_text_key";
            case NUMBER, TS, BOOL, JSON -> column(type.dataType());
        };
        String place = keyed ? "p." + key + ", p.entity_id" : "p.entity_id";
        String beyond = from.isEmpty()
                ? ""
                : keyed
                        ? " AND (" + place + ") >= (?::" + keyType(type.dataType()) + ", ?::bigint)"
                        : " AND p.entity_id >= ?::bigint";
        // By their places in the one partition that the attribute lies in: that nobody but this job writes them, the
        // state of the attribute says. Rows already removed are not walked over again: each part begins where the last
        // one ended.
        try (PreparedStatement statement =
                session.prepare("""
                WITH doomed AS MATERIALIZED (
                    SELECT p.ctid AS place, %s AS key, p.entity_id FROM entity_attribute p
                    WHERE p.tenant_id = ? AND p.attribute_id = ? AND p.%s IS NOT NULL%s
                    ORDER BY %s LIMIT ?),
                gone AS (
                    DELETE FROM entity_attribute p
                    WHERE p.tenant_id = ? AND p.attribute_id = ? AND p.ctid = ANY (ARRAY(SELECT place FROM doomed)))
                SELECT d.key::text, d.entity_id, count(*) OVER ()
                FROM doomed d ORDER BY d.key DESC, d.entity_id DESC LIMIT 1""".formatted(keyed ? "p." + key : "NULL::text", key, beyond, place))) {
            int index = 1;
            statement.setLong(index++, tenant.value());
            statement.setInt(index++, type.attributeId());
            if (from.isPresent()) {
                if (from.get().key().isPresent()) {
                    statement.setString(index++, from.get().key().get());
                }
                statement.setLong(index++, from.get().entityId());
            }
            statement.setInt(index++, limit);
            statement.setLong(index++, tenant.value());
            statement.setInt(index, type.attributeId());
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new Removed(
                                row.getLong(3), new Place(Optional.ofNullable(row.getString(1)), row.getLong(2))))
                        : Optional.empty();
            }
        }
    }

    private static String keyType(DataType dataType) {
        return switch (dataType) {
            case NUMBER -> "float8";
            case TEXT, JSON -> "text";
            case TS -> "timestamptz";
            case BOOL -> "boolean";
        };
    }

    private static String column(DataType dataType) {
        return switch (dataType) {
            case NUMBER -> "value_number";
            case TEXT -> "value_text";
            case TS -> "value_ts";
            case BOOL -> "value_bool";
            case JSON -> "value_jsonb";
        };
    }

    private static String value(DataType dataType) {
        return switch (dataType) {
            case NUMBER -> "(e.document -> a.key)::float8";
            case TEXT -> "(e.document ->> a.key)";
            // Whole seconds and microseconds apart: an interval times a number is computed in doubles.
            case TS -> """
                    (to_timestamp(div((e.document -> a.key ->> 'ts')::numeric, 1000000)::float8)
                        + make_interval(secs => mod((e.document -> a.key ->> 'ts')::numeric, 1000000)::float8 / 1000000))""";
            case BOOL -> "(e.document -> a.key)::boolean";
            case JSON -> "e.document -> a.key -> 'json'";
        };
    }
}
