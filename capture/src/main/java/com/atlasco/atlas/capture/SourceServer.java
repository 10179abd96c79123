package com.atlasco.atlas.capture;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.Problem;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The few questions and orders that capture has for the primary besides the stream itself. */
final class SourceServer {

    private static final Logger LOGGER = LoggerFactory.getLogger(SourceServer.class);

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
                   coalesce(slot.confirmed_flush_lsn, '0/0')::text AS slot_confirmed,
                   (SELECT store FROM capture_slot WHERE slot_name = slot.slot_name) AS slot_owner
            FROM (SELECT) AS one
            LEFT JOIN pg_replication_slots AS slot ON slot.slot_name = ?
            """;

    private static final String HISTORY = """
            SELECT (SELECT system_identifier FROM pg_control_system()) AS system_id,
                   CASE WHEN NOT pg_is_in_recovery()
                        THEN left(pg_walfile_name(pg_current_wal_flush_lsn()), 8) END AS timeline
            """;

    private static final String DROP_SLOT = """
            SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = ?
            """;

    private static final String OWN_SLOT = """
            INSERT INTO capture_slot (slot_name, store) VALUES (?, ?)
            ON CONFLICT (slot_name) DO UPDATE SET store = excluded.store, created_at = now()
            WHERE capture_slot.store <> excluded.store
            """;

    // As a node's heartbeat, which travels the log and says how far it is; numbered by the clock.
    private static final String BEAT = """
            INSERT INTO heartbeat AS h (node_id, sequence, system_id, timeline, lsn, sent_at)
            SELECT 'snapshot ' || ?::text, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint, c.system_identifier,
                   ('x' || left(pg_walfile_name(f.flushed), 8))::bit(32)::int, (f.flushed - '0/0'::pg_lsn)::bigint,
                   clock_timestamp()
            FROM pg_control_system() c, (SELECT pg_current_wal_flush_lsn() AS flushed OFFSET 0) f
            ON CONFLICT (node_id) DO UPDATE
            SET sequence = excluded.sequence, system_id = excluded.system_id, timeline = excluded.timeline,
                lsn = excluded.lsn, sent_at = excluded.sent_at
            """;

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /** Creating a slot waits for the transactions that are under way. */
    private static final Duration CREATION_TIMEOUT = Duration.ofMinutes(10);

    private static final Pattern ANCESTOR = Pattern.compile("^\\s*(\\d+)\\s+([0-9A-Fa-f]+/[0-9A-Fa-f]+)");

    private static final int FIRST_WITH_FAILOVER_SLOTS = 170_000;

    private final CaptureSettings settings;

    /** The latest timeline of each system that was met. */
    private final Map<Long, Integer> met = new ConcurrentHashMap<>();

    private volatile Primary primary;

    /**
     * The server that is captured from.
     *
     * @param history empty as long as it has not been asked
     */
    private record Primary(CaptureSettings.Server server, Optional<Position> history) {}

    SourceServer(CaptureSettings settings) {
        this.settings = settings;
        this.primary = new Primary(settings.servers().getFirst(), Optional.empty());
    }

    private PGSimpleDataSource dataSource(CaptureSettings.Server server, Duration socketTimeout) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {server.host()});
        source.setPortNumbers(new int[] {server.port()});
        source.setDatabaseName(settings.database());
        source.setUser(settings.user());
        source.setPassword(settings.password());
        source.setApplicationName("atlas capture");
        source.setCurrentSchema(settings.schema());
        source.setConnectTimeout(5);
        source.setSocketTimeout((int) socketTimeout.toSeconds());
        return source;
    }

    /**
     * A connection past row-level security, in the schema of the published tables; the caller closes it. It leads to the
     * server that {@link #facts} spoke of last, for what is read beside the stream has to be of the stream's history.
     *
     * @throws SQLException also when that server is another one now, or no primary any more
     */
    Connection connect() throws SQLException {
        return connect(TIMEOUT);
    }

    private Connection connect(Duration socketTimeout) throws SQLException {
        Primary followed = primary;
        Connection connection = dataSource(followed.server(), socketTimeout).getConnection();
        if (followed.history().filter(history -> !isOn(connection, history)).isPresent()) {
            connection.close();
            throw new SQLException(
                    "the server " + followed.server() + " is not the primary that was followed any more");
        }
        return connection;
    }

    private static boolean isOn(Connection connection, Position history) {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(HISTORY)) {
            row.next();
            return row.getLong("system_id") == history.systemId()
                    && row.getString("timeline") != null
                    && Integer.parseUnsignedInt(row.getString("timeline"), 16) == history.timeline();
        } catch (SQLException failed) {
            LOGGER.debug("The server could not be asked for its history", failed);
            return false;
        }
    }

    /** Which of the servers was the primary when {@link #facts} asked last. */
    CaptureSettings.Server at() {
        return primary.server();
    }

    /** The system and timeline of that one; empty before it was asked. */
    Optional<Position> history() {
        return primary.history();
    }

    /**
     * Asks all servers that may be the primary, and takes the one that took over last.
     *
     * @param known the timeline that the store knows
     * @throws com.atlasco.atlas.model.AtlasException when the server cannot be captured from: a standby, a wrong
     *     wal_level, no publication
     */
    ServerFacts facts(OptionalInt known) throws SQLException {
        Optional<ServerFacts> latest = Optional.empty();
        Optional<Exception> failure = Optional.empty();
        for (CaptureSettings.Server server : settings.servers()) {
            try {
                ServerFacts facts = facts(server, known);
                int newest = met.merge(facts.systemId(), facts.timeline(), Math::max);
                refuse(
                        server,
                        facts.timeline() < newest,
                        "is on timeline " + facts.timeline() + ", and another took over from it on " + newest,
                        "Start the server that took over, or this one as its standby.");
                if (latest.isEmpty() || facts.timeline() > latest.get().timeline()) {
                    latest = Optional.of(facts);
                    primary = new Primary(
                            server, Optional.of(new Position(facts.systemId(), facts.timeline(), facts.logEnd())));
                }
            } catch (SQLException | AtlasException failed) {
                failure = failure.or(() -> Optional.of(failed));
            }
        }
        if (latest.isPresent()) {
            return latest.get();
        }
        switch (failure.orElseThrow()) {
            case SQLException failed -> throw failed;
            case AtlasException failed -> throw failed;
            case Exception unexpected -> throw new IllegalStateException(unexpected);
        }
    }

    private ServerFacts facts(CaptureSettings.Server server, OptionalInt known) throws SQLException {
        try (Connection connection = dataSource(server, TIMEOUT).getConnection();
                PreparedStatement statement = connection.prepareStatement(FACTS)) {
            statement.setString(1, settings.publication());
            statement.setString(2, settings.slotName());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                refuse(server, row.getBoolean("in_recovery"), "is a standby", "Name the primary's host and port.");
                refuse(
                        server,
                        !"logical".equals(row.getString("wal_level")),
                        "has wal_level " + row.getString("wal_level"),
                        "Set wal_level = logical and restart PostgreSQL.");
                refuse(
                        server,
                        !row.getBoolean("published"),
                        "has no publication " + settings.publication() + " in database " + settings.database(),
                        "Run the migrations of the schema first.");
                Optional<ServerFacts.Slot> slot = row.getBoolean("slot_exists")
                        ? Optional.of(new ServerFacts.Slot(
                                row.getBoolean("slot_usable"),
                                row.getBoolean("slot_lost"),
                                Lsn.parse(row.getString("slot_confirmed")),
                                Optional.ofNullable(row.getString("slot_owner"))))
                        : Optional.empty();
                int timeline = Integer.parseUnsignedInt(row.getString("timeline"), 16);
                return new ServerFacts(
                        row.getLong("system_id"),
                        timeline,
                        Lsn.parse(row.getString("log_end")),
                        slot,
                        known.isEmpty() || known.getAsInt() == timeline ? List.of() : ancestors(server, timeline));
            }
        }
    }

    /** The server's timeline history, by the replication protocol: reading its file would take a superuser. */
    private List<ServerFacts.Ancestor> ancestors(CaptureSettings.Server server, int timeline) throws SQLException {
        try (Connection connection = replication(server).getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("TIMELINE_HISTORY " + timeline)) {
            row.next();
            return ancestors(row.getString(2));
        }
    }

    private PGSimpleDataSource replication(CaptureSettings.Server server) throws SQLException {
        PGSimpleDataSource replication = dataSource(server, TIMEOUT);
        replication.setProperty(PGProperty.REPLICATION, "database");
        replication.setProperty(PGProperty.PREFER_QUERY_MODE, "simple");
        replication.setProperty(PGProperty.ASSUME_MIN_SERVER_VERSION, "14");
        return replication;
    }

    /** Reads a timeline history: lines of a timeline, where it ended, and why, the oldest first. */
    static List<ServerFacts.Ancestor> ancestors(String history) {
        List<ServerFacts.Ancestor> ancestors = new ArrayList<>();
        for (String line : history.lines().toList()) {
            Matcher entry = ANCESTOR.matcher(line);
            if (entry.find()) {
                ancestors.add(
                        new ServerFacts.Ancestor(Integer.parseUnsignedInt(entry.group(1)), Lsn.parse(entry.group(2))));
            }
        }
        Collections.reverse(ancestors);
        return ancestors;
    }

    private static void refuse(CaptureSettings.Server server, boolean wrong, String what, String remedy) {
        if (wrong) {
            throw Problem.of(ErrorCode.SOURCE_UNAVAILABLE, "The server " + server + " " + what + ".")
                    .hint(remedy)
                    .asException();
        }
    }

    /** Drops the slot if there is one. Fails while another connection streams from it. */
    void dropSlot() throws SQLException {
        try (Connection connection = connect();
                PreparedStatement statement = connection.prepareStatement(DROP_SLOT)) {
            statement.setString(1, settings.slotName());
            statement.execute();
        }
    }

    /** Writes a heartbeat, so that the log goes on where no node writes any. */
    void beat(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(BEAT)) {
            statement.setString(1, settings.slotName());
            statement.execute();
        }
    }

    /** Removes what {@link #beat} has written. */
    void endBeats(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("DELETE FROM heartbeat WHERE node_id = 'snapshot ' || ?::text")) {
            statement.setString(1, settings.slotName());
            statement.execute();
        }
    }

    /** Notes that the slot is this store's. */
    void ownSlot(String store) throws SQLException {
        try (Connection connection = connect();
                PreparedStatement statement = connection.prepareStatement(OWN_SLOT)) {
            statement.setString(1, settings.slotName());
            statement.setString(2, store);
            statement.execute();
        }
    }

    /**
     * Creates the slot; one that standbys keep too, where the server knows such.
     *
     * @return everything that commits after it will be streamed, and what is read from now on has all that committed before
     */
    Lsn createSlot() throws SQLException {
        try (Connection connection = connect(CREATION_TIMEOUT)) {
            boolean failover;
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT current_setting('server_version_num')::integer")) {
                row.next();
                failover = row.getInt(1) >= FIRST_WITH_FAILOVER_SLOTS;
            }
            try (PreparedStatement statement = connection.prepareStatement(
                    failover
                            ? "SELECT lsn FROM pg_create_logical_replication_slot(?, 'pgoutput', false, false, true)"
                            : "SELECT lsn FROM pg_create_logical_replication_slot(?, 'pgoutput')")) {
                statement.setString(1, settings.slotName());
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    return Lsn.parse(row.getString(1));
                }
            }
        }
    }
}
