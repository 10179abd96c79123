package com.atlasco.atlas.capture.lag;

import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.postgres.Session;
import com.atlasco.atlas.postgres.Sessions;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;

/** Asks the primary for the slot and the end of the log. Thread-safe. */
final class SlotQuestion {

    // Through JSON, since servers before 17 have no invalidation_reason.
    private static final String READ = """
            SELECT one.recovering,
                   (SELECT system_identifier FROM pg_control_system()) AS system_id,
                   CASE WHEN NOT one.recovering
                        THEN left(pg_walfile_name(pg_current_wal_flush_lsn()), 8) END AS timeline,
                   CASE WHEN NOT one.recovering THEN pg_current_wal_flush_lsn()::text END AS log_end,
                   pg_size_bytes(current_setting('max_slot_wal_keep_size')) AS limit_bytes,
                   slot.slot_name IS NOT NULL AS slot_exists,
                   coalesce(slot.active, false) AS active,
                   slot.wal_status,
                   slot.safe_wal_size,
                   to_jsonb(slot) ->> 'invalidation_reason' AS invalidation_reason,
                   slot.restart_lsn::text,
                   slot.confirmed_flush_lsn::text
            FROM (SELECT pg_is_in_recovery() AS recovering OFFSET 0) AS one
            LEFT JOIN pg_replication_slots AS slot ON slot.slot_name = ?""";

    private final Sessions primary;
    private final String slotName;

    SlotQuestion(Sessions primary, String slotName) {
        this.primary = primary;
        this.slotName = slotName;
    }

    /**
     * One round trip.
     *
     * @throws com.atlasco.atlas.model.AtlasException {@code source_unavailable} when the server does not answer in time, or
     *     is a standby
     */
    SlotReading ask() {
        return primary.run(this::read);
    }

    private SlotReading read(Session session) throws SQLException {
        try (PreparedStatement statement = session.prepare(READ)) {
            statement.setString(1, slotName);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                if (row.getBoolean("recovering")) {
                    throw Problem.of(
                                    ErrorCode.SOURCE_UNAVAILABLE,
                                    "The server is a standby, and has no slot to capture from.")
                            .asException();
                }
                long limit = row.getLong("limit_bytes");
                return new SlotReading(
                        new Position(
                                row.getLong("system_id"),
                                Integer.parseUnsignedInt(row.getString("timeline"), 16),
                                Lsn.parse(row.getString("log_end"))),
                        limit < 0 ? OptionalLong.empty() : OptionalLong.of(limit),
                        row.getBoolean("slot_exists") ? Optional.of(slot(row)) : Optional.empty());
            }
        }
    }

    private static SlotReading.Slot slot(ResultSet row) throws SQLException {
        long safe = row.getLong("safe_wal_size");
        OptionalLong safeBytes = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(safe);
        return new SlotReading.Slot(
                row.getBoolean("active"),
                Optional.ofNullable(row.getString("wal_status")),
                safeBytes,
                Optional.ofNullable(row.getString("invalidation_reason")),
                Optional.ofNullable(row.getString("restart_lsn")).map(Lsn::parse),
                Optional.ofNullable(row.getString("confirmed_flush_lsn")).map(Lsn::parse));
    }
}
