package com.atlasco.atlas.it.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.it.TestCluster;
import com.atlasco.atlas.it.TestCluster.TestDatabase;
import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.postgres.write.EntityWrite;
import com.atlasco.atlas.postgres.write.EntityWriter;
import com.atlasco.atlas.postgres.write.IdempotencyKey;
import com.atlasco.atlas.postgres.write.IdempotencyRetention;
import com.atlasco.atlas.postgres.write.WriteCondition;
import com.atlasco.atlas.postgres.write.WriteLimits;
import com.atlasco.atlas.postgres.write.WriteRequest;
import com.atlasco.atlas.postgres.write.WriteResult;
import com.atlasco.atlas.postgres.write.WriteSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Conditions, keys, versions and limits, each of which is a matter of one write among its neighbours. */
@ExtendWith(TestCluster.class)
class WriteSemanticsIT {

    private static Store store;

    private TenantId tenant;
    private AttributeType score;
    private AttributeType name;
    private AttributeType extra;

    @BeforeAll
    static void open(TestDatabase database) {
        store = Store.open(database);
    }

    @AfterAll
    static void close() {
        store.close();
    }

    @BeforeEach
    void registerAttributes() {
        tenant = store.newTenant();
        score = store.register(tenant, "score", DataType.NUMBER, true);
        name = store.register(tenant, "name", DataType.TEXT, true);
        extra = store.register(tenant, "extra", DataType.JSON, true);
    }

    private List<WriteResult> write(WriteRequest... requests) {
        return store.writer()
                .write(tenant, List.of(requests), WriteLimits.none())
                .results();
    }

    private WriteRequest merge(long id, double number) {
        return WriteRequest.of(new EntityWrite.Merge(
                id, Optional.of("thing"), Map.of(score.attributeId(), Optional.of(new Value.NumberValue(number)))));
    }

    private WriteRequest create(long id) {
        return WriteRequest.of(new EntityWrite.Create(Optional.of(id), "thing", Document.empty()));
    }

    private static WriteRequest delete(long id) {
        return WriteRequest.of(new EntityWrite.Delete(id));
    }

    private static WriteRequest when(WriteCondition condition, WriteRequest request) {
        return new WriteRequest(request.write(), condition, request.idempotencyKey());
    }

    private static WriteRequest keyed(String key, WriteRequest request) {
        return new WriteRequest(request.write(), request.condition(), Optional.of(new IdempotencyKey(key)));
    }

    private static WriteCondition versions(Long... versions) {
        return new WriteCondition.VersionIs(Set.of(versions));
    }

    private static Problem refused(WriteResult result, ErrorCode code) {
        assertThat(result).isInstanceOf(WriteResult.Refused.class);
        Problem problem = ((WriteResult.Refused) result).problem();
        assertThat(problem.code()).as("%s", problem).isEqualTo(code);
        return problem;
    }

    private static WriteResult stored(long id, long version) {
        return new WriteResult.Stored(id, version, false);
    }

    private static WriteResult created(long id, long version) {
        return new WriteResult.Stored(id, version, true);
    }

    @Test
    void aWriteTakesPlaceOnlyWhenItsConditionHolds() {
        List<WriteResult> results = write(
                merge(1, 1),
                when(versions(1L), merge(1, 2)),
                when(versions(1L), merge(1, 3)),
                when(versions(7L, 2L), merge(1, 4)),
                when(new WriteCondition.Exists(), merge(1, 5)),
                when(new WriteCondition.Absent(), merge(1, 6)),
                when(new WriteCondition.Exists(), merge(2, 1)),
                when(versions(1L), merge(2, 1)),
                when(new WriteCondition.Absent(), merge(2, 1)),
                when(versions(9L), delete(1)),
                when(versions(4L), delete(1)));

        assertThat(results.get(1)).isEqualTo(stored(1, 2));
        assertThat(refused(results.get(2), ErrorCode.VERSION_MISMATCH).figures())
                .containsEntry("current_version", 2L);
        assertThat(results.get(3)).isEqualTo(stored(1, 3));
        assertThat(results.get(4)).isEqualTo(stored(1, 4));
        refused(results.get(5), ErrorCode.VERSION_MISMATCH);
        assertThat(refused(results.get(6), ErrorCode.VERSION_MISMATCH).figures())
                .isEmpty();
        refused(results.get(7), ErrorCode.VERSION_MISMATCH);
        assertThat(results.get(8)).isEqualTo(created(2, 1));
        refused(results.get(9), ErrorCode.VERSION_MISMATCH);
        assertThat(results.get(10)).isEqualTo(new WriteResult.Deleted(1, 4));
    }

