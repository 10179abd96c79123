package com.atlasco.atlas.it.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.atlasco.atlas.it.TestCluster;
import com.atlasco.atlas.it.TestCluster.TestDatabase;
import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.postgres.read.SharedLookup;
import com.atlasco.atlas.postgres.write.EntityWrite;
import com.atlasco.atlas.postgres.write.WriteOutcome;
import com.atlasco.atlas.query.EntityLookup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Many callers at once, who share statements. Another seed: {@code -Datlas.seed=…}. */
@ExtendWith(TestCluster.class)
class SharedLookupIT {

    private static final long SEED = Long.getLong("atlas.seed", 7L);
    private static final int ENTITIES = 20;
    private static final int READERS = 24;
    private static final int READS = 200;

    private static Store store;

    @BeforeAll
    static void open(TestDatabase database) {
        System.out.println("seed " + SEED);
        store = Store.openIdle(database);
    }

    @AfterAll
    static void close() {
        store.close();
    }

    /** A tenant's entities, of which every version is written as a value too. */
    private static final class Subject {
        private final TenantId tenant = store.newTenant();
        private final AttributeType number = store.register(tenant, "n", DataType.NUMBER, true);
        private final AtomicLongArray acknowledged = new AtomicLongArray(ENTITIES + 1);
        private final AtomicLong written = new AtomicLong();

        void write(long round) {
            List<EntityWrite> writes = new ArrayList<>();
            for (long id = 1; id <= ENTITIES; id++) {
                writes.add(new EntityWrite.Replace(
                        id, "thing", Document.of(Map.of(number.attributeId(), value(id, round)))));
            }
            WriteOutcome outcome = store.writer().write(tenant, writes);
            written.set(outcome.position().lsn().value());
            for (int id = 1; id <= ENTITIES; id++) {
                acknowledged.set(id, round);
            }
        }

        Value value(long id, long round) {
            return new Value.NumberValue(tenant.value() * 1e9 + id * 1e6 + round);
        }

        void read(SharedLookup lookup, Random random) {
            int id = 1 + random.nextInt(ENTITIES);
            long floor = written.get();
            long least = acknowledged.get(id);
            EntityLookup.Located located = lookup.find(tenant, id);
            Entity entity = located.entity().orElseThrow();
            assertThat(entity.entityId()).isEqualTo(id);
            Value seen = entity.document().find(number.attributeId()).orElseThrow();
            long round = (long) (((Value.NumberValue) seen).number() - tenant.value() * 1e9 - id * 1e6);
            assertThat(round).isGreaterThanOrEqualTo(least);
            assertThat(located.position().orElseThrow().lsn().value()).isGreaterThanOrEqualTo(floor);
        }
    }

    @Test
    void everybodyGetsTheOwnTenantsEntityAsItIsAfterTheQuestion() throws Exception {
        List<Subject> subjects = List.of(new Subject(), new Subject());
        subjects.forEach(subject -> subject.write(1));
        AtomicBoolean done = new AtomicBoolean();
        try (SharedLookup lookup =
                        SharedLookup.ofPrimary(Store.settings(store.database().jdbcUrl(), 4));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> writer = threads.submit(() -> {
                for (long round = 2; !done.get(); round++) {
                    long current = round;
                    subjects.forEach(subject -> subject.write(current));
                }
            });
            List<Future<?>> readers = new ArrayList<>();
            for (int reader = 0; reader < READERS; reader++) {
                Random random = new Random(SEED * 31 + reader);
                readers.add(threads.submit(() -> {
                    for (int read = 0; read < READS; read++) {
                        subjects.get(random.nextInt(subjects.size())).read(lookup, random);
                    }
                }));
            }
            try {
                for (Future<?> reader : readers) {
                    reader.get();
                }
            } finally {
                done.set(true);
            }
            writer.get();
            assertThat(lookup.find(subjects.getFirst().tenant, ENTITIES + 1L).entity())
                    .isEmpty();
        }
    }

    @Test
    void aServerThatIsAwayIsToldToEverybody() throws Exception {
        TenantId tenant = store.newTenant();
        try (SharedLookup lookup = SharedLookup.ofPrimary(Store.settings("jdbc:postgresql://127.0.0.1:1/nowhere", 1));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> callers = new ArrayList<>();
            for (int caller = 0; caller < 10; caller++) {
                long id = 1L + caller;
                callers.add(threads.submit(() -> assertThatThrownBy(() -> lookup.find(tenant, id))
                        .isInstanceOfSatisfying(
                                AtlasException.class,
                                failure ->
                                        assertThat(failure.problem().code()).isEqualTo(ErrorCode.SOURCE_UNAVAILABLE))));
            }
            for (Future<?> caller : callers) {
                caller.get();
            }
        }
    }
}
