package com.atlasco.atlas.postgres;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.TenantId;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.postgresql.PGConnection;
import org.postgresql.jdbc.PgConnection;

/**
 * A pool of connections to one server, a primary or a replica, that binds each connection to the tenant it works for.
 * Opens connections when they are first needed, so it can be made while the server is away. Thread-safe.
 */
public final class Database implements Sessions, AutoCloseable {

    private static final Duration LONGEST_CONNECTION_WAIT = Duration.ofSeconds(3);
    private static final int ATTEMPTS = 12;
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    // The memory is what decides whether the ids of a set are hashed: measured, a set of 100,000 takes 5 MB.
    private static final String CHOSEN_EACH_TIME =
            "-c plan_cache_mode=force_custom_plan -c work_mem=32MB -c enable_memoize=off";

    private static final String ROW_BY_ROW =
            "-c plan_cache_mode=force_generic_plan -c enable_mergejoin=off -c enable_hashjoin=off"
                    + " -c enable_seqscan=off -c enable_bitmapscan=off -c enable_material=off -c enable_memoize=off";

    private static final String PAGES = ROW_BY_ROW + " -c enable_sort=off -c work_mem=32MB";

    private final HikariDataSource pool;
    private final String name;
    private final Duration statementTimeout;
    private final Duration deadline;
    private final LongSupplier ticker;
    private final Watchdog watchdog;
    private final Breaker breaker;
    private final Probe probe;
    /** Absent for a server that is read whatever it is. */
    private final Optional<PrimaryLineage> lineage;
    // By the physical connection's identity: what a session has been told goes with it, whoever borrows it next.
    private final Cache<PGConnection, Session.State> states =
            Caffeine.newBuilder().weakKeys().build();

    private Database(
            HikariDataSource pool, PostgresSettings settings, Optional<PrimaryLineage> lineage, LongSupplier ticker) {
        this.pool = pool;
        this.lineage = lineage;
        this.name = settings.applicationName();
        this.statementTimeout = settings.statementTimeout();
        this.deadline = settings.deadline();
        this.ticker = ticker;
        this.watchdog = new Watchdog(name);
        this.breaker = new Breaker();
        this.probe = new Probe(settings);
    }

    /**
     * For reading, and for statements that are run now and then: plans are made for the actual values, so that partitions
     * are pruned and indexes chosen by them; planning takes well under 1 ms.
     */
    public static Database open(PostgresSettings settings) {
        return open(settings, Optional.empty());
    }

    /**
     * As {@link #open(PostgresSettings)}; where there is a lineage, the newest primary alone is asked: connections to
     * another server are given up, and work that finds no other fails with {@code source_unavailable}.
     */
    public static Database open(PostgresSettings settings, Optional<PrimaryLineage> lineage) {
        return open(settings, lineage, CHOSEN_EACH_TIME, DriverProperties.PREPARED_FROM);
    }

    /**
     * For the few statements that are run all the time, of writers, of pages and of look-ups: each is planned once, and so
     * that every row is found by itself through an index. Planning takes more time than most of them; and left to its
     * estimates, the planner merged the pivot of all texts with the 800 rows that were to go: 550 ms instead of 8.
     */
    public static Database openRowByRow(PostgresSettings settings) {
        return openRowByRow(settings, Optional.empty());
    }

    /** As {@link #openRowByRow(PostgresSettings)}, with the lineage of {@link #open(PostgresSettings, Optional)}. */
    public static Database openRowByRow(PostgresSettings settings, Optional<PrimaryLineage> lineage) {
        return open(settings, lineage, ROW_BY_ROW, DriverProperties.PREPARED_FROM);
    }

    /**
     * As {@link #openRowByRow}, for pages: sets of ids are hashed, since a plan for all values cannot know how large they
     * are, and sorting is for what has to be in an order. A plan for all values takes as long to make whether or not it is
     * kept, so it is kept from the first time on.
     */
    public static Database openForPages(PostgresSettings settings, Optional<PrimaryLineage> lineage) {
        return open(settings, lineage, PAGES, 1);
    }

