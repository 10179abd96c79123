package com.atlasco.atlas.postgres;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.TenantId;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.postgresql.PGConnection;

/**
 * A pool of connections to one server, a primary or a replica, that binds each connection to the tenant it works for.
 * Opens connections when they are first needed, so it can be made while the server is away. Thread-safe.
 */
public final class Database implements AutoCloseable {

    private static final Duration CONNECTION_WAIT = Duration.ofSeconds(3);
    private static final int ATTEMPTS = 12;
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final HikariDataSource pool;
    private final String name;
    private final Duration statementTimeout;
    // By the physical connection's identity: what a session has been told goes with it, whoever borrows it next.
    private final Cache<PGConnection, Session.State> states =
            Caffeine.newBuilder().weakKeys().build();

    private Database(HikariDataSource pool, PostgresSettings settings) {
        this.pool = pool;
        this.name = settings.applicationName();
        this.statementTimeout = settings.statementTimeout();
    }

    /**
     * For reading, and for statements that are run now and then: plans are made for the actual values, so that partitions
     * are pruned and indexes chosen by them; planning takes well under 1 ms.
     */
    public static Database open(PostgresSettings settings) {
        return open(settings, "-c plan_cache_mode=force_custom_plan");
    }

    /**
     * For the few statements that writers run all the time: each is planned once, and so that every row is found by
     * itself through an index. Left to its estimates, the planner merged the pivot of all texts with the 800 rows that
     * were to go: 550 ms instead of 8.
     */
    public static Database openForWriting(PostgresSettings settings) {
        return open(
                settings,
                "-c plan_cache_mode=force_generic_plan -c enable_mergejoin=off -c enable_hashjoin=off"
                        + " -c enable_seqscan=off -c enable_bitmapscan=off -c enable_material=off");
    }

