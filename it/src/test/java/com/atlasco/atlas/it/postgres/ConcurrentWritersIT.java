package com.atlasco.atlas.it.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.it.TestCluster;
import com.atlasco.atlas.it.TestCluster.TestDatabase;
import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.postgres.registry.AttributeDefinition;
import com.atlasco.atlas.postgres.write.EntityWrite;
import com.atlasco.atlas.postgres.write.WriteResult;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Writers of the same new entities at the same time. Another seed: {@code -Datlas.seed=…}. */
@ExtendWith(TestCluster.class)
class ConcurrentWritersIT {

    private static final long SEED = Long.getLong("atlas.seed", 7L);
    private static final int THREADS = 8;
    private static final int ENTITIES = 120;

    private static Store store;

    @BeforeAll
    static void open(TestDatabase database) {
        System.out.println("seed " + SEED);
        store = Store.open(database);
    }

    @AfterAll
    static void close() {
        store.close();
    }

    /** Each thread owns two attributes: whatever the order, an entity must end with every thread's last values. */
    @Test
    void noWriterLosesAnAttributeAndThePivotIsTheDocuments() throws Exception {
        TenantId tenant = store.newTenant();
        List<AttributeType> numbers = new ArrayList<>();
        List<AttributeType> texts = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            numbers.add(store.register(tenant, "number " + thread, DataType.NUMBER, true));
            texts.add(store.register(tenant, "text " + thread, DataType.TEXT, true));
        }
        Map<Long, Map<Integer, Value>> model = new ConcurrentHashMap<>();
        Map<Long, Integer> creations = new ConcurrentHashMap<>();

        inParallel(thread -> {
            Random random = new Random(SEED * 31L + thread);
            for (int round = 0; round < 40; round++) {
                List<EntityWrite> writes = new ArrayList<>();
                List<Runnable> expectations = new ArrayList<>();
                for (int i = 0; i < 12; i++) {
                    // All threads move through the same new ids together.
                    long id = 1L + Math.min(ENTITIES - 1, round * 3 + random.nextInt(9));
                    Map<Integer, Optional<Value>> changes = new TreeMap<>();
                    changes.put(
                            numbers.get(thread).attributeId(), Optional.of(new Value.NumberValue(random.nextInt(5))));
                    changes.put(
                            texts.get(thread).attributeId(),
                            random.nextInt(4) == 0
                                    ? Optional.empty()
                                    : Optional.of(new Value.TextValue("t" + random.nextInt(5))));
                    writes.add(new EntityWrite.Merge(id, Optional.of("thing"), changes));
                    expectations.add(() -> changes.forEach(
                            (attribute, value) -> model.computeIfAbsent(id, key -> new ConcurrentHashMap<>())
                                    .compute(attribute, (key, old) -> value.orElse(null))));
                }
                store.writer().write(tenant, writes).results().forEach(result -> {
                    WriteResult.Stored stored = (WriteResult.Stored) result;
                    if (stored.created()) {
                        creations.merge(stored.entityId(), 1, Integer::sum);
                    }
                });
                expectations.forEach(Runnable::run);
            }
            return true;
        });

        model.forEach((id, values) -> assertThat(
                        store.source().get(tenant, id).orElseThrow().document())
                .as("seed %d, entity %d", SEED, id)
                .isEqualTo(Document.of(values)));
        assertThat(creations)
                .hasSameSizeAs(model)
                .allSatisfy((id, count) -> assertThat(count).isEqualTo(1));
        assertPivotIsTheDocuments(tenant);
    }

    @Test
    void oneOfManyRegistrationsOfANameCreatesItAndTheOthersFindIt() throws Exception {
        TenantId tenant = store.newTenant();
        List<Boolean> created = inParallel(thread -> store.registry()
                .register(
                        tenant,
                        new AttributeDefinition("same", DataType.TEXT, true, false, Optional.empty(), Optional.empty()))
                .created());
        assertThat(created).containsOnlyOnce(true).hasSize(THREADS);
        assertThat(store.registry().snapshot(tenant).size()).isEqualTo(1);
    }

    private interface Task<T> {
        T run(int thread) throws Exception;
    }

    private static <T> List<T> inParallel(Task<T> task) throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> futures = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                int number = thread;
                futures.add(executor.submit(() -> task.run(number)));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        }
    }

    /** Both differences of the two sets, duplicates counted. */
    private static void assertPivotIsTheDocuments(TenantId tenant) throws SQLException {
        String pivot = """
                SELECT entity_id, attribute_id::text, coalesce(to_jsonb(value_number), to_jsonb(value_text))
                FROM entity_attribute WHERE tenant_id = %1$s""".formatted(tenant);
        String documents =
                "SELECT e.entity_id, d.key, d.value FROM entity e, jsonb_each(e.document) d WHERE e.tenant_id = "
                        + tenant;
        assertThat(count("SELECT count(*) FROM (%s EXCEPT ALL %s) x".formatted(pivot, documents)))
                .isZero();
        assertThat(count("SELECT count(*) FROM (%s EXCEPT ALL %s) x".formatted(documents, pivot)))
                .isZero();
    }

    private static long count(String sql) throws SQLException {
        try (Connection connection = store.database().connectAsSuperuser();
                ResultSet row = connection.createStatement().executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
