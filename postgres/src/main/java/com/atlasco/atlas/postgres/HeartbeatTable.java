package com.atlasco.atlas.postgres;

import com.atlasco.atlas.model.Heartbeat;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.OffsetDateTime;

/** Writes heartbeats on the primary. Thread-safe. */
public final class HeartbeatTable {

    // Not waiting for a synchronous standby: that one is away does not keep the primary from being read.
    private static final String UPSERT = """
            INSERT INTO heartbeat AS h (node_id, sequence, system_id, timeline, lsn, sent_at)
            SELECT ?, ?, c.system_identifier, ('x' || left(pg_walfile_name(f.flushed), 8))::bit(32)::int,
                   (f.flushed - '0/0'::pg_lsn)::bigint, clock_timestamp()
            FROM pg_control_system() c, (SELECT pg_current_wal_flush_lsn() AS flushed OFFSET 0) f,
                 (SELECT set_config('synchronous_commit', 'local', true) OFFSET 0) l
            ON CONFLICT (node_id) DO UPDATE
            SET sequence = excluded.sequence, system_id = excluded.system_id, timeline = excluded.timeline,
                lsn = excluded.lsn, sent_at = excluded.sent_at
            RETURNING sequence, system_id, timeline, lsn, sent_at""";

    private final Sessions primary;

    public HeartbeatTable(Sessions primary) {
        this.primary = primary;
    }

    /**
     * Writes the node's row in one transaction and one round trip; it is durable when this returns.
     *
     * @return the heartbeat as it is stored
     * @throws com.atlasco.atlas.model.AtlasException {@code source_unavailable} when the primary takes no writes
     */
    public Heartbeat write(String nodeId, long sequence) {
        return primary.run(session -> {
            try (PreparedStatement statement = session.prepare(UPSERT)) {
                statement.setString(1, nodeId);
                statement.setLong(2, sequence);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    return new Heartbeat(
                            nodeId,
                            row.getLong(1),
                            new Position(row.getLong(2), row.getInt(3), new Lsn(row.getLong(4))),
                            row.getObject(5, OffsetDateTime.class).toInstant());
                }
            }
        });
    }
}
