package com.atlasco.atlas.it.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.it.TestCluster;
import com.atlasco.atlas.it.TestCluster.TestDatabase;
import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.postgres.write.EntityWrite;
import com.atlasco.atlas.postgres.write.IdempotencyKey;
import com.atlasco.atlas.postgres.write.WriteCondition;
import com.atlasco.atlas.postgres.write.WriteLimits;
import com.atlasco.atlas.postgres.write.WriteRequest;
import com.atlasco.atlas.postgres.write.WriteResult;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Many writers of few entities, of every kind of write at once, compared with a model. What was acknowledged tells the
 * order: the versions of an entity are numbered without a gap, over every life of it, so the acknowledged writes replayed
 * in that order have to end in what is stored. Another seed: {@code -Dseed=…}; longer: {@code -Drounds=…}.
 */
@ExtendWith(TestCluster.class)
class ConcurrentSemanticsIT {

    private static final long SEED = Long.getLong("seed", 20_261L);
    private static final int ROUNDS = Integer.getInteger("rounds", 60);
    private static final int THREADS = 8;
    private static final int ENTITIES = 5;
    private static final int WRITES = 4;

    private static Store store;

    private final List<AttributeType> numbers = new ArrayList<>();
    private final List<AttributeType> texts = new ArrayList<>();
    private TenantId tenant = TenantId.DEFAULT;

    @BeforeAll
    static void open(TestDatabase database) {
        System.out.println("seed " + SEED);
        store = Store.open(database);
    }

    @AfterAll
    static void close() {
        store.close();
    }

    /** An acknowledged write: what was asked, and what was answered. */
    private record Acknowledged(WriteRequest request, WriteResult.Done answer) {}

    @Test
    void theAcknowledgedWritesInTheOrderOfTheirVersionsMakeWhatIsStored() throws Exception {
        tenant = store.newTenant();
        for (int thread = 0; thread < THREADS; thread++) {
            numbers.add(store.register(tenant, "number " + thread, DataType.NUMBER, true));
            texts.add(store.register(tenant, "text " + thread, DataType.TEXT, true));
        }
        ConcurrentLinkedQueue<Acknowledged> log = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<Long> mismatches = new ConcurrentLinkedQueue<>();
        inParallel(thread -> {
            Random random = new Random(SEED * 31 + thread);
            Map<Long, Long> seen = new HashMap<>();
            for (int round = 0; round < ROUNDS; round++) {
                List<WriteRequest> requests = new ArrayList<>();
                for (int i = 0; i < WRITES; i++) {
                    requests.add(request(random, thread, round * WRITES + i, seen));
                }
                List<WriteResult> results = store.writer()
                        .write(tenant, requests, WriteLimits.none())
                        .results();
                for (int i = 0; i < WRITES; i++) {
                    switch (results.get(i)) {
                        case WriteResult.Done done -> {
                            log.add(new Acknowledged(requests.get(i), done));
                            seen.put(done.entityId(), done.version());
                        }
                        case WriteResult.Refused(var problem) -> {
                            assertThat(problem.code())
                                    .isIn(
                                            ErrorCode.VERSION_MISMATCH,
                                            ErrorCode.ENTITY_EXISTS,
                                            ErrorCode.ENTITY_NOT_FOUND,
                                            ErrorCode.ATTRIBUTE_NOT_FOUND);
                            Optional.ofNullable(problem.figures().get("current_version"))
                                    .ifPresent(version -> {
                                        mismatches.add(version);
                                        seen.put(entityId(problem.detail()), version);
                                    });
                        }
                        case WriteResult.Replayed replayed -> throw new AssertionError(replayed);
                    }
                }
                // What is sent again is answered the same, whatever happened meanwhile.
                for (int i = 0; i < WRITES; i++) {
                    if (results.get(i) instanceof WriteResult.Done done
                            && requests.get(i).idempotencyKey().isPresent()) {
                        assertThat(store.writer()
                                        .write(tenant, List.of(requests.get(i)), WriteLimits.none())
                                        .results())
                                .containsExactly(new WriteResult.Replayed(done));
                    }
                }
            }
            return true;
        });

        assertThat(mismatches).as("seed %d: conditions that failed", SEED).isNotEmpty();
        for (long id = 1; id <= ENTITIES; id++) {
            replay(id, log);
        }
        assertPivotIsTheDocuments();
    }

    /** The entity that a mismatch speaks of. */
    private static long entityId(String detail) {
        return Long.parseLong(detail.replaceAll("\\D*(\\d+).*", "$1"));
    }

    private WriteRequest request(Random random, int thread, int number, Map<Long, Long> seen) {
        long id = 1L + random.nextInt(ENTITIES);
        int own = numbers.get(thread).attributeId();
        int text = texts.get(thread).attributeId();
        // Never the same value twice: every write that is acknowledged makes a version of its own.
        Value unique = new Value.NumberValue(thread * 1_000_000 + number);
        Map<Integer, Optional<Value>> changes = new TreeMap<>();
        changes.put(own, Optional.of(unique));
        changes.put(
                text,
                random.nextBoolean() ? Optional.empty() : Optional.of(new Value.TextValue("t" + random.nextInt(9))));
        Document document = Document.of(Map.of(own, unique));
        EntityWrite write = switch (random.nextInt(20)) {
            case 0 -> new EntityWrite.Create(Optional.of(id), "thing", document);
            case 1 -> new EntityWrite.Replace(id, "thing", document);
            case 2, 3 -> new EntityWrite.Delete(id);
            case 4, 5 -> new EntityWrite.SetAttribute(id, own, unique);
            case 6, 7 -> new EntityWrite.RemoveAttribute(id, own);
            case 8, 9, 10, 11 -> new EntityWrite.Patch(id, Optional.empty(), changes);
            default -> new EntityWrite.Merge(id, Optional.of("thing"), changes);
        };
        WriteCondition condition = switch (random.nextInt(6)) {
            case 0, 1 -> new WriteCondition.VersionIs(Set.of(seen.getOrDefault(id, 1L)));
            case 2 -> random.nextInt(5) == 0 ? new WriteCondition.Absent() : new WriteCondition.Exists();
            default -> new WriteCondition.Always();
        };
        Optional<IdempotencyKey> key = random.nextInt(3) == 0
                ? Optional.of(new IdempotencyKey("%d-%d".formatted(thread, number)))
                : Optional.empty();
        return new WriteRequest(write, condition, key);
    }