    /**  preparedFrom which execution of a statement on a connection is the first that keeps its plan */
    private static Database open(
            PostgresSettings settings, Optional<PrimaryLineage> lineage, String planning, int preparedFrom) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(settings.applicationName());
        config.setJdbcUrl(settings.jdbcUrl());
        config.setUsername(settings.user());
        config.setPassword(settings.password());
        config.setMaximumPoolSize(settings.poolSize());
        config.setMinimumIdle(Math.min(settings.poolSize(), 2));
        config.setConnectionTimeout(connectionWait(settings.deadline()).toMillis());
        config.setValidationTimeout(1_000);
        config.setInitializationFailTimeout(-1);
        // Otherwise the pool asks its first connection for it, once; when that breaks at that moment, none works ever
        // after.
        config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        config.setDataSourceProperties(DriverProperties.of(settings, planning, preparedFrom));
        return new Database(new HikariDataSource(config), settings, lineage, System::nanoTime);
    }

    /** Leaves time for the work itself. */
    private static Duration connectionWait(Duration deadline) {
        Duration wait = deadline.multipliedBy(3).dividedBy(5);
        // The pool takes no less.
        Duration least = Duration.ofMillis(250);
        return wait.compareTo(LONGEST_CONNECTION_WAIT) > 0
                ? LONGEST_CONNECTION_WAIT
                : wait.compareTo(least) < 0 ? least : wait;
    }

    /**
     * Runs statements of one tenant, each its own transaction. The work may be run again after a conflict (on a replica,
     * one with replay), so it only reads, or writes a single statement.
     *
     * @throws AtlasException {@code source_unavailable} when the server cannot be reached, takes no writes, or does not
     *     answer by the deadline; {@code overloaded} after the statement timeout or when no connection comes free
     */
    public <T> T run(TenantId tenant, Work<T> work) {
        return attempt(
                session -> {
                    session.bind(tenant);
                    return work.run(session);
                },
                Kind.SINGLE);
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

    @Override
    public <T> T run(Work<T> work) {
        return attempt(work, Kind.SINGLE);
    }

    private <T> T guarded(Work<T> transaction) {
        Breaker.Verdict verdict = breaker.enter();
        if (verdict == Breaker.Verdict.REFUSED) {
            throw SqlErrors.turnedAway(name);
        }
        try {
            return attempt(transaction, Kind.TRANSACTION);
        } finally {
            if (verdict == Breaker.Verdict.TRY) {
                breaker.tried();
            }
        }
    }

    /** What a transaction returned, and a position that contains it. */
    public record Committed<T>(T result, Position position) {}

    /**
     * Runs one transaction of one tenant, again after a deadlock or serialization failure or on another connection when
     * the first turns out to be dead; the commit and the position behind it take one round trip. What the work leaves
     * behind outside the database must therefore be overwritten by a second run. While the server does not answer, one
     * caller at a time tries and the others are refused at once.
     *
     * <p>Work that takes long by its nature lifts its connection's network timeout, and the deadline with it.
     *
     * @throws AtlasException as {@link #run(TenantId, Work)}, and nothing was written; {@code outcome_unknown} when the
     *     connection broke, or the deadline came, while the transaction was being made durable
     */
    public <T> Committed<T> write(TenantId tenant, Work<T> work) {
        return write(tenant, work, () -> {});
    }

    /**
     * As {@link #write(TenantId, Work)}.
     *
     * @param committing run when the work is done and before the commit is sent, each time that this happens
     */
    public <T> Committed<T> write(TenantId tenant, Work<T> work, Runnable committing) {
        return guarded(session -> {
            session.bind(tenant);
            return new Transaction(session, pool::evictConnection).run(work, committing);
        });
    }

    /** What may be done again. */
    private enum Kind {
        /** Each statement is its own transaction: when the connection breaks, it may have taken place. */
        SINGLE,
        /** Nothing has taken place before the commit. */
        TRANSACTION
    }

    private <T> T attempt(Work<T> work, Kind kind) {
        long begun = ticker.getAsLong();
        boolean renewed = false;
        for (int attempt = 1; ; attempt++) {
            try {
                T result = once(work, kind, begun);
                if (kind == Kind.TRANSACTION) {
                    breaker.answered(ticker.getAsLong());
                }
                return result;
            } catch (SQLTimeoutException silence) {
                throw SqlErrors.silent(name, deadline, silence);
            } catch (SQLException failure) {
                if (kind == Kind.TRANSACTION && !renewed && SqlErrors.isConnectionLost(failure) && left(begun) > 0) {
                    // A connection from before a restart; those beside it are no better.
                    renewed = true;
                    pool.getHikariPoolMXBean().softEvictConnections();
                    continue;
                }
                if (!renewed && SqlErrors.isSuperseded(failure) && left(begun) > 0) {
                    // Those beside it may be from before the failover, too.
                    renewed = true;
                    pool.getHikariPoolMXBean().softEvictConnections();
                    continue;
                }
                if (!SqlErrors.isConflict(failure) || attempt == ATTEMPTS || left(begun) <= 0) {
                    if (kind == Kind.TRANSACTION && SqlErrors.isAway(failure)) {
                        breaker.unanswered(begun);
                    }
                    throw SqlErrors.translate(name, failure);
                }
                long pause = FIRST_PAUSE_NANOS << Math.min(attempt, 5);
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(pause / 2, pause));
            }
        }
    }

    private long left(long begun) {
        return deadline.toNanos() - (ticker.getAsLong() - begun);
    }

    private <T> T once(Work<T> work, Kind kind, long begun) throws SQLException {
        try (Connection connection = pool.getConnection();
                Watchdog.Watch watch =
                        watchdog.watch(connection.unwrap(PgConnection.class), Math.max(1, left(begun)))) {
            try {
                Session session = session(connection);
                if (lineage.isPresent()) {
                    session.require(lineage.get());
                }
                return work.run(session);
            } catch (SQLException failure) {
                if (SqlErrors.isReadOnly(failure)) {
                    pool.evictConnection(connection);
                }
                throw watch.expired() ? new SQLTimeoutException("no answer by the deadline", failure) : failure;
            } catch (AtlasException failure) {
                if (watch.expired() && failure.problem().code() == ErrorCode.OUTCOME_UNKNOWN) {
                    // A commit waits for no lock, but for the disk or the synchronous standby: as all others will.
                    breaker.unanswered(begun);
                }
                throw failure;
            } finally {
                if (watch.expired()) {
                    pool.evictConnection(connection);
                    if (kind == Kind.TRANSACTION) {
                        // Perhaps it waited for a lock, which is nobody else's trouble.
                        probe.ifSilent(() -> breaker.unanswered(begun));
                    }
                }
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
        watchdog.close();
    }
}
