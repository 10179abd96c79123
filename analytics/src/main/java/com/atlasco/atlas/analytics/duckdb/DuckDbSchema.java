package com.atlasco.atlas.analytics.duckdb;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The tables. None has a key or an index: DuckDB maintains one per row, which made an upsert of 5,000 rows fourteen
 * times slower.
 */
final class DuckDbSchema {

    /** Raised when the tables change; a file of another version has to be filled afresh from a snapshot. */
    static final int VERSION = 4;

    static final List<String> TABLES = List.of(
            "entity",
            "history",
            "history_start",
            "attribute_type",
            "promoted",
            "watermark",
            "heartbeat",
            "snapshot",
            "snapshot_part",
            "snapshot_seen",
            "snapshot_unsettled",
            "snapshot_row");

    /** The columns that every row of {@code entity} has before its maps and slots. */
    static final String ENTITY_HEAD =
            "tenant_id, entity_id, entity_type, version, updated_at, commit_lsn, commit_ordinal";

    /** The maps of {@code entity}, by data type in the order of {@link com.atlasco.atlas.model.DataType}. */
    static final String ENTITY_MAPS = "numbers, texts, timestamps, booleans, jsons";

    private static final List<String> STATEMENTS = List.of(
            "CREATE TABLE atlas_schema (version INTEGER NOT NULL)",
            "INSERT INTO atlas_schema VALUES (" + VERSION + ")",
            // The maps hold all values; the slots added later repeat those of promoted attributes. Timestamps are
            // microseconds since the epoch in maps, for the appender, and TIMESTAMP in columns. No map is NULL's
            // way of having no values.
            rows("CREATE TABLE entity"),
            // A row per changed attribute; one whose attribute_id is NULL for a change that changed none, and, marked
            // as removed, for a deletion.
            """
            CREATE TABLE history (
                tenant_id BIGINT NOT NULL,
                entity_id BIGINT NOT NULL,
                attribute_id INTEGER,
                entity_type VARCHAR,
                version BIGINT,
                commit_lsn UBIGINT NOT NULL,
                commit_ordinal BIGINT NOT NULL,
                committed_at TIMESTAMP NOT NULL,
                updated_at TIMESTAMP,
                removed BOOLEAN NOT NULL,
                value_number DOUBLE,
                value_text VARCHAR,
                value_ts TIMESTAMP,
                value_bool BOOLEAN,
                value_json VARCHAR
            )
            """,
            // One row when the snapshot is complete: what was before is not known.
            "CREATE TABLE history_start (begins_at TIMESTAMP NOT NULL)",
            """
            CREATE TABLE attribute_type (
                tenant_id BIGINT NOT NULL,
                attribute_id INTEGER NOT NULL,
                name VARCHAR NOT NULL,
                data_type VARCHAR NOT NULL,
                filterable BOOLEAN NOT NULL,
                hot BOOLEAN NOT NULL,
                unit VARCHAR,
                description VARCHAR,
                commit_lsn UBIGINT NOT NULL,
                commit_ordinal BIGINT NOT NULL
            )
            """,
            // promoted_by: REGISTRY, AUTOMATIC; stage: BUILDING, WHOLE, LEAVING.
            """
            CREATE TABLE promoted (
                tenant_id BIGINT NOT NULL,
                attribute_id INTEGER NOT NULL,
                data_type VARCHAR NOT NULL,
                slot INTEGER NOT NULL,
                promoted_by VARCHAR NOT NULL,
                stage VARCHAR NOT NULL,
                since TIMESTAMP NOT NULL
            )
            """,
            // At most one row. The highest order is that of all applied changes; it says when stored orders must be
            // looked up.
            """
            CREATE TABLE watermark (
                system_id BIGINT NOT NULL,
                timeline INTEGER NOT NULL,
                lsn UBIGINT NOT NULL,
                order_lsn UBIGINT,
                order_ordinal BIGINT,
                highest_lsn UBIGINT,
                highest_ordinal BIGINT,
                connector_offset VARCHAR NOT NULL,
                snapshot_complete BOOLEAN NOT NULL,
                -- Rows that were read from the primary may hold what it committed up to here, before it comes by the log.
                read_until UBIGINT NOT NULL
            )
            """,
            """
            CREATE TABLE heartbeat (
                node_id VARCHAR NOT NULL,
                sequence BIGINT NOT NULL,
                system_id BIGINT NOT NULL,
                timeline INTEGER NOT NULL,
                lsn UBIGINT NOT NULL,
                sent_at TIMESTAMP NOT NULL
            )
            """,
            // The snapshot that is under way, at most one; without a tenant it is of all of them.
            """
            CREATE TABLE snapshot (
                tenant_id BIGINT,
                initial BOOLEAN NOT NULL,
                system_id BIGINT NOT NULL,
                timeline INTEGER NOT NULL,
                lsn UBIGINT NOT NULL,
                started_at TIMESTAMP NOT NULL,
                estimated_rows BIGINT,
                reason VARCHAR NOT NULL
            )
            """,
            """
            CREATE TABLE snapshot_part (
                name VARCHAR NOT NULL,
                reached_tenant_id BIGINT NOT NULL,
                reached_entity_id BIGINT NOT NULL,
                row_count BIGINT NOT NULL,
                complete BOOLEAN NOT NULL
            )
            """,
            // What the log brought meanwhile: entities whole or deleted, and those whose documents it left out.
            "CREATE TABLE snapshot_seen (tenant_id BIGINT NOT NULL, entity_id BIGINT NOT NULL)",
            "CREATE TABLE snapshot_unsettled (tenant_id BIGINT NOT NULL, entity_id BIGINT NOT NULL)",
            rows("CREATE TABLE snapshot_row"));

    private DuckDbSchema() {}

    /** A table of entities' rows without slots. */
    static String rows(String create) {
        return create + """
                 (
                    tenant_id BIGINT NOT NULL,
                    entity_id BIGINT NOT NULL,
                    entity_type VARCHAR NOT NULL,
                    version BIGINT NOT NULL,
                    updated_at TIMESTAMP NOT NULL,
                    commit_lsn UBIGINT NOT NULL,
                    commit_ordinal BIGINT NOT NULL,
                    numbers MAP(INTEGER, DOUBLE),
                    texts MAP(INTEGER, VARCHAR),
                    timestamps MAP(INTEGER, BIGINT),
                    booleans MAP(INTEGER, BOOLEAN),
                    jsons MAP(INTEGER, VARCHAR)
                )
                """;
    }

    /** Makes the tables in a new file; in one that has them checks the version. Runs in the caller's transaction. */
    static void ensure(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            boolean present;
            try (ResultSet found = statement.executeQuery(
                    "SELECT count(*) FROM information_schema.tables WHERE table_name = 'atlas_schema'")) {
                found.next();
                present = found.getLong(1) > 0;
            }
            if (!present) {
                create(statement);
                return;
            }
            try (ResultSet stored = statement.executeQuery("SELECT version FROM atlas_schema")) {
                stored.next();
                int version = stored.getInt(1);
                if (version != VERSION) {
                    throw DamagedFile.otherLayout(version, VERSION);
                }
            }
        }
    }

    /** Drops all tables and makes them anew: far quicker than deleting their rows. */
    static void recreate(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE atlas_schema");
            for (String table : TABLES) {
                statement.execute("DROP TABLE " + table);
            }
            create(statement);
        }
    }

    private static void create(Statement statement) throws SQLException {
        for (String sql : STATEMENTS) {
            statement.execute(sql);
        }
    }
}