    @Test
    void whatWouldBeRefusedWithoutItsConditionIsRefusedForThatReason() {
        List<WriteResult> results = write(
                when(versions(3L), delete(1)),
                create(2),
                when(new WriteCondition.Absent(), create(2)),
                when(versions(3L), WriteRequest.of(new EntityWrite.RemoveAttribute(2, score.attributeId()))));

        refused(results.get(0), ErrorCode.ENTITY_NOT_FOUND);
        refused(results.get(2), ErrorCode.ENTITY_EXISTS);
        refused(results.get(3), ErrorCode.ATTRIBUTE_NOT_FOUND);
    }

    @Test
    void singleAttributesAreSetAndRemoved() {
        Value json = new Value.JsonValue("{\"a\":1}");
        WriteRequest remove = WriteRequest.of(new EntityWrite.RemoveAttribute(1, extra.attributeId()));
        List<WriteResult> results = write(
                WriteRequest.of(new EntityWrite.SetAttribute(1, extra.attributeId(), json)),
                merge(1, 1),
                WriteRequest.of(new EntityWrite.SetAttribute(1, extra.attributeId(), json)),
                WriteRequest.of(
                        new EntityWrite.SetAttribute(1, extra.attributeId(), new Value.JsonValue("{\"b\":2}"))));
        refused(results.get(0), ErrorCode.ENTITY_NOT_FOUND);
        assertThat(store.source().get(tenant, 1).orElseThrow().document().find(extra.attributeId()))
                .contains(new Value.JsonValue("{\"b\":2}"));

        assertThat(write(remove)).containsExactly(stored(1, 4));
        refused(write(remove).getFirst(), ErrorCode.ATTRIBUTE_NOT_FOUND);
    }

    @Test
    void anEntityThatIsCreatedAgainGoesOnAboveEveryVersionBefore() {
        assertThat(write(merge(1, 1), merge(1, 2))).containsExactly(created(1, 1), stored(1, 2));
        assertThat(write(delete(1))).containsExactly(new WriteResult.Deleted(1, 2));
        assertThat(write(merge(1, 1))).containsExactly(created(1, 3));
        refused(write(when(versions(1L, 2L), merge(1, 9))).getFirst(), ErrorCode.VERSION_MISMATCH);

        // One that comes and goes within a list leaves its versions behind, too.
        assertThat(write(delete(1), create(2), delete(2)))
                .containsExactly(new WriteResult.Deleted(1, 3), created(2, 1), new WriteResult.Deleted(2, 1));
        assertThat(write(create(1), create(2), delete(2), create(2)))
                .containsExactly(created(1, 4), created(2, 2), new WriteResult.Deleted(2, 2), created(2, 3));
    }

    @Test
    void aKeyIsCarriedOutOnceAndAnsweredTheSameByAnyNode() {
        WriteRequest request =
                keyed("a", WriteRequest.of(new EntityWrite.Create(Optional.empty(), "thing", Document.empty())));
        WriteResult.Done first = (WriteResult.Done) write(request).getFirst();
        WriteRequest change = keyed("b", merge(first.entityId(), 5));
        write(change, merge(first.entityId(), 6));

        // Another writer has nothing in memory of what this one did.
        EntityWriter other = new EntityWriter(store.primary(), store.registry());
        assertThat(other.write(tenant, List.of(change, request, merge(9, 1), change), WriteLimits.none())
                        .results())
                .containsExactly(
                        new WriteResult.Replayed(new WriteResult.Stored(first.entityId(), 2, false)),
                        new WriteResult.Replayed(first),
                        created(9, 1),
                        new WriteResult.Replayed(new WriteResult.Stored(first.entityId(), 2, false)));
        refused(write(keyed("a", merge(first.entityId(), 5))).getFirst(), ErrorCode.IDEMPOTENCY_KEY_REUSED);
        refused(
                write(keyed("b", when(new WriteCondition.Exists(), merge(first.entityId(), 5))))
                        .getFirst(),
                ErrorCode.IDEMPOTENCY_KEY_REUSED);
        assertThat(store.source()
                        .get(tenant, first.entityId())
                        .orElseThrow()
                        .document()
                        .find(score.attributeId()))
                .contains(new Value.NumberValue(6));
    }

