package com.atlasco.atlas.analytics.duckdb;

import com.atlasco.atlas.analytics.change.Change;
import com.atlasco.atlas.analytics.snapshot.EntityPlace;
import com.atlasco.atlas.analytics.snapshot.SnapshotChunk;
import com.atlasco.atlas.analytics.snapshot.SnapshotScope;
import com.atlasco.atlas.analytics.snapshot.SnapshotStart;
import com.atlasco.atlas.analytics.snapshot.SnapshotState;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.model.Value;
import java.math.BigInteger;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/** The snapshot that is under way: how far its parts are, and what came by the log meanwhile. For the writer thread. */
final class SnapshotTable {

    private static final List<String> OF_ONE =
            List.of("snapshot", "snapshot_part", "snapshot_seen", Reconciliation.PUT_ASIDE);

    private final DuckDBConnection connection;

    SnapshotTable(DuckDBConnection connection) {
        this.connection = connection;
    }

    Optional<SnapshotState> load() throws SQLException {
        List<SnapshotState.Part> parts = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery("""
                    SELECT name, reached_tenant_id, reached_entity_id, row_count, complete
                    FROM snapshot_part ORDER BY name
                    """)) {
                while (rows.next()) {
                    parts.add(new SnapshotState.Part(
                            rows.getString(1),
                            new EntityPlace(rows.getLong(2), rows.getLong(3)),
                            rows.getLong(4),
                            rows.getBoolean(5)));
                }
            }
            try (ResultSet row = statement.executeQuery("""
                    SELECT tenant_id, initial, system_id, timeline, lsn, epoch_us(started_at), estimated_rows, reason
                    FROM snapshot
                    """)) {
                if (!row.next()) {
                    return Optional.empty();
                }
                long tenant = row.getLong(1);
                SnapshotScope scope = row.wasNull()
                        ? new SnapshotScope.Everything()
                        : new SnapshotScope.OneTenant(new TenantId(tenant));
                long estimate = row.getLong(7);
                OptionalLong estimatedRows = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(estimate);
                return Optional.of(new SnapshotState(
                        scope,
                        row.getBoolean(2),
                        new Position(
                                row.getLong(3), row.getInt(4), new Lsn(((BigInteger) row.getObject(5)).longValue())),
                        new Value.TimestampValue(row.getLong(6)).instant(),
                        estimatedRows,
                        row.getString(8),
                        parts));
            }
        }
    }

    void begin(SnapshotStart start, boolean initial) throws SQLException {
        clear(OF_ONE);
        try (PreparedStatement statement =
                connection.prepareStatement("INSERT INTO snapshot VALUES (?, ?, ?, ?, ?, make_timestamp(?), ?, ?)")) {
            switch (start.scope()) {
                case SnapshotScope.Everything _ -> statement.setNull(1, Types.BIGINT);
                case SnapshotScope.OneTenant(TenantId tenant) -> statement.setLong(1, tenant.value());
            }
            statement.setBoolean(2, initial);
            statement.setLong(3, start.position().systemId());
            statement.setInt(4, start.position().timeline());
            statement.setObject(5, WatermarkTable.unsigned(start.position().lsn()));
            statement.setLong(6, Value.TimestampValue.of(start.startedAt()).epochMicros());
            if (start.estimatedRows().isPresent()) {
                statement.setLong(7, start.estimatedRows().getAsLong());
            } else {
                statement.setNull(7, Types.BIGINT);
            }
            statement.setString(8, start.reason());
            statement.executeUpdate();
        }
        for (String part : start.parts()) {
            try (PreparedStatement statement =
                    connection.prepareStatement("INSERT INTO snapshot_part VALUES (?, ?, ?, 0, FALSE)")) {
                statement.setString(1, part);
                statement.setLong(2, EntityPlace.FIRST.tenantId());
                statement.setLong(3, EntityPlace.FIRST.entityId());
                statement.executeUpdate();
            }
        }
    }

    void reached(SnapshotChunk chunk) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                UPDATE snapshot_part
                SET reached_tenant_id = ?, reached_entity_id = ?, row_count = row_count + ?, complete = ?
                WHERE name = ?
                """)) {
            statement.setLong(1, chunk.reached().tenantId());
            statement.setLong(2, chunk.reached().entityId());
            statement.setLong(3, chunk.rows().size());
            statement.setBoolean(4, chunk.last());
            statement.setString(5, chunk.part());
            statement.executeUpdate();
        }
    }

    /** Notes what the log has brought of entities, so that rows of chunks stand back behind it. */
    void note(List<Change> accepted, Set<EntityKey> withoutDocument, SnapshotScope scope) throws SQLException {
        Set<EntityKey> seen = new HashSet<>();
        for (Change change : accepted) {
            if (!scope.covers(change.tenant())) {
                continue;
            }
            switch (change) {
                case Change.EntityUpserted upserted -> {
                    if (upserted.document().isPresent()) {
                        seen.add(new EntityKey(change.tenant().value(), upserted.entityId()));
                    }
                }
                case Change.EntityDeleted deleted ->
                    seen.add(new EntityKey(change.tenant().value(), deleted.entityId()));
                case Change.AttributeTypeUpserted _, Change.AttributeTypeDeleted _, Change.TenantDeleted _ -> {}
            }
        }
        append("snapshot_seen", seen);
        append("snapshot_unsettled", withoutDocument);
    }

    private void append(String table, Set<EntityKey> keys) throws SQLException {
        if (keys.isEmpty()) {
            return;
        }
        try (DuckDBAppender appender = connection.createAppender("main", table)) {
            for (EntityKey key : keys) {
                appender.beginRow();
                appender.append(key.tenantId());
                appender.append(key.entityId());
                appender.endRow();
            }
        }
    }

    Set<EntityPlace> unsettled() throws SQLException {
        Set<EntityPlace> places = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT DISTINCT tenant_id, entity_id FROM snapshot_unsettled")) {
            while (rows.next()) {
                places.add(new EntityPlace(rows.getLong(1), rows.getLong(2)));
            }
        }
        return places;
    }

    /** What is stored of the entities in the temporary table {@code wanted} is right, and newer than a snapshot's rows. */
    void settle() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("""
                    INSERT INTO snapshot_seen
                    SELECT tenant_id, entity_id FROM wanted WHERE EXISTS (SELECT 1 FROM snapshot)
                    """);
            statement.execute("""
                    DELETE FROM snapshot_unsettled USING wanted
                    WHERE snapshot_unsettled.tenant_id = wanted.tenant_id
                        AND snapshot_unsettled.entity_id = wanted.entity_id
                    """);
        }
    }

    /** Removes what there is of a snapshot; what is unsettled stays so. */
    void end() throws SQLException {
        clear(OF_ONE);
    }

    private void clear(List<String> tables) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String table : tables) {
                statement.execute("DELETE FROM " + table);
            }
        }
    }
}
