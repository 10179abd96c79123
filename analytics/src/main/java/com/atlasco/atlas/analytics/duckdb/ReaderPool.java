package com.atlasco.atlas.analytics.duckdb;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.duckdb.DuckDBConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connections that queries run on, one query each at a time, in a transaction that sees one state. */
final class ReaderPool implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ReaderPool.class);

    private final Queue<DuckDBConnection> idle = new ConcurrentLinkedQueue<>();
    private final Semaphore turns;
    private final int size;
    private final Duration timeout;
    private final Consumer<SQLException> onFailure;
    private volatile boolean closed;

    private ReaderPool(int size, Duration timeout, Consumer<SQLException> onFailure) {
        this.onFailure = onFailure;
        this.turns = new Semaphore(size, true);
        this.size = size;
        this.timeout = timeout;
    }

    /** @param onFailure is told what DuckDB threw before the caller is */
    static ReaderPool open(DuckDBConnection root, int size, Duration timeout, Consumer<SQLException> onFailure)
            throws SQLException {
        ReaderPool pool = new ReaderPool(size, timeout, onFailure);
        try {
            for (int i = 0; i < size; i++) {
                DuckDBConnection connection = root.duplicate();
                pool.idle.add(connection);
                connection.setAutoCommit(false);
            }
        } catch (SQLException failure) {
            pool.close();
            throw failure;
        }
        return pool;
    }

    /** What one reader does on its connection. */
    interface Reading<T> {
        T run(Connection connection, StatementRunner runner) throws SQLException;
    }

    <T> T read(Reading<T> reading) {
        DuckDBConnection connection = take();
        try {
            return inTransaction(connection, reading);
        } catch (SQLException failure) {
            onFailure.accept(failure);
            throw closed ? DuckDbErrors.closed() : DuckDbErrors.query(failure, timeout);
        } finally {
            idle.add(connection);
            turns.release();
        }
    }

    private <T> T inTransaction(DuckDBConnection connection, Reading<T> reading) throws SQLException {
        boolean done = false;
        try {
            T result = reading.run(connection, this::query);
            connection.commit();
            done = true;
            return result;
        } finally {
            if (!done) {
                rollback(connection);
            }
        }
    }

    private ResultSet query(PreparedStatement statement) throws SQLException {
        statement.setQueryTimeout((int) timeout.toSeconds());
        return statement.executeQuery();
    }

    private static void rollback(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException failure) {
            LOG.debug("A reader's failed transaction could not be rolled back", failure);
        }
    }

    private DuckDBConnection take() {
        if (closed) {
            throw DuckDbErrors.closed();
        }
        try {
            if (!turns.tryAcquire(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw DuckDbErrors.busy(timeout);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw DuckDbErrors.busy(timeout);
        }
        DuckDBConnection connection = idle.poll();
        if (closed || connection == null) {
            if (connection != null) {
                idle.add(connection);
            }
            turns.release();
            throw DuckDbErrors.closed();
        }
        return connection;
    }

    /** Lets running queries end within their time limit, then closes the connections. */
    @Override
    public void close() {
        closed = true;
        turns.acquireUninterruptibly(size);
        try {
            for (DuckDBConnection connection = idle.poll(); connection != null; connection = idle.poll()) {
                connection.close();
            }
        } catch (SQLException failure) {
            LOG.warn("A reader's connection could not be closed", failure);
        } finally {
            turns.release(size);
        }
    }
}