    private static Database open(PostgresSettings settings, String planning) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(settings.applicationName());
        config.setJdbcUrl(settings.jdbcUrl());
        config.setUsername(settings.user());
        config.setPassword(settings.password());
        config.setMaximumPoolSize(settings.poolSize());
        config.setMinimumIdle(Math.min(settings.poolSize(), 2));
        config.setConnectionTimeout(CONNECTION_WAIT.toMillis());
        config.setValidationTimeout(1_000);
        config.setInitializationFailTimeout(-1);
        config.addDataSourceProperty("ApplicationName", settings.applicationName());
        config.addDataSourceProperty("connectTimeout", "2");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        // A peer that vanished without a word is noticed some time after the statement should have ended.
        config.addDataSourceProperty(
                "socketTimeout", Long.toString(settings.statementTimeout().toSeconds() + 10));
        config.addDataSourceProperty("prepareThreshold", "3");
        // No JIT: it costs more than any of these statements takes.
        config.addDataSourceProperty(
                "options",
                "-c statement_timeout=%d -c jit=off -c idle_in_transaction_session_timeout=60000 %s"
                        .formatted(settings.statementTimeout().toMillis(), planning));
        return new Database(new HikariDataSource(config), settings);
    }

    /** What is done with a connection. */
    @FunctionalInterface
    public interface Work<T> {
        T run(Session session) throws SQLException;
    }

    /**
     * Runs statements of one tenant, each its own transaction. The work may be run again after a conflict (on a replica,
     * one with replay), so it only reads, or writes a single statement.
     *
     * @throws AtlasException {@code source_unavailable} when the server cannot be reached or takes no writes,
     *     {@code overloaded} after the statement timeout
     */
    public <T> T run(TenantId tenant, Work<T> work) {
        return attempt(session -> {
            session.bind(tenant);
            return work.run(session);
        });
    }

    /**
     * As {@link #run(TenantId, Work)}, for several statements that have to see the same rows: one snapshot for all of
     * them.
     */
    public <T> T snapshot(TenantId tenant, Work<T> work) {
        return run(tenant, session -> {
            Connection connection = session.connection();
            try (Statement statement = connection.createStatement()) {
                statement.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
                try {
                    T result = work.run(session);
                    statement.execute("COMMIT");
                    return result;
                } catch (SQLException | RuntimeException failure) {
                    rollback(statement, failure);
                    throw failure;
                }
            }
        });
    }

    private static void rollback(Statement statement, Exception failure) {
        try {
            statement.execute("ROLLBACK");
        } catch (SQLException second) {
            failure.addSuppressed(second);
        }
    }

    /** As {@link #run(TenantId, Work)}, for statements that see no rows of any tenant. */
    public <T> T run(Work<T> work) {
        return attempt(work);
    }

    /**
     * Runs one transaction of one tenant, again after a deadlock or serialization failure, then {@code afterCommit} on
     * the same connection. What the work leaves behind outside the database must therefore be overwritten by a second run.
     *
     * @throws AtlasException as {@link #run(TenantId, Work)}
     */
    public <T, R> R transaction(TenantId tenant, Work<T> work, AfterCommit<T, R> afterCommit) {
        return attempt(session -> {
            session.bind(tenant);
            T result = inTransaction(session.connection(), session, work);
            try {
                return afterCommit.run(session, result);
            } catch (SQLException failure) {
                // Durable, but this connection is gone: nothing may be run a second time from here on.
                throw outcomeUnknown(failure);
            }
        });
    }

    /** What a transaction returned, and a position that contains it. */
    public record Committed<T>(T result, Position position) {}

    /**
     * Runs one transaction of one tenant on the primary, again after a deadlock or serialization failure. What the work
     * leaves behind outside the database must therefore be overwritten by a second run.
     *
     * @throws AtlasException as {@link #run(TenantId, Work)}; {@code outcome_unknown} when the connection broke while the
     *     transaction was being made durable
     */
    public <T> Committed<T> write(TenantId tenant, Work<T> work) {
        return attempt(session -> {
            session.bind(tenant);
            Connection connection = session.connection();
            connection.setAutoCommit(false);
            try {
                T result = work.run(session);
                Position position = commit(session);
                connection.setAutoCommit(true);
                return new Committed<>(result, position);
            } catch (SQLException | RuntimeException failure) {
                rollback(connection, failure);
                throw failure;
            }
        });
    }

    private static Position commit(Session session) throws SQLException {
        // Asked for before: what fails in here may have taken place.
        session.systemId();
        try {
            return session.commit();
        } catch (SQLException failure) {
            if (SqlErrors.isUnreachable(failure)) {
                throw outcomeUnknown(failure);
            }
            throw failure;
        }
    }

    /** What is done when a transaction is durable. */
    @FunctionalInterface
    public interface AfterCommit<T, R> {
        R run(Session session, T result) throws SQLException;
    }

    private static <T> T inTransaction(Connection connection, Session session, Work<T> work) throws SQLException {
        connection.setAutoCommit(false);
        try {
            T result = work.run(session);
            commit(connection);
            connection.setAutoCommit(true);
            return result;
        } catch (SQLException | RuntimeException failure) {
            rollback(connection, failure);
            throw failure;
        }
    }

    /** A commit that the server refused did not take place; one whose answer never came may have. */
    private static void commit(Connection connection) throws SQLException {
        try {
            connection.commit();
        } catch (SQLException failure) {
            if (SqlErrors.isUnreachable(failure)) {
                throw outcomeUnknown(failure);
            }
            throw failure;
        }
    }

    private static AtlasException outcomeUnknown(SQLException failure) {
        return Problem.of(
                        ErrorCode.OUTCOME_UNKNOWN,
                        "the connection to the primary broke while the write was being made durable: it may have taken"
                                + " place")
                .hint("Read the entity to see. A write that names its entity_id may be sent again.")
                .asException(failure);
    }

    private static void rollback(Connection connection, Exception failure) {
        try {
            connection.rollback();
            // Never after a rollback that failed: turning it on would commit.
            connection.setAutoCommit(true);
        } catch (SQLException second) {
            failure.addSuppressed(second);
        }
    }

    private <T> T attempt(Work<T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return once(work);
            } catch (SQLException failure) {
                if (!SqlErrors.isConflict(failure) || attempt == ATTEMPTS) {
                    throw SqlErrors.translate(name, failure);
                }
                long pause = FIRST_PAUSE_NANOS << Math.min(attempt, 5);
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(pause / 2, pause));
            }
        }
    }

    private <T> T once(Work<T> work) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            try {
                return work.run(session(connection));
            } catch (SQLException failure) {
                if (SqlErrors.isReadOnly(failure)) {
                    pool.evictConnection(connection);
                }
                throw failure;
            }
        }
    }

    private Session session(Connection connection) throws SQLException {
        return new Session(
                connection, states.get(connection.unwrap(PGConnection.class), physical -> new Session.State()));
    }

    /** After which the server gives a statement up. */
    public Duration statementTimeout() {
        return statementTimeout;
    }

    @Override
    public void close() {
        pool.close();
    }
}
