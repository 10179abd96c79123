package com.atlasco.atlas.postgres;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.postgresql.jdbc.PgConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection, for what asks a server again and again whether it is there. It is made anew at the first question
 * after it broke: a pool would wait between its tries, up to five seconds after a longer outage. Makes the connection
 * when it is first needed. Thread-safe; questions wait for one another.
 */
public final class Line implements Sessions, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Line.class);

    private final PostgresSettings settings;
    private final Optional<PrimaryLineage> lineage;
    private final Watchdog watchdog;
    private final ReentrantLock lock = new ReentrantLock();
    private Optional<Session> open = Optional.empty();

    /** A line to this server; the size of the pool does not matter. */
    public Line(PostgresSettings settings) {
        this(settings, Optional.empty());
    }

    /** A line to the newest primary alone, where there is a lineage. */
    public Line(PostgresSettings settings, Optional<PrimaryLineage> lineage) {
        this.settings = settings;
        this.lineage = lineage;
        this.watchdog = new Watchdog(settings.applicationName());
    }

    @Override
    public <T> T run(Work<T> work) {
        lock.lock();
        try {
            boolean used = open.isPresent();
            try {
                return once(work);
            } catch (SQLException failure) {
                // A connection from before a restart, or a failover.
                if (used && (SqlErrors.isConnectionLost(failure) || SqlErrors.isSuperseded(failure))) {
                    return once(work);
                }
                throw failure;
            }
        } catch (SQLTimeoutException silence) {
            throw SqlErrors.silent(settings.applicationName(), settings.deadline(), silence);
        } catch (SQLException failure) {
            throw SqlErrors.translate(settings.applicationName(), failure);
        } finally {
            lock.unlock();
        }
    }

    private <T> T once(Work<T> work) throws SQLException {
        Session session = session();
        try (Watchdog.Watch watch = watchdog.watch(
                session.connection().unwrap(PgConnection.class),
                settings.deadline().toNanos())) {
            try {
                if (lineage.isPresent()) {
                    session.require(lineage.get());
                }
                return work.run(session);
            } catch (SQLException failure) {
                throw watch.expired() ? new SQLTimeoutException("no answer by the deadline", failure) : failure;
            }
        } catch (SQLException failure) {
            // Whatever it was: a new connection costs little, and an old one may lead to a server that was replaced.
            hangUp();
            throw failure;
        }
    }

    private Session session() throws SQLException {
        if (open.isEmpty()) {
            Connection connection =
                    DriverManager.getConnection(settings.jdbcUrl(), DriverProperties.withLogin(settings, ""));
            open = Optional.of(new Session(connection, new Session.State()));
        }
        return open.get();
    }

    private void hangUp() {
        Optional<Session> last = open;
        open = Optional.empty();
        last.ifPresent(session -> {
            try {
                session.connection().abort(Runnable::run);
            } catch (SQLException failure) {
                LOG.debug("a connection to '{}' was not ended cleanly", settings.applicationName(), failure);
            }
        });
    }

    /** Waits for the question under way. */
    @Override
    public void close() {
        lock.lock();
        try {
            hangUp();
        } finally {
            lock.unlock();
        }
        watchdog.close();
    }
}
