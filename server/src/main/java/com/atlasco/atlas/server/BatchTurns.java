package com.atlasco.atlas.server;

import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.TenantId;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Lets few batches of one tenant be written at once; the others wait in the order in which they came, holding nothing.
 * Batches lock their entities until they are committed. Where many are under way, each waits for rows of another one while
 * others wait for its own, and the server's cores are idle: in turns, the same batches take as long as their work does.
 * Tenants have no entity in common and do not wait for each other. Thread-safe.
 */
final class BatchTurns {

    private final int atOnce;
    private final Duration patience;
    private final ConcurrentMap<TenantId, Turns> tenants = new ConcurrentHashMap<>();

    /** One tenant's, while there is a batch that has its turn or waits for it. */
    private static final class Turns {
        private final Semaphore free;
        private int users;

        Turns(int atOnce) {
            this.free = new Semaphore(atOnce, true);
        }
    }

    /**
     * Turns that are all free.
     *
     * @param atOnce how many batches of a tenant, from 1
     * @param patience the longest that a batch waits for its turn
     */
    BatchTurns(int atOnce, Duration patience) {
        this.atOnce = atOnce;
        this.patience = patience;
    }

    /**
     * Writes when the batch's turn has come.
     *
     * @throws com.atlasco.atlas.model.AtlasException {@code overloaded}, before anything was written, when it does not
     *     come in time
     */
    <T> T await(TenantId tenant, Supplier<T> write) {
        Turns turns = tenants.compute(tenant, (id, known) -> {
            Turns own = known == null ? new Turns(atOnce) : known;
            own.users++;
            return own;
        });
        try {
            acquire(turns.free);
            try {
                return write.get();
            } finally {
                turns.free.release();
            }
        } finally {
            tenants.compute(tenant, (id, known) -> --turns.users == 0 ? null : known);
        }
    }

    /** Tenants of which a batch is written or waits. */
    int busyTenants() {
        return tenants.size();
    }

    private void acquire(Semaphore free) {
        try {
            if (!free.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw Problem.of(
                                ErrorCode.OVERLOADED,
                                "%d batches of the tenant are being written, and this one's turn did not come within %d s"
                                        .formatted(atOnce, patience.toSeconds()))
                        .hint("Send fewer batches at once, and larger ones.")
                        .retryAfter(Duration.ofSeconds(1))
                        .asException();
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw Problem.of(ErrorCode.OVERLOADED, "the server is stopping")
                    .hint("Send it again to another node, or in a moment.")
                    .asException(stopping);
        }
    }
}
