package com.atlasco.atlas.postgres.tenant;

import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.Database;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the rows of tenants that are being deleted, a small transaction at a time, with a pause after each that is as
 * long as it took: other tenants' writers get at least half of the disk. What has been done stands in the database, so
 * any node goes on where another stopped: at once after an orderly stop, otherwise when its lease has run out.
 */
public final class TenantDeletions implements AutoCloseable {

    /** Rows a transaction; measured: larger ones save little and make other writers' worst times longer. */
    public static final int CHUNK = 2_000;

    static final Duration LEASE = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(TenantDeletions.class);
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(500);
    private static final long LEAST_PAUSE_NANOS = Duration.ofMillis(10).toNanos();

    private final Database primary;
    private final String node;
    private final int chunk;
    private final ScheduledExecutorService worker;
    private volatile boolean leasing;

    private TenantDeletions(Database primary, String node, int chunk, ScheduledExecutorService worker) {
        this.primary = primary;
        this.node = node;
        this.chunk = chunk;
        this.worker = worker;
    }

    /**
     * Works until it is closed.
     *
     * @param primary of its own, with a statement timeout of minutes: counting a large tenant takes a while
     * @param node unlike that of any other running node
     * @param chunk rows a transaction, such as {@link #CHUNK}
     */
    public static TenantDeletions start(Database primary, String node, int chunk) {
        ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("atlas-tenant-deletion").factory());
        TenantDeletions deletions = new TenantDeletions(primary, node, chunk, worker);
        long period = LOOK_INTERVAL.toMillis();
        var _ = worker.scheduleWithFixedDelay(deletions::work, period, period, TimeUnit.MILLISECONDS);
        return deletions;
    }

    private record Step(boolean finished, long deleted) {}

    private void work() {
        try {
            for (TenantId tenant : pending()) {
                deleteOrPutOff(tenant);
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failure) {
            // The schedule goes on, and with it the deletion.
            LOG.warn("the deletions of tenants have to wait: {}", failure.getMessage());
        }
    }

    private void deleteOrPutOff(TenantId tenant) throws InterruptedException {
        try {
            delete(tenant);
        } catch (RuntimeException failure) {
            // Those behind it do not wait for it.
            LOG.warn("the deletion of tenant {} has to wait: {}", tenant, failure.getMessage());
        }
    }

    private void delete(TenantId tenant) throws InterruptedException {
        long deleted = 0;
        while (!worker.isShutdown()) {
            long began = System.nanoTime();
            Optional<Step> step = step(tenant);
            if (step.isEmpty()) {
                return;
            }
            leasing = !step.get().finished();
            deleted += step.get().deleted();
            if (step.get().finished()) {
                LOG.info("Tenant {} is deleted; this node removed {} rows of it", tenant, deleted);
                return;
            }
            TimeUnit.NANOSECONDS.sleep(Math.max(LEAST_PAUSE_NANOS, System.nanoTime() - began));
        }
    }

    private List<TenantId> pending() {
        return primary.run(session -> {
            List<TenantId> tenants = new ArrayList<>();
            try (PreparedStatement statement = session.prepare("SELECT * FROM atlas_pending_deletions()");
                    ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    tenants.add(new TenantId(rows.getLong(1)));
                }
            }
            return tenants;
        });
    }

    private Optional<Step> step(TenantId tenant) {
        return primary.run(session -> {
            try (PreparedStatement statement = session.prepare(
                    "SELECT finished, deleted FROM atlas_delete_tenant_step(?, ?, make_interval(secs => ?), ?)")) {
                statement.setLong(1, tenant.value());
                statement.setString(2, node);
                statement.setLong(3, LEASE.toSeconds());
                statement.setInt(4, chunk);
                try (ResultSet row = statement.executeQuery()) {
                    return row.next() ? Optional.of(new Step(row.getBoolean(1), row.getLong(2))) : Optional.empty();
                }
            }
        });
    }

    private void release() {
        try {
            primary.run(session -> {
                try (PreparedStatement statement = session.prepare("SELECT atlas_release_deletions(?)")) {
                    statement.setString(1, node);
                    return statement.execute();
                }
            });
        } catch (RuntimeException away) {
            LOG.debug("leases run out by themselves", away);
        }
    }

    /** Lets the step under way finish, for two seconds at most, and others go on. */
    @Override
    public void close() {
        // No interruption: it would break the step's connection.
        worker.shutdown();
        try {
            if (!worker.awaitTermination(2, TimeUnit.SECONDS)) {
                worker.shutdownNow();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            worker.shutdownNow();
        }
        if (leasing) {
            release();
        }
    }
}
