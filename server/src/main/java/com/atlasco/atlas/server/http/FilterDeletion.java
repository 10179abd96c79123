package com.atlasco.atlas.server.http;

import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.postgres.write.EntityDeleter.Deletion;
import com.atlasco.atlas.query.Cursor;
import com.atlasco.atlas.query.EntityPage;
import com.atlasco.atlas.server.Writes.PartDeleted;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Deletes page by page, in the order of ids, as fast as the tenant may. A page is never larger than what may be deleted at
 * once: found long before it is deleted, it would mostly be looked at in vain.
 */
final class FilterDeletion {

    /** Few enough to keep locks short, as in batches. */
    static final int PAGE = 1_000;

    private final Entities entities;
    private final long limit;
    private final Optional<Duration> patience;
    private final LongSupplier ticker;

    /** What the filter keeps. */
    interface Entities {

        /** How many may be deleted in a transaction, from 1. */
        int mostAtOnce(int most);

        EntityPage find(int most, Optional<Cursor> after);

        /** Deletes in one transaction, waiting for the tenant's turn; of these perhaps only the first. */
        PartDeleted delete(List<Long> entityIds);
    }

    /** Is told of every transaction. */
    @FunctionalInterface
    interface Progress {
        void add(Deletion deletion) throws IOException;
    }

    /**
     * A deletion.
     *
     * @param limit how many to delete at most, from 1
     * @param patience after which no further transaction is begun; empty for whoever sees the progress
     * @param ticker monotonic, in nanoseconds
     */
    FilterDeletion(Entities entities, long limit, Optional<Duration> patience, LongSupplier ticker) {
        this.entities = entities;
        this.limit = limit;
        this.patience = patience;
        this.ticker = ticker;
    }

    /**
     * Deletes, at least in one transaction where there is anything to delete.
     *
     * @return whether all is done
     * @throws IOException what the progress throws
     */
    boolean run(Progress progress) throws IOException {
        long began = ticker.getAsLong();
        long deleted = 0;
        Optional<Cursor> after = Optional.empty();
        while (true) {
            int most = (int) Math.min(entities.mostAtOnce(PAGE), limit - deleted);
            EntityPage page = entities.find(most, after);
            List<Long> ids = page.entities().stream().map(Entity::entityId).toList();
            while (!ids.isEmpty()) {
                PartDeleted part = entities.delete(ids);
                deleted += part.deletion().deleted();
                progress.add(part.deletion());
                ids = ids.subList(part.tried(), ids.size());
                if (!ids.isEmpty() && isOver(began)) {
                    return false;
                }
            }
            after = page.next();
            if (after.isEmpty() || deleted >= limit) {
                return true;
            }
            if (isOver(began)) {
                return false;
            }
        }
    }

    private boolean isOver(long began) {
        return patience.filter(most -> ticker.getAsLong() - began >= most.toNanos())
                .isPresent();
    }
}
