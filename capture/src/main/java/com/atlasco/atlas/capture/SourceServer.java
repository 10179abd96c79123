package com.atlasco.atlas.capture;

import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Problem;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.postgresql.ds.PGSimpleDataSource;

/** The few questions and orders that capture has for the primary besides the stream itself. */
final class SourceServer {

    // The timeline is read from the name of a log file: pg_control's lags behind a promotion until its checkpoint.
    private static final String FACTS = """
            SELECT pg_is_in_recovery() AS in_recovery,
                   current_setting('wal_level') AS wal_level,
                   EXISTS (SELECT FROM pg_publication WHERE pubname = ?) AS published,
                   (SELECT system_identifier FROM pg_control_system()) AS system_id,
                   CASE WHEN NOT pg_is_in_recovery()
                        THEN left(pg_walfile_name(pg_current_wal_flush_lsn()), 8) END AS timeline,
                   CASE WHEN NOT pg_is_in_recovery() THEN pg_current_wal_flush_lsn()::text END AS log_end,
                   slot.slot_name IS NOT NULL AS slot_exists,
                   slot.plugin = 'pgoutput' AND slot.database = current_database() AS slot_usable,
                   slot.wal_status = 'lost' AS slot_lost,
                   coalesce(slot.confirmed_flush_lsn, '0/0')::text AS slot_confirmed
            FROM (SELECT) AS one
            LEFT JOIN pg_replication_slots AS slot ON slot.slot_name = ?
            """;

    private static final String DROP_SLOT = """
            SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = ?
            """;

    private final CaptureSettings settings;
    private final PGSimpleDataSource dataSource;

    SourceServer(CaptureSettings settings) {
        this.settings = settings;
        this.dataSource = new PGSimpleDataSource();
        dataSource.setServerNames(new String[] {settings.host()});
        dataSource.setPortNumbers(new int[] {settings.port()});
        dataSource.setDatabaseName(settings.database());
        dataSource.setUser(settings.user());
        dataSource.setPassword(settings.password());
        dataSource.setApplicationName("atlas capture");
        dataSource.setConnectTimeout(5);
        dataSource.setSocketTimeout(30);
    }

    /**
     * @throws com.atlasco.atlas.model.AtlasException when the server cannot be captured from: a standby, a wrong
     *     wal_level, no publication
     */
    ServerFacts facts() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(FACTS)) {
            statement.setString(1, settings.publication());
            statement.setString(2, settings.slotName());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                refuse(row.getBoolean("in_recovery"), "is a standby", "Name the primary's host and port.");
                refuse(
                        !"logical".equals(row.getString("wal_level")),
                        "has wal_level " + row.getString("wal_level"),
                        "Set wal_level = logical and restart PostgreSQL.");
                refuse(
                        !row.getBoolean("published"),
                        "has no publication " + settings.publication() + " in database " + settings.database(),
                        "Run the migrations of the schema first.");
                Optional<ServerFacts.Slot> slot = row.getBoolean("slot_exists")
                        ? Optional.of(new ServerFacts.Slot(
                                row.getBoolean("slot_usable"),
                                row.getBoolean("slot_lost"),
                                Lsn.parse(row.getString("slot_confirmed"))))
                        : Optional.empty();
                return new ServerFacts(
                        row.getLong("system_id"),
                        Integer.parseUnsignedInt(row.getString("timeline"), 16),
                        Lsn.parse(row.getString("log_end")),
                        slot);
            }
        }
    }

    private void refuse(boolean wrong, String what, String remedy) {
        if (wrong) {
            throw Problem.of(
                            ErrorCode.SOURCE_UNAVAILABLE,
                            "The server " + settings.host() + ":" + settings.port() + " " + what + ".")
                    .hint(remedy)
                    .asException();
        }
    }

    /** Drops the slot if there is one. Fails while another connection streams from it. */
    void dropSlot() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(DROP_SLOT)) {
            statement.setString(1, settings.slotName());
            statement.execute();
        }
    }
}