    @Test
    void oneKeyTwiceInAListIsCarriedOutOnce() {
        assertThat(write(keyed("k", merge(1, 1)), merge(1, 2), keyed("k", merge(1, 1))))
                .containsExactly(
                        created(1, 1), stored(1, 2), new WriteResult.Replayed((WriteResult.Done) created(1, 1)));
        List<WriteResult> results = write(keyed("l", merge(2, 1)), keyed("l", merge(2, 2)));
        assertThat(results.getFirst()).isEqualTo(created(2, 1));
        refused(results.get(1), ErrorCode.IDEMPOTENCY_KEY_REUSED);
    }

    @Test
    void aRefusedWriteLeavesNoKeyAndTenantsHaveKeysOfTheirOwn() {
        WriteRequest patch = keyed("k", WriteRequest.of(new EntityWrite.Patch(1, Optional.of("other"), Map.of())));
        refused(write(patch).getFirst(), ErrorCode.ENTITY_NOT_FOUND);
        write(create(1));
        assertThat(write(patch)).containsExactly(stored(1, 2));

        TenantId another = store.newTenant();
        assertThat(store.writer()
                        .write(another, List.of(keyed("k", create(7))), WriteLimits.none())
                        .results())
                .containsExactly(created(7, 1));
    }

    @Test
    void ofManyWhoSendOneKeyAtOnceOneCarriesItOut() throws Exception {
        for (int round = 0; round < 10; round++) {
            String key = "round " + round;
            long id = 100L + round;
            WriteRequest given =
                    keyed(key, WriteRequest.of(new EntityWrite.Create(Optional.empty(), "thing", Document.empty())));
            WriteRequest brought = keyed("c" + key, create(id));
            CyclicBarrier barrier = new CyclicBarrier(6);
            List<List<WriteResult>> all = new ArrayList<>();
            try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<List<WriteResult>>> futures = new ArrayList<>();
                for (int thread = 0; thread < 6; thread++) {
                    futures.add(executor.submit(() -> {
                        barrier.await();
                        return write(given, brought);
                    }));
                }
                for (Future<List<WriteResult>> future : futures) {
                    all.add(future.get());
                }
            }
            for (int item = 0; item < 2; item++) {
                int place = item;
                List<WriteResult> results =
                        all.stream().map(list -> list.get(place)).toList();
                List<WriteResult> firsts = results.stream()
                        .filter(WriteResult.Stored.class::isInstance)
                        .toList();
                assertThat(firsts).as("%s", results).hasSize(1);
                assertThat(results.stream().filter(result -> !firsts.contains(result)))
                        .hasSize(5)
                        .containsOnly(new WriteResult.Replayed((WriteResult.Done) firsts.getFirst()));
            }
        }
    }

    @Test
    void oldKeysAreForgottenAndNewOnesAreNot() throws SQLException {
        write(keyed("old", create(1)), keyed("new", create(2)));
        execute("UPDATE idempotency_key SET created_at = now() - interval '25 hours' WHERE key = 'old' AND tenant_id = "
                + tenant);

        assertThat(IdempotencyRetention.forget(store.primary(), IdempotencyRetention.DEFAULT))
                .isEqualTo(1);
        assertThat(IdempotencyRetention.forget(store.primary(), Duration.ofDays(1)))
                .isZero();

        List<WriteResult> results = write(keyed("old", create(1)), keyed("new", create(2)));
        refused(results.getFirst(), ErrorCode.ENTITY_EXISTS);
        assertThat(results.get(1)).isInstanceOf(WriteResult.Replayed.class);
    }

    @Test
    void anAllowanceIsUsedUpInTheOrderOfTheListAndDeletionsMakeRoom() {
        write(create(1));
        List<WriteResult> results = store.writer()
                .write(
                        tenant,
                        List.of(create(9), merge(1, 1), create(3), create(2), delete(1), create(4), merge(3, 1)),
                        new WriteLimits(2))
                .results();
        assertThat(results.subList(0, 3)).containsExactly(created(9, 1), stored(1, 2), created(3, 1));
        refused(results.get(3), ErrorCode.QUOTA_EXCEEDED);
        assertThat(results.subList(4, 7)).containsExactly(new WriteResult.Deleted(1, 2), created(4, 1), stored(3, 2));
    }

    @Test
    void anEntityHasALimitOfItsOwnAlsoWhenAMergeMakesItGrow() {
        EntityWriter writer = new EntityWriter(store.primary(), store.registry(), new WriteSettings(2_000));
        String text = "é".repeat(600);
        WriteRequest first = WriteRequest.of(new EntityWrite.Merge(
                1, Optional.of("thing"), Map.of(name.attributeId(), Optional.of(new Value.TextValue(text)))));
        WriteRequest second = WriteRequest.of(new EntityWrite.Merge(
                1,
                Optional.of("thing"),
                Map.of(extra.attributeId(), Optional.of(new Value.JsonValue("[\"" + text + "\",1234567]")))));
        List<WriteResult> results = writer.write(tenant, List.of(first, second, merge(2, 1)), WriteLimits.none())
                .results();
        assertThat(results.getFirst()).isEqualTo(created(1, 1));
        assertThat(refused(results.get(1), ErrorCode.ENTITY_TOO_LARGE).figures())
                .containsEntry("limit_bytes", 2_000L)
                .hasEntrySatisfying("size_bytes", size -> assertThat(size).isBetween(2_400L, 2_500L));
        assertThat(results.get(2)).isEqualTo(created(2, 1));
    }

    /** What HTTP would have refused: each of these fails a whole transaction, and none may fail its neighbours. */
    @Test
    void aPoisonedWriteIsRefusedAndItsNeighboursAreWritten() throws SQLException {
        List<EntityWrite> poisons = List.of(
                new EntityWrite.Merge(50, Optional.of("nul\u0000"), Map.of()),
                poison(51, name, new Value.TextValue("a\u0000b")),
                poison(53, extra, new Value.JsonValue("{\"a\":\"\\u0000\"}")),
                poison(54, extra, new Value.JsonValue("[not json")),
                poison(55, extra, new Value.JsonValue("[".repeat(900) + "]".repeat(900))),
                poison(56, score, new Value.TimestampValue(-9_000_000_000_000_000_000L)),
                new EntityWrite.Create(Optional.of(-1L), "thing", Document.empty()),
                new EntityWrite.Create(Optional.of(57L), randomText(4_000), Document.empty()));
        for (int i = 0; i < poisons.size(); i++) {
            long base = 1_000 + 10L * i;
            List<WriteRequest> requests = List.of(
                    keyed("p" + i, merge(base, 1)),
                    merge(base + 1, 1),
                    WriteRequest.of(poisons.get(i)),
                    merge(base, 2),
                    keyed("p" + i, merge(base, 1)));
            List<WriteResult> results =
                    store.writer().write(tenant, requests, new WriteLimits(3)).results();
            assertThat(results.get(0)).as("poison %d: %s", i, results).isEqualTo(created(base, 1));
            assertThat(results.get(1)).isEqualTo(created(base + 1, 1));
            refused(results.get(2), ErrorCode.INVALID_VALUE);
            assertThat(results.get(3)).isEqualTo(stored(base, 2));
            assertThat(results.get(4)).isEqualTo(new WriteResult.Replayed((WriteResult.Done) created(base, 1)));
        }
        assertThat(store.source().get(tenant, 55)).isEmpty();
    }

    /** A row that nobody can read is no reason to refuse writes of others. */
    @Test
    void aStoredDocumentThatCannotBeReadFailsOnlyWritesOfItsEntity() throws SQLException {
        write(create(1), create(2));
        execute("UPDATE entity SET document = '{\"1\": {\"odd\": 1}}' WHERE entity_id = 1 AND tenant_id = " + tenant);
        List<WriteResult> results = write(merge(2, 1), merge(1, 1), merge(3, 1));
        assertThat(results.getFirst()).isEqualTo(stored(2, 2));
        refused(results.get(1), ErrorCode.INTERNAL);
        assertThat(results.get(2)).isEqualTo(created(3, 1));
    }

    private static EntityWrite poison(long id, AttributeType type, Value value) {
        return new EntityWrite.Merge(id, Optional.of("thing"), Map.of(type.attributeId(), Optional.of(value)));
    }

    /** Too long for an index, also when it is compressed. */
    private static String randomText(int length) {
        return new java.util.Random(1)
                .ints(length, 'a', 'z')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = store.database().connectAsSuperuser();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
