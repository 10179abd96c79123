package com.atlasco.atlas.postgres;

import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.TenantId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** A borrowed connection and what is known of its server-side state. For one thread at a time. */
public final class Session {

    private static final String BIND_TENANT = "SELECT set_config('atlas.tenant_id', ?, false)";

    private static final String ORIGIN = """
            SELECT system_identifier,
                   CASE WHEN pg_is_in_recovery() THEN 0
                        ELSE ('x' || left(pg_walfile_name(pg_current_wal_flush_lsn()), 8))::bit(32)::int END
            FROM pg_control_system()""";

    // Read after a commit on the same connection: the flushed end then lies at or behind that commit's record.
    private static final String FLUSHED_POSITION = """
            SELECT (pg_current_wal_flush_lsn() - '0/0'::pg_lsn)::bigint,
                   left(pg_walfile_name(pg_current_wal_flush_lsn()), 8)""";

    private final Connection connection;
    private final State state;

    Session(Connection connection, State state) {
        this.connection = connection;
        this.state = state;
    }

    /** What outlives the borrowing: it belongs to the physical connection, and must not hold on to it. */
    static final class State {
        private Optional<TenantId> boundTenant = Optional.empty();
        private OptionalLong systemId = OptionalLong.empty();
        private Optional<Origin> origin = Optional.empty();
    }

    public Connection connection() {
        return connection;
    }

    public PreparedStatement prepare(String sql) throws SQLException {
        return connection.prepareStatement(sql);
    }

    /** Names the tenant whose rows the connection may see. Only outside a transaction: a rollback would undo it. */
    void bind(TenantId tenant) throws SQLException {
        if (state.boundTenant.isPresent() && state.boundTenant.get().equals(tenant)) {
            return;
        }
        state.boundTenant = Optional.empty();
        try (PreparedStatement statement = prepare(BIND_TENANT)) {
            statement.setString(1, tenant.toString());
            statement.execute();
        }
        state.boundTenant = Optional.of(tenant);
    }

    /** The cluster's system identifier; asked once per connection, since a connection never changes its cluster. */
    public long systemId() throws SQLException {
        if (state.systemId.isEmpty()) {
            try (PreparedStatement statement = prepare("SELECT system_identifier FROM pg_control_system()");
                    ResultSet row = statement.executeQuery()) {
                row.next();
                state.systemId = OptionalLong.of(row.getLong(1));
            }
        }
        return state.systemId.getAsLong();
    }

    /**
     * A commit that the server has carried out.
     *
     * @param warning says that it is not what was asked for: durable here, but not on the standby that it has to be
     *     durable on
     */
    record Commit(Position position, Optional<SQLWarning> warning) {}

    /**
     * Ends a transaction and reads the flushed end of the log, which then lies behind the commit, in one round trip. A
     * failure to do so leaves unknown whether the transaction took place only if the connection broke.
     */
    Commit commit() throws SQLException {
        long cluster = systemId();
        try (PreparedStatement statement = prepare("COMMIT;\n" + FLUSHED_POSITION)) {
            statement.execute();
            Optional<SQLWarning> warning = Optional.ofNullable(statement.getWarnings());
            statement.getMoreResults();
            try (ResultSet row = statement.getResultSet()) {
                row.next();
                return new Commit(position(cluster, row), warning);
            }
        }
    }

    /**
     * Which server this is.
     *
     * @param timeline that it writes; 0 for a standby
     */
    record Origin(long systemId, int timeline) {

        boolean isStandby() {
            return timeline == 0;
        }
    }

    /**
     * The server; asked once per connection. A primary never changes its timeline: a standby that is promoted does, and its
     * connections are given up for being read-only.
     */
    Origin origin() throws SQLException {
        if (state.origin.isEmpty()) {
            try (PreparedStatement statement = prepare(ORIGIN);
                    ResultSet row = statement.executeQuery()) {
                row.next();
                state.systemId = OptionalLong.of(row.getLong(1));
                state.origin = Optional.of(new Origin(row.getLong(1), row.getInt(2)));
            }
        }
        return state.origin.get();
    }

    /**
     * Throws what {@link SqlErrors#isSuperseded} recognises, unless the server is the newest primary that was met.
     */
    void require(PrimaryLineage lineage) throws SQLException {
        if (!lineage.admits(origin())) {
            throw SqlErrors.superseded(origin());
        }
    }

    /**
     * Adds to a chain what {@link #flushedPosition()} asks; its answer contains everything that the statements before it
     * have seen.
     */
    public void flushedPosition(StatementChain chain, Consumer<Position> told) throws SQLException {
        long cluster = systemId();
        chain.query(FLUSHED_POSITION, row -> {
            row.next();
            told.accept(position(cluster, row));
        });
    }

    private static Position position(long cluster, ResultSet row) throws SQLException {
        return new Position(cluster, Integer.parseInt(row.getString(2), 16), new Lsn(row.getLong(1)));
    }

    /** The flushed end of a primary's log: it contains every transaction committed before, on this connection or not. */
    public Position flushedPosition() throws SQLException {
        long cluster = systemId();
        try (PreparedStatement statement = prepare(FLUSHED_POSITION);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return position(cluster, row);
        }
    }
}
