package com.atlasco.atlas.postgres.tenant;

import com.atlasco.atlas.postgres.Database;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells what is in memory when the primary has newer: one small query every {@link #POLL_INTERVAL}, whatever the number
 * of tenants and keys, so that a node knows of a revocation, a quota or a deletion well within a second. While the
 * primary is away what is in memory stays as it is.
 */
public final class TenancyWatch implements AutoCloseable {

    /** How often the primary is asked whether anything has changed. */
    public static final Duration POLL_INTERVAL = Duration.ofMillis(250);

    private static final Logger LOG = LoggerFactory.getLogger(TenancyWatch.class);

    private final Database primary;
    private final List<Refreshed> refreshed;
    private final ScheduledExecutorService poller;
    private long seen = -1;
    private boolean away;

    /** What is kept in memory. */
    public interface Refreshed {

        /** Reads again what is in memory; throws when it cannot, and is then asked again. */
        void refresh();

        /** Called with every poll, whether or not anything has changed. */
        void tick();
    }

    private TenancyWatch(Database primary, List<Refreshed> refreshed, ScheduledExecutorService poller) {
        this.primary = primary;
        this.refreshed = List.copyOf(refreshed);
        this.poller = poller;
    }

    /** Watches until it is closed; closes neither the database nor what it refreshes. */
    public static TenancyWatch start(Database primary, List<Refreshed> refreshed) {
        ScheduledExecutorService poller = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("atlas-tenancy").factory());
        TenancyWatch watch = new TenancyWatch(primary, refreshed, poller);
        long period = POLL_INTERVAL.toMillis();
        var _ = poller.scheduleWithFixedDelay(watch::poll, period, period, TimeUnit.MILLISECONDS);
        return watch;
    }

    private void poll() {
        try {
            // Read before what it stands for: a change in between is read twice and never missed.
            long version = primary.run(TenancyVersion::read);
            if (version != seen) {
                refreshed.forEach(Refreshed::refresh);
                seen = version;
            }
            refreshed.forEach(Refreshed::tick);
            away = false;
        } catch (RuntimeException failure) {
            // The schedule goes on: the next poll finds out what this one could not.
            if (!away) {
                LOG.warn("tenants and keys could not be refreshed: {}", failure.getMessage());
            }
            away = true;
        }
    }

    @Override
    public void close() {
        poller.shutdownNow();
    }
}
