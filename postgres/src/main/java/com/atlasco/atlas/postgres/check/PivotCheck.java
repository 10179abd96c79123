package com.atlasco.atlas.postgres.check;

import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.Map;

/**
 * Compares the pivot with the documents it is derived from, over all tenants and in one snapshot, by SQL alone: which
 * values of attributes that are in the pivot have no row, and which rows no document accounts for. Attributes that are just
 * being filled or emptied are left out: of them either may be there. Rows are compared with their
 * number, so one too many is found. Reads both tables as a whole.
 */
public final class PivotCheck {

    // The values of attributes in the pivot that the documents hold, and the rows of the pivot, as (place, value); the
    // first
    // %s is the type of the JSON value, the others make both sides comparable.
    private static final String COMPARE = """
            WITH expected AS MATERIALIZED (
                SELECT e.tenant_id, a.attribute_id, e.entity_id, %2$s AS value
                FROM entity e
                CROSS JOIN LATERAL jsonb_each(e.document) v (key, value)
                JOIN attr_type a ON a.tenant_id = e.tenant_id AND a.attribute_id = v.key::integer
                    AND a.pivot_state = 'ready'
                WHERE %1$s
            ), actual AS MATERIALIZED (
                SELECT p.tenant_id, p.attribute_id, p.entity_id, %3$s AS value
                FROM entity_attribute p
                LEFT JOIN attr_type a ON a.tenant_id = p.tenant_id AND a.attribute_id = p.attribute_id
                WHERE p.%4$s IS NOT NULL AND coalesce(a.pivot_state, 'none') NOT IN ('filling', 'emptying')
            )
            SELECT (SELECT count(*) FROM expected),
                   (SELECT count(*) FROM (SELECT * FROM expected EXCEPT ALL SELECT * FROM actual) missing),
                   (SELECT count(*) FROM (SELECT * FROM actual EXCEPT ALL SELECT * FROM expected) surplus)""";

    // A value of an attribute that is not registered could not be compared with anything.
    private static final String UNREGISTERED = """
            SELECT count(*) FROM entity e
            CROSS JOIN LATERAL jsonb_object_keys(e.document) k (key)
            LEFT JOIN attr_type a ON a.tenant_id = e.tenant_id AND a.attribute_id = k.key::integer
            WHERE a.attribute_id IS NULL""";

    private PivotCheck() {}

    /**
     * What was found for one type.
     *
     * @param values in documents, of attributes that are in the pivot
     * @param missing values without a row
     * @param surplus rows that no document accounts for
     */
    public record Counts(long values, long missing, long surplus) {}

    /**
     * What was found.
     *
     * @param unregistered values in documents whose attribute does not exist
     */
    public record Report(Map<DataType, Counts> byType, long unregistered) {

        public Report {
            byType = Map.copyOf(byType);
        }

        public long missing() {
            return byType.values().stream().mapToLong(Counts::missing).sum();
        }

        public long surplus() {
            return byType.values().stream().mapToLong(Counts::surplus).sum();
        }

        public long values() {
            return byType.values().stream().mapToLong(Counts::values).sum();
        }

        /** Whether pivot and documents say the same. */
        public boolean isEqual() {
            return missing() + surplus() + unregistered == 0;
        }
    }

    /**
     * Checks a server, a primary or a replica.
     *
     * @param user a role with BYPASSRLS; any other is refused by the server
     * @throws com.atlasco.atlas.model.AtlasException {@code source_unavailable} when the server cannot be asked
     */
    public static Report run(String jdbcUrl, String user, String password) {
        try (Connection connection = DriverManager.getConnection(jdbcUrl, user, password)) {
            return run(connection);
        } catch (SQLException failure) {
            throw Problem.of(ErrorCode.SOURCE_UNAVAILABLE, "the tables could not be compared: " + failure.getMessage())
                    .asException(failure);
        }
    }

    private static Report run(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // Rather fail than compare what little one tenant may see.
            statement.execute("SET row_security = off");
            statement.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
            Map<DataType, Counts> byType = new EnumMap<>(DataType.class);
            for (DataType type : DataType.values()) {
                try (ResultSet row = statement.executeQuery(comparison(type))) {
                    row.next();
                    byType.put(type, new Counts(row.getLong(1), row.getLong(2), row.getLong(3)));
                }
            }
            long unregistered;
            try (ResultSet row = statement.executeQuery(UNREGISTERED)) {
                row.next();
                unregistered = row.getLong(1);
            }
            statement.execute("COMMIT");
            return new Report(byType, unregistered);
        }
    }

    private static String comparison(DataType type) {
        return switch (type) {
            case NUMBER ->
                COMPARE.formatted(
                        "jsonb_typeof(v.value) = 'number'",
                        "(v.value #>> '{}')::double precision",
                        "p.value_number",
                        "value_number");
            case TEXT ->
                COMPARE.formatted(
                        "jsonb_typeof(v.value) = 'string'",
                        "(v.value #>> '{}') COLLATE \"C\"",
                        "p.value_text",
                        "value_text");
            case BOOL ->
                COMPARE.formatted(
                        "jsonb_typeof(v.value) = 'boolean'",
                        "(v.value #>> '{}')::boolean",
                        "p.value_bool",
                        "value_bool");
            case TS ->
                COMPARE.formatted(
                        "jsonb_typeof(v.value) = 'object' AND v.value ? 'ts'",
                        "(v.value ->> 'ts')::bigint",
                        "(extract(epoch FROM p.value_ts) * 1000000)::bigint",
                        "value_ts");
            case JSON ->
                COMPARE.formatted(
                        "jsonb_typeof(v.value) = 'object' AND v.value ? 'json'",
                        "v.value -> 'json'",
                        "p.value_jsonb",
                        "value_jsonb");
        };
    }
}
