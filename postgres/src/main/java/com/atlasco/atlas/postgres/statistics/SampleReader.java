package com.atlasco.atlas.postgres.statistics;

import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.Session;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a column's values: all of them where they are few, else those on pages of the table that are chosen at random. How
 * many values and how many pages are read is bounded, however large the table is.
 */
final class SampleReader {

    /** So many values are read whole, and about so many are sampled. */
    static final int VALUES = 100_000;
    /** 160 MB of the largest part of a table. */
    private static final int PAGES = 20_000;

    private final Session session;
    private final TenantId tenant;
    private final int values;

    /**
     * A reader.
     *
     * @param values how many values are few
     */
    SampleReader(Session session, TenantId tenant, int values) {
        this.session = session;
        this.tenant = tenant;
        this.values = values;
    }

    /**
     * What was read.
     *
     * @param rows how many rows there are
     */
    record Sample<K>(List<K> keys, double rows) {}

    /** Where a column's values are; the table goes by the name p. */
    private record Place(String table, String key, String condition, long rowsFor) {}

    <K> Sample<K> read(Column column, Axis<K> axis) throws SQLException {
        Place place = place(column);
        String rows = " FROM " + place.table() + " p%s WHERE p.tenant_id = " + tenant.value() + place.condition();
        long counted = number("SELECT count(*) FROM (SELECT" + rows.formatted("") + " LIMIT " + (values + 1) + ") x");
        if (counted <= values) {
            List<K> all = keys("SELECT " + place.key() + rows.formatted("") + " LIMIT " + 2 * values, axis);
            return new Sample<>(all, (double) all.size());
        }
        double estimated = (double) number("SELECT atlas_estimate_rows(%d, %s)"
                .formatted(tenant.value(), place.rowsFor() < 0 ? "NULL" : Long.toString(place.rowsFor())));
        double pages = (double) number("""
                SELECT greatest(max(c.relpages), 1) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                WHERE i.inhparent = '%s'::regclass""".formatted(place.table()));
        double share = Math.min(1, Math.min(PAGES / pages, values / Math.max(estimated, 1)));
        while (true) {
            String sampled = rows.formatted(" TABLESAMPLE SYSTEM (%s) REPEATABLE (%d)"
                    .formatted(Double.toString(100 * share), place.rowsFor()));
            List<K> keys = keys("SELECT " + place.key() + sampled + " LIMIT " + 4 * values, axis);
            if (keys.size() < 4 * values) {
                return new Sample<>(keys, Math.max((double) counted, keys.size() / share));
            }
            // The estimate was far too low.
            share /= 8;
        }
    }

    private static Place place(Column column) {
        return switch (column) {
            case Column.Intrinsic.ENTITY_TYPE -> new Place("entity", "p.entity_type", "", -1);
            case Column.Intrinsic.ENTITY_ID -> new Place("entity", "p.entity_id::float8", "", -1);
            case Column.Attribute(int attributeId, var dataType) -> {
                String value = switch (dataType) {
                    case NUMBER -> "p.value_number";
                    case TEXT -> "p.value_text_key";
                    case TS -> "p.value_ts";
                    case BOOL -> "p.value_bool";
                    case JSON -> throw new IllegalArgumentException("JSON values have no order");
                };
                String key = switch (dataType) {
                    case TS -> "(extract(epoch FROM p.value_ts) * 1000000)::float8";
                    case BOOL -> "p.value_bool::int::float8";
                    default -> value;
                };
                yield new Place(
                        "entity_attribute",
                        key,
                        " AND p.attribute_id = %d AND %s IS NOT NULL".formatted(attributeId, value),
                        attributeId);
            }
        };
    }

    private long number(String sql) throws SQLException {
        try (PreparedStatement statement = session.prepare(sql);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private <K> List<K> keys(String sql, Axis<K> axis) throws SQLException {
        List<K> keys = new ArrayList<>();
        try (PreparedStatement statement = session.prepare(sql);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                keys.add(axis.read(row));
            }
        }
        return keys;
    }
}
