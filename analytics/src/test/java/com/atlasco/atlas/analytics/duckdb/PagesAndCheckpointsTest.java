package com.atlasco.atlas.analytics.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.analytics.change.Change;
import com.atlasco.atlas.analytics.change.ChangeBatch;
import com.atlasco.atlas.analytics.change.ChangeOrder;
import com.atlasco.atlas.analytics.change.Watermark;
import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.query.EntityQuery;
import com.atlasco.atlas.query.SortKey;
import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.query.filter.Property;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A checkpoint moves rows while pages are read. */
final class PagesAndCheckpointsTest {

    private static final int ENTITIES = 200;
    private static final int BATCHES = 150;

    @TempDir
    private Path directory;

    @Test
    void aPageHoldsItsOwnTenantsEntitiesAlone() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        // Every batch is followed by a checkpoint.
        try (DuckDbStore store = DuckDbStore.open(
                        DuckDbSettings.of(directory.resolve("x.duckdb")).withCheckpointBytes(1));
                ExecutorService threads = Executors.newFixedThreadPool(2)) {
            store.apply(batch(1));
            List<Future<Long>> readers = new ArrayList<>();
            for (long tenant = 1; tenant <= 2; tenant++) {
                TenantId asking = new TenantId(tenant);
                readers.add(threads.submit(() -> {
                    long pages = 0;
                    while (!done.get()) {
                        EntityQuery query = new EntityQuery(
                                Filter.ALL,
                                List.of(new SortKey(Property.Intrinsic.VERSION, pages % 2 == 0)),
                                1,
                                Optional.empty());
                        assertThat(store.find(asking, query).entities())
                                .hasSize(1)
                                .allSatisfy(entity ->
                                        assertThat(entity.entityType()).isEqualTo("of " + asking.value()));
                        pages++;
                    }
                    return pages;
                }));
            }
            try {
                for (int number = 2; number <= BATCHES; number++) {
                    store.apply(batch(number));
                }
            } finally {
                done.set(true);
            }
            for (Future<Long> reader : readers) {
                assertThat(reader.get()).isPositive();
            }
        }
    }

    /** A third of all entities, of two tenants in turn. */
    private static ChangeBatch batch(int number) {
        List<Change> changes = new ArrayList<>();
        for (int id = number % 3; id < ENTITIES; id += number == 1 ? 1 : 3) {
            long tenant = 1L + id % 2;
            changes.add(new Change.EntityUpserted(
                    new TenantId(tenant),
                    1L + id,
                    "of " + tenant,
                    number * 31L % 17 + id,
                    Optional.of(Document.of(Map.of(1, new Value.NumberValue(id)))),
                    Set.of(1),
                    Instant.EPOCH,
                    Instant.EPOCH,
                    new ChangeOrder(new Lsn(number), id)));
        }
        return new ChangeBatch(
                changes,
                new Watermark(
                        new Position(1, 1, new Lsn(number)),
                        Optional.of(new ChangeOrder(new Lsn(number), ENTITIES)),
                        List.of(),
                        "",
                        true));
    }
}
