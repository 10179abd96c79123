package com.atlasco.atlas.it.capture;

import static org.awaitility.Awaitility.await;

import com.atlasco.atlas.capture.CaptureSettings;
import com.atlasco.atlas.embedded.PostgresEndpoint;
import com.atlasco.atlas.it.TestCluster.TestDatabase;
import com.atlasco.atlas.model.DocumentCodec;
import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.postgres.Migrations;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A database with the schema, and how capture reaches it. */
record CaptureSource(PostgresEndpoint endpoint, String database, String slot) {

    static CaptureSource of(TestDatabase database, String slot) {
        return new CaptureSource(database.primary(), database.name(), slot);
    }

    String jdbcUrl() {
        return "jdbc:postgresql://%s:%d/%s".formatted(endpoint.host(), endpoint.port(), database);
    }

    /** The schema, no rows, no slot. */
    void prepare() throws SQLException {
        Migrations.migrate(jdbcUrl(), endpoint.superuser(), endpoint.password(), "atlas_service", "service's password");
        dropSlot();
        execute("TRUNCATE entity, attr_type, heartbeat, capture_slot");
    }

    /** A walsender takes a moment to see that its client is gone; one that stays is a failure. */
    void dropSlot() throws SQLException {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> query(
                                "SELECT count(*) FROM pg_replication_slots WHERE active AND slot_name = '" + slot + "'")
                        .equals("0"));
        execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = ?", slot);
    }

    CaptureSettings settings() {
        return new CaptureSettings(
                endpoint.host(),
                endpoint.port(),
                database,
                endpoint.superuser(),
                endpoint.password(),
                slot,
                "atlas",
                "public",
                2_048,
                20_000,
                Duration.ofMillis(10),
                Duration.ofMillis(500),
                Duration.ofMillis(100),
                Duration.ofSeconds(1),
                2,
                false,
                List.of());
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl(), endpoint.superuser(), endpoint.password());
    }

    void execute(String sql, Object... parameters) throws SQLException {
        try (Connection connection = connect();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            statement.execute();
        }
    }

    String query(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? String.valueOf(rows.getString(1)) : "";
        }
    }

    Lsn flushed() throws SQLException {
        return Lsn.parse(query("SELECT pg_current_wal_flush_lsn()"));
    }

    Lsn confirmed() {
        try {
            return Lsn.parse(
                    query("SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = '" + slot + "'"));
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** In one transaction. */
    void insert(long from, long to, String type) throws SQLException {
        execute(
                "INSERT INTO entity SELECT 1, id, ?, 1, jsonb_build_object('7', id), '{7}', now()"
                        + " FROM generate_series(?, ?) AS id",
                type, from, to);
    }

    Map<ModelStore.Key, Entity> rows() throws SQLException {
        Map<ModelStore.Key, Entity> rows = new TreeMap<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT tenant_id, entity_id, entity_type, version, document, updated_at FROM entity")) {
            while (row.next()) {
                rows.put(
                        new ModelStore.Key(row.getLong(1), row.getLong(2)),
                        new Entity(
                                row.getLong(2),
                                row.getString(3),
                                row.getLong(4),
                                DocumentCodec.decode(row.getString(5)),
                                row.getObject(6, OffsetDateTime.class).toInstant()));
            }
        }
        return rows;
    }
}
