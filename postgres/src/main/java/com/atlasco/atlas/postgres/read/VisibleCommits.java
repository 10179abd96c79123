package com.atlasco.atlas.postgres.read;

import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.postgres.Session;
import com.atlasco.atlas.postgres.Sessions;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Waits until a primary shows what others have shown already. A commit is durable in the log a moment before the primary's
 * other transactions see it, by microseconds, or by as long as a synchronous standby is awaited, or its process is not
 * scheduled; a replica, and change capture, may show it in between. Thread-safe.
 *
 * <p>Whatever is in the log by now was written by a transaction that is visible, or among those in progress now. So it is
 * enough that those have ended.
 */
public final class VisibleCommits {

    /** A transaction that takes longer is at work, not about to become visible. */
    static final Duration LONGEST_WAIT = Duration.ofMillis(250);

    private static final String SNAPSHOT = "SELECT pg_current_snapshot()::text";
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Supplier<Set<Long>> inProgress;
    private final LongSupplier ticker;
    private volatile Optional<Position> shown = Optional.empty();

    /**
     * Asks nothing yet.
     *
     * @param inProgress the transactions in progress at some moment after the call: {@link #inProgress(Sessions)}, shared
     *     by those who ask at once
     * @param ticker nanoseconds of a monotonic clock
     */
    public VisibleCommits(Supplier<Set<Long>> inProgress, LongSupplier ticker) {
        this.inProgress = inProgress;
        this.ticker = ticker;
    }

    /**
     * Returns when everything committed up to a position, which the primary's log has passed, is visible to whoever asks from
     * now on; after {@link #LONGEST_WAIT} in any case.
     *
     * @throws com.atlasco.atlas.model.AtlasException {@code source_unavailable}
     */
    public void await(Position position) {
        if (shown.filter(known -> known.contains(position)).isPresent()) {
            return;
        }
        long begun = ticker.getAsLong();
        Set<Long> running = new HashSet<>(inProgress.get());
        while (!running.isEmpty()) {
            if (ticker.getAsLong() - begun > LONGEST_WAIT.toNanos()) {
                return;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
            running.retainAll(inProgress.get());
        }
        // Of two that end at once the smaller may stay: the next one asks again.
        shown = Optional.of(position);
    }

    /** The transactions in progress on a primary, by their ids. */
    public static Set<Long> inProgress(Sessions primary) {
        return primary.run(VisibleCommits::inProgress);
    }

    private static Set<Long> inProgress(Session session) throws SQLException {
        try (PreparedStatement statement = session.prepare(SNAPSHOT);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return inProgress(row.getString(1));
        }
    }

    /** Of a snapshot's text: {@code xmin:xmax:xid,xid,…}. */
    static Set<Long> inProgress(String snapshot) {
        Set<Long> running = new HashSet<>();
        String list = snapshot.substring(snapshot.lastIndexOf(':') + 1);
        if (!list.isEmpty()) {
            for (String id : list.split(",", -1)) {
                running.add(Long.parseLong(id));
            }
        }
        return running;
    }
}
