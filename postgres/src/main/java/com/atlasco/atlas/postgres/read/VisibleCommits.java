package com.atlasco.atlas.postgres.read;

import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.postgres.Session;
import com.atlasco.atlas.postgres.Sessions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Waits until a primary shows what others have shown already. A commit is durable in the log a moment before the primary's
 * other transactions see it, by microseconds, or by as long as a synchronous standby is awaited, or its process is not
 * scheduled; a replica, and change capture, may show it in between. Thread-safe.
 *
 * <p>Whatever is in the log by now was written by a transaction that is visible, or by one that is committing now. So it is
 * enough that those have ended.
 */
public final class VisibleCommits {

    /** A commit that takes longer, and awaits no standby, is none: a statement that is its own transaction is at work. */
    static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

    // The ids of a snapshot would not do: it lists none beyond the last that completed, where the newest mostly is.
    // A backend says that it commits before it does. A node writes by explicit transactions; of others a statement
    // may be a transaction of its own.
    private static final String COMMITTING = """
            SELECT backend_xid::text::bigint, coalesce(wait_event = 'SyncRep', false)
            FROM pg_stat_get_activity(NULL)
            WHERE backend_xid IS NOT NULL
              AND coalesce(backend_type, '') NOT LIKE 'autovacuum %'
              AND datid = (SELECT oid FROM pg_database WHERE datname = current_database())
              AND NOT coalesce(
                  state LIKE 'idle in transaction%'
                      OR (state = 'active' AND application_name LIKE 'atlas %' AND query !~* '\\y(commit|end|prepare)\\y'),
                  false)""";

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Supplier<Map<Long, Boolean>> committing;
    private final LongSupplier ticker;
    private volatile Optional<Position> shown = Optional.empty();

    /**
     * Asks nothing yet.
     *
     * @param committing the transactions that may be committing at some moment after the call, and whether they await a
     *     standby: {@link #committing(Sessions)}, shared by those who ask at once
     * @param ticker nanoseconds of a monotonic clock
     */
    public VisibleCommits(Supplier<Map<Long, Boolean>> committing, LongSupplier ticker) {
        this.committing = committing;
        this.ticker = ticker;
    }

    /**
     * Returns when everything committed up to a position, which the primary's log has passed, is visible to whoever asks from
     * now on; after {@link #LONGEST_WAIT} also when something is at work that may be a commit.
     *
     * @throws com.atlasco.atlas.model.AtlasException {@code source_unavailable}; {@code freshness_unavailable} when a commit
     *     has awaited a standby for that long, and others may have shown it
     */
    public void await(Position position) {
        if (shown.filter(known -> known.contains(position)).isEmpty() && await()) {
            // Of two that end at once the smaller may stay: the next one asks again.
            shown = Optional.of(position);
        }
    }

    /**
     * As {@link #await(Position)}, for all that is in the log now.
     *
     * @return false after the longest wait
     */
    public boolean await() {
        long begun = ticker.getAsLong();
        Map<Long, Boolean> running = new HashMap<>(committing.get());
        while (!running.isEmpty()) {
            if (ticker.getAsLong() - begun > LONGEST_WAIT.toNanos()) {
                if (running.containsValue(true)) {
                    throw Problem.of(
                                    ErrorCode.FRESHNESS_UNAVAILABLE,
                                    "the primary does not show yet what others may have shown: a commit has awaited a standby for "
                                            + LONGEST_WAIT.toSeconds() + " s")
                            .hint("try again in a moment, or read from where the token was given")
                            .asException();
                }
                return false;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
            Map<Long, Boolean> now = committing.get();
            running.keySet().retainAll(now.keySet());
            running.replaceAll((transaction, _) -> now.getOrDefault(transaction, false));
        }
        return true;
    }

    /** Over a connection that is in no transaction; what it cannot tell is {@code source_unavailable}. */
    public static VisibleCommits over(Connection connection) {
        return new VisibleCommits(
                () -> {
                    try {
                        return committing(connection);
                    } catch (SQLException failed) {
                        throw Problem.of(
                                        ErrorCode.SOURCE_UNAVAILABLE,
                                        "the primary does not tell what is being committed: " + failed.getMessage())
                                .asException();
                    }
                },
                System::nanoTime);
    }

    /** The transactions that may be committing on a primary, by their ids, and whether they await a standby. */
    public static Map<Long, Boolean> committing(Sessions primary) {
        return primary.run(VisibleCommits::committing);
    }

    private static Map<Long, Boolean> committing(Session session) throws SQLException {
        try (PreparedStatement statement = session.prepare(COMMITTING)) {
            return committing(statement);
        }
    }

    private static Map<Long, Boolean> committing(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(COMMITTING)) {
            return committing(statement);
        }
    }

    private static Map<Long, Boolean> committing(PreparedStatement statement) throws SQLException {
        Map<Long, Boolean> committing = new HashMap<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                committing.put(row.getLong(1), row.getBoolean(2));
            }
        }
        return committing;
    }
}
