package com.atlasco.atlas.analytics.duckdb;

import com.atlasco.atlas.analytics.change.ChangeOrder;
import com.atlasco.atlas.analytics.change.Watermark;
import com.atlasco.atlas.model.Heartbeat;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.Value;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keeps the watermark. Rows are updated in place: a deleted and inserted row would cost a dead one with each batch. */
final class WatermarkTable {

    private WatermarkTable() {}

    static StoredWatermark load(Connection connection) throws SQLException {
        List<Heartbeat> heartbeats = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery("""
                    SELECT node_id, sequence, system_id, timeline, lsn, epoch_us(sent_at)
                    FROM heartbeat
                    ORDER BY node_id
                    """)) {
                while (rows.next()) {
                    heartbeats.add(new Heartbeat(
                            rows.getString(1),
                            rows.getLong(2),
                            new Position(rows.getLong(3), rows.getInt(4), lsn(rows, 5)),
                            new Value.TimestampValue(rows.getLong(6)).instant()));
                }
            }
            try (ResultSet rows = statement.executeQuery("""
                    SELECT system_id, timeline, lsn, order_lsn, order_ordinal, highest_lsn, highest_ordinal,
                           connector_offset, snapshot_complete, read_until
                    FROM watermark
                    """)) {
                if (!rows.next()) {
                    return StoredWatermark.NONE;
                }
                Watermark watermark = new Watermark(
                        new Position(rows.getLong(1), rows.getInt(2), lsn(rows, 3)),
                        order(rows, 4),
                        heartbeats,
                        rows.getString(8),
                        rows.getBoolean(9));
                return new StoredWatermark(Optional.of(watermark), order(rows, 6), lsn(rows, 10));
            }
        }
    }

    static void save(Connection connection, StoredWatermark before, StoredWatermark after) throws SQLException {
        Watermark watermark = after.watermark().orElseThrow();
        String sql = before.watermark().isEmpty() ? """
                INSERT INTO watermark (system_id, timeline, lsn, order_lsn, order_ordinal, highest_lsn,
                                       highest_ordinal, connector_offset, snapshot_complete, read_until)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """ : """
                UPDATE watermark
                SET system_id = ?, timeline = ?, lsn = ?, order_lsn = ?, order_ordinal = ?, highest_lsn = ?,
                    highest_ordinal = ?, connector_offset = ?, snapshot_complete = ?, read_until = ?
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, watermark.position().systemId());
            statement.setInt(2, watermark.position().timeline());
            statement.setObject(3, unsigned(watermark.position().lsn()));
            setOrder(statement, 4, watermark.order());
            setOrder(statement, 6, after.highest());
            statement.setString(8, watermark.connectorOffset());
            statement.setBoolean(9, watermark.snapshotComplete());
            statement.setObject(10, unsigned(after.readUntil()));
            statement.executeUpdate();
        }
        saveHeartbeats(
                connection, before.watermark().map(Watermark::heartbeats).orElse(List.of()), watermark.heartbeats());
    }

    private static void saveHeartbeats(Connection connection, List<Heartbeat> before, List<Heartbeat> after)
            throws SQLException {
        Map<String, Heartbeat> gone = new HashMap<>();
        before.forEach(heartbeat -> gone.put(heartbeat.nodeId(), heartbeat));
        for (Heartbeat heartbeat : after) {
            Heartbeat stored = gone.remove(heartbeat.nodeId());
            if (heartbeat.equals(stored)) {
                continue;
            }
            String sql = stored == null ? """
                    INSERT INTO heartbeat (sequence, system_id, timeline, lsn, sent_at, node_id)
                    VALUES (?, ?, ?, ?, make_timestamp(CAST(? AS BIGINT)), ?)
                    """ : """
                    UPDATE heartbeat
                    SET sequence = ?, system_id = ?, timeline = ?, lsn = ?, sent_at = make_timestamp(CAST(? AS BIGINT))
                    WHERE node_id = ?
                    """;
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setLong(1, heartbeat.sequence());
                statement.setLong(2, heartbeat.position().systemId());
                statement.setInt(3, heartbeat.position().timeline());
                statement.setObject(4, unsigned(heartbeat.position().lsn()));
                statement.setLong(5, Value.TimestampValue.of(heartbeat.sentAt()).epochMicros());
                statement.setString(6, heartbeat.nodeId());
                statement.executeUpdate();
            }
        }
        for (String nodeId : gone.keySet()) {
            try (PreparedStatement statement = connection.prepareStatement("DELETE FROM heartbeat WHERE node_id = ?")) {
                statement.setString(1, nodeId);
                statement.executeUpdate();
            }
        }
    }

    /** An LSN or ordinal pair at this column and the next; empty when NULL. */
    static Optional<ChangeOrder> order(ResultSet rows, int column) throws SQLException {
        return rows.getObject(column) == null
                ? Optional.empty()
                : Optional.of(new ChangeOrder(lsn(rows, column), rows.getLong(column + 1)));
    }

    static BigInteger unsigned(Lsn lsn) {
        return new BigInteger(Long.toUnsignedString(lsn.value()));
    }

    private static Lsn lsn(ResultSet rows, int column) throws SQLException {
        return new Lsn(((BigInteger) rows.getObject(column)).longValue());
    }

    private static void setOrder(PreparedStatement statement, int index, Optional<ChangeOrder> order)
            throws SQLException {
        if (order.isPresent()) {
            statement.setObject(index, unsigned(order.get().commit()));
            statement.setLong(index + 1, order.get().ordinal());
        } else {
            statement.setNull(index, Types.BIGINT);
            statement.setNull(index + 1, Types.BIGINT);
        }
    }
}