    /** Applies the acknowledged writes of one entity in the order of their versions; each has to have been possible. */
    private void replay(long id, Iterable<Acknowledged> log) {
        TreeMap<Long, Acknowledged> storedBy = new TreeMap<>();
        TreeMap<Long, Acknowledged> deletedAt = new TreeMap<>();
        List<Acknowledged> unchanged = new ArrayList<>();
        for (Acknowledged entry : log) {
            if (entry.answer().entityId() != id) {
                continue;
            }
            switch (entry.answer()) {
                case WriteResult.Stored stored -> {
                    if (storedBy.containsKey(stored.version())) {
                        unchanged.add(entry);
                    } else {
                        storedBy.put(stored.version(), entry);
                    }
                }
                case WriteResult.Deleted deleted ->
                    assertThat(deletedAt.put(deleted.version(), entry))
                            .as("seed %d, entity %d: version %d is deleted twice", SEED, id, deleted.version())
                            .isNull();
            }
        }
        assertThat(unchanged)
                .as("seed %d, entity %d: versions that were acknowledged twice", SEED, id)
                .isEmpty();
        Optional<Map<Integer, Value>> state = Optional.empty();
        long expected = 1;
        for (var entry : storedBy.entrySet()) {
            long version = entry.getKey();
            Acknowledged write = entry.getValue();
            String what = "seed %d, entity %d, version %d: %s".formatted(SEED, id, version, write);
            assertThat(version).as(what).isEqualTo(expected++);
            if (write.request().condition() instanceof WriteCondition.VersionIs(var versions)) {
                assertThat(versions).as(what).containsExactly(version - 1);
            }
            if (write.request().condition() instanceof WriteCondition.Absent
                    || write.request().write() instanceof EntityWrite.Create) {
                assertThat(state).as(what).isEmpty();
            }
            assertThat(((WriteResult.Stored) write.answer()).created()).as(what).isEqualTo(state.isEmpty());
            state = Optional.of(
                    apply(state.orElseGet(TreeMap::new), write.request().write()));
            Optional<Acknowledged> deletion = Optional.ofNullable(deletedAt.remove(version));
            if (deletion.isPresent()) {
                if (deletion.get().request().condition() instanceof WriteCondition.VersionIs(var versions)) {
                    assertThat(versions).as("%s, %s", what, deletion).containsExactly(version);
                }
                state = Optional.empty();
            }
        }
        assertThat(deletedAt).as("deletions of versions that nobody stored").isEmpty();
        Optional<Entity> stored = store.source().get(tenant, id);
        assertThat(stored.map(Entity::document))
                .as("seed %d, entity %d", SEED, id)
                .isEqualTo(state.map(Document::of));
        if (stored.isPresent()) {
            assertThat(stored.get().version()).isEqualTo(storedBy.lastKey());
        }
    }

    private static Map<Integer, Value> apply(Map<Integer, Value> state, EntityWrite write) {
        return switch (write) {
            case EntityWrite.Create(var _, var _, Document document) -> new TreeMap<>(document.values());
            case EntityWrite.Replace(var _, var _, Document document) -> new TreeMap<>(document.values());
            case EntityWrite.Patch(var _, var _, var changes) -> changed(state, changes);
            case EntityWrite.Merge(var _, var _, var changes) -> changed(state, changes);
            case EntityWrite.SetAttribute(var _, int attribute, Value value) ->
                changed(state, Map.of(attribute, Optional.of(value)));
            case EntityWrite.RemoveAttribute(var _, int attribute) ->
                changed(state, Map.of(attribute, Optional.empty()));
            case EntityWrite.Delete delete -> throw new AssertionError(delete);
        };
    }

    private static Map<Integer, Value> changed(Map<Integer, Value> state, Map<Integer, Optional<Value>> changes) {
        TreeMap<Integer, Value> values = new TreeMap<>(state);
        changes.forEach((id, value) -> value.ifPresentOrElse(given -> values.put(id, given), () -> values.remove(id)));
        return values;
    }

    private interface Task {
        boolean run(int thread) throws Exception;
    }

    private static void inParallel(Task task) throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> futures = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                int number = thread;
                futures.add(executor.submit(() -> task.run(number)));
            }
            for (Future<Boolean> future : futures) {
                assertThat(future.get()).isTrue();
            }
        }
    }

    private void assertPivotIsTheDocuments() throws SQLException {
        String pivot = """
                SELECT entity_id, attribute_id::text, coalesce(to_jsonb(value_number), to_jsonb(value_text))
                FROM entity_attribute WHERE tenant_id = %s""".formatted(tenant);
        String documents =
                "SELECT e.entity_id, d.key, d.value FROM entity e, jsonb_each(e.document) d WHERE e.tenant_id = "
                        + tenant;
        assertThat(count("SELECT count(*) FROM ((%1$s EXCEPT ALL %2$s) UNION ALL (%2$s EXCEPT ALL %1$s)) x"
                        .formatted(pivot, documents)))
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
