package com.atlasco.atlas.postgres.write;

import com.atlasco.atlas.postgres.Database;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets idempotency keys when they are old: every minute, in the background, and in steps that hold few locks for a
 * short time. Several nodes may do it at once.
 */
public final class IdempotencyRetention implements AutoCloseable {

    /** How long a key is remembered at least, unless it is configured otherwise. */
    public static final Duration DEFAULT = Duration.ofHours(24);

    private static final Logger LOG = LoggerFactory.getLogger(IdempotencyRetention.class);
    private static final Duration PERIOD = Duration.ofMinutes(1);
    private static final int KEYS_PER_STEP = 5_000;
    private static final String FORGET = "SELECT atlas_forget_idempotency_keys(make_interval(secs => ?), ?)";

    private final ScheduledExecutorService scheduler;

    private IdempotencyRetention(ScheduledExecutorService scheduler) {
        this.scheduler = scheduler;
    }

    /** Begins; the database is not closed with it. */
    public static IdempotencyRetention start(Database primary, Duration retention) {
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("atlas-retention").factory());
        var _ = scheduler.scheduleWithFixedDelay(
                () -> turn(primary, retention), PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
        return new IdempotencyRetention(scheduler);
    }

    /**
     * Forgets all keys, of every tenant, that are older than that.
     *
     * @return how many there were
     */
    public static long forget(Database primary, Duration retention) {
        long forgotten = 0;
        while (true) {
            long step = primary.run(session -> {
                try (PreparedStatement statement = session.prepare(FORGET)) {
                    statement.setDouble(1, retention.toMillis() / 1_000.0);
                    statement.setInt(2, KEYS_PER_STEP);
                    try (ResultSet row = statement.executeQuery()) {
                        row.next();
                        return row.getLong(1);
                    }
                }
            });
            forgotten += step;
            if (step < KEYS_PER_STEP || Thread.currentThread().isInterrupted()) {
                return forgotten;
            }
        }
    }

    private static void turn(Database primary, Duration retention) {
        try {
            long forgotten = forget(primary, retention);
            LOG.debug("{} idempotency keys were old and are forgotten", forgotten);
        } catch (RuntimeException failure) {
            // The next turn does what this one could not.
            LOG.warn("old idempotency keys could not be forgotten: {}", failure.getMessage());
        }
    }

    @Override
    public void close() {
        scheduler.shutdownNow();
    }
}
