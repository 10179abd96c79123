package com.atlasco.atlas.postgres;

import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Heartbeat;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.Problem;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.function.Consumer;

/** Looks at a source, primary or replica, to learn how far it has come. Thread-safe. */
public final class HeartbeatReader {

    // On a replica no function names the timeline of what was replayed: the control file's entries are written with
    // some delay, while a replayed heartbeat proves that its timeline has been reached. The greatest is the newest.
    private static final String OBSERVE = """
            SELECT s.recovering, c.system_identifier,
                   CASE WHEN s.recovering
                        THEN greatest(k.timeline_id, r.min_recovery_end_timeline, h.timeline)
                        ELSE ('x' || left(pg_walfile_name(pg_current_wal_flush_lsn()), 8))::bit(32)::int END,
                   (CASE WHEN s.recovering THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_flush_lsn() END
                        - '0/0'::pg_lsn)::bigint,
                   CASE WHEN s.recovering THEN pg_is_wal_replay_paused() ELSE false END,
                   EXISTS (SELECT FROM pg_stat_wal_receiver WHERE pid IS NOT NULL),
                   h.sequence, h.system_id, h.timeline, h.lsn, h.sent_at
            FROM (SELECT pg_is_in_recovery() AS recovering OFFSET 0) s
            CROSS JOIN pg_control_system() c CROSS JOIN pg_control_checkpoint() k CROSS JOIN pg_control_recovery() r
            LEFT JOIN heartbeat h ON h.node_id = ?""";

    private final Sessions source;

    public HeartbeatReader(Sessions source) {
        this.source = source;
    }

    /**
     * What a source said of itself in one statement.
     *
     * @param newest the newest heartbeat of the asked node that is visible there
     * @param position the end of what is visible there
     * @param inRecovery whether it is a replica
     * @param replayPaused whether its replay was paused by hand; false on a primary
     * @param receiverConnected whether a WAL receiver streams to it; false on a primary
     */
    public record Observation(
            Optional<Heartbeat> newest,
            Position position,
            boolean inRecovery,
            boolean replayPaused,
            boolean receiverConnected) {

        /**
         * The same of a server that is a standby. One that was promoted shows commits later than those that follow it, and not in
         * the order of the log: what holds of a replica does not hold of it.
         *
         * @throws com.atlasco.atlas.model.AtlasException {@code source_unavailable} when it is none
         */
        public Observation ofStandby() {
            if (!inRecovery) {
                throw Problem.of(
                                ErrorCode.SOURCE_UNAVAILABLE,
                                "the replica was promoted: it is a primary now, and is read as that alone")
                        .hint("start Atlas again when the failover is over: it finds out which server is which")
                        .asException();
            }
            return this;
        }
    }

    /** The newest heartbeat of this node that is visible at the source. One round trip. */
    public Optional<Heartbeat> newest(String nodeId) {
        return observe(nodeId).newest();
    }

    /**
     * The newest heartbeat of this node and the source's state. One round trip.
     *
     * @throws com.atlasco.atlas.model.AtlasException {@code source_unavailable} when it cannot be reached
     */
    public Observation observe(String nodeId) {
        return source.run(session -> {
            try (PreparedStatement statement = session.prepare(OBSERVE)) {
                statement.setString(1, nodeId);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    return observation(nodeId, row);
                }
            }
        });
    }

    /** Adds the same question to a chain; the position contains everything that the statements before it have seen. */
    public static void observe(StatementChain chain, String nodeId, Consumer<Observation> told) {
        chain.query(
                OBSERVE,
                row -> {
                    row.next();
                    told.accept(observation(nodeId, row));
                },
                nodeId);
    }

    private static Observation observation(String nodeId, ResultSet row) throws SQLException {
        return new Observation(
                heartbeat(nodeId, row),
                new Position(row.getLong(2), row.getInt(3), new Lsn(row.getLong(4))),
                row.getBoolean(1),
                row.getBoolean(5),
                row.getBoolean(6));
    }

    private static Optional<Heartbeat> heartbeat(String nodeId, ResultSet row) throws SQLException {
        long sequence = row.getLong(7);
        return row.wasNull()
                ? Optional.empty()
                : Optional.of(new Heartbeat(
                        nodeId,
                        sequence,
                        new Position(row.getLong(8), row.getInt(9), new Lsn(row.getLong(10))),
                        row.getObject(11, OffsetDateTime.class).toInstant()));
    }
}
