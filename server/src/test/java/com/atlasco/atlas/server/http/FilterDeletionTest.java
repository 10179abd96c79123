package com.atlasco.atlas.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.postgres.write.EntityDeleter.Deletion;
import com.atlasco.atlas.query.Cursor;
import com.atlasco.atlas.query.EntityPage;
import com.atlasco.atlas.server.Writes.PartDeleted;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FilterDeletionTest {

    private final AtomicLong now = new AtomicLong();

    /** Entities 1 to n, of which so many may be deleted at once; each transaction takes a second. */
    private final class Store implements FilterDeletion.Entities {

        private final TreeSet<Long> ids = new TreeSet<>();
        private final int atOnce;
        private final int turn;
        private final List<Integer> pages = new ArrayList<>();

        Store(int entities, int atOnce, int turn) {
            LongStream.rangeClosed(1, entities).forEach(ids::add);
            this.atOnce = atOnce;
            this.turn = turn;
        }

        @Override
        public int mostAtOnce(int most) {
            return Math.min(most, atOnce);
        }

        @Override
        public EntityPage find(int most, Optional<Cursor> after) {
            pages.add(most);
            var rest = ids.tailSet(after.map(Cursor::entityId).orElse(0L), false);
            List<Long> found = rest.stream().limit(most).toList();
            return page(found, found.size() < rest.size());
        }

        @Override
        public PartDeleted delete(List<Long> entityIds) {
            now.addAndGet(Duration.ofSeconds(1).toNanos());
            int tried = Math.min(turn, entityIds.size());
            int deleted = 0;
            for (long id : entityIds.subList(0, tried)) {
                deleted += ids.remove(id) ? 1 : 0;
            }
            return new PartDeleted(tried, new Deletion(deleted, new Position(1, 1, new Lsn(1))));
        }
    }

    private static EntityPage page(List<Long> ids, boolean more) {
        List<Entity> entities = ids.stream()
                .map(id -> new Entity(id, "t", 1, Document.empty(), Instant.EPOCH))
                .toList();
        return new EntityPage(entities, more ? Optional.of(new Cursor(List.of(), ids.getLast())) : Optional.empty());
    }

    private boolean run(Store store, long limit, Optional<Duration> patience, List<Integer> deleted)
            throws IOException {
        return new FilterDeletion(store, limit, patience, now::get).run(deletion -> deleted.add(deletion.deleted()));
    }

    @Test
    void aSlowTenantsPagesAreAsSmallAsWhatItMayDeleteAtOnce() throws IOException {
        Store store = new Store(35, 10, 10);
        List<Integer> deleted = new ArrayList<>();
        assertThat(run(store, Long.MAX_VALUE, Optional.empty(), deleted)).isTrue();
        assertThat(deleted).containsExactly(10, 10, 10, 5);
        assertThat(store.pages).containsOnly(10);
        assertThat(store.ids).isEmpty();
    }

    @Test
    void aPageIsDeletedTurnByTurn() throws IOException {
        Store store = new Store(10, 1_000, 3);
        List<Integer> deleted = new ArrayList<>();
        assertThat(run(store, Long.MAX_VALUE, Optional.empty(), deleted)).isTrue();
        assertThat(deleted).containsExactly(3, 3, 3, 1);
        assertThat(store.pages).hasSize(1);
    }

    @Test
    void itEndsAtTheLimit() throws IOException {
        Store store = new Store(5_000, 1_000, 1_000);
        List<Integer> deleted = new ArrayList<>();
        assertThat(run(store, 1_100, Optional.empty(), deleted)).isTrue();
        assertThat(deleted).containsExactly(1_000, 100);
    }

    @Test
    void whoSeesNoProgressIsAnsweredBeforeItTakesTooLong() throws IOException {
        Store store = new Store(5_000, 1_000, 400);
        List<Integer> deleted = new ArrayList<>();
        assertThat(run(store, Long.MAX_VALUE, Optional.of(Duration.ofSeconds(5)), deleted))
                .isFalse();
        assertThat(deleted).hasSize(5);
        assertThat(run(store, Long.MAX_VALUE, Optional.of(Duration.ZERO), deleted))
                .as("comes on, however short the time is")
                .isFalse();
        assertThat(deleted).hasSize(6);
        assertThat(run(store, Long.MAX_VALUE, Optional.of(Duration.ofHours(1)), deleted))
                .isTrue();
        assertThat(store.ids).isEmpty();
    }
}
