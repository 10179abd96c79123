package com.atlasco.atlas.it.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.atlasco.atlas.it.TestCluster;
import com.atlasco.atlas.it.TestCluster.TestDatabase;
import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.PivotState;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.postgres.Database;
import com.atlasco.atlas.postgres.PostgresSettings;
import com.atlasco.atlas.postgres.registry.AttributeDefinition;
import com.atlasco.atlas.postgres.registry.AttributeRegistry;
import com.atlasco.atlas.postgres.registry.AttributeStatus;
import com.atlasco.atlas.postgres.registry.PivotJobs;
import com.atlasco.atlas.postgres.write.EntityWrite;
import com.atlasco.atlas.query.EntityQuery;
import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.query.filter.Property;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Writers go on while the pivot is filled and emptied: at the end it holds every value once. Another seed: {@code
 * -Datlas.seed=…}.
 */
@ExtendWith(TestCluster.class)
@Timeout(120)
class PivotJobsIT {

    private static final long SEED = Long.getLong("atlas.seed", 7L);
    private static final int WRITERS = 4;
    private static final int ENTITIES = 400;

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

    /** Two nodes write, both do background jobs, one of them dies again and again; flags flip all the while. */
    @Test
    void thePivotIsTheDocumentsWhateverHappensMeanwhile() throws Exception {
        TenantId tenant = store.newTenant();
        List<AttributeType> types = new ArrayList<>();
        for (DataType dataType : DataType.values()) {
            types.add(store.register(tenant, dataType.wireName(), dataType, true));
            types.add(store.register(tenant, dataType.wireName() + " too", dataType, false));
        }
        AtomicInteger writing = new AtomicInteger(WRITERS);
        AtomicInteger flips = new AtomicInteger();
        try (Store other = Store.open(store.database());
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> futures = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                Random random = new Random(SEED * 31 + writer);
                Store node = writer % 2 == 0 ? store : other;
                futures.add(executor.submit(() -> {
                    try {
                        for (int round = 0; round < 120; round++) {
                            node.writer().write(tenant, writes(random, types));
                        }
                    } finally {
                        writing.decrementAndGet();
                    }
                }));
            }
            futures.add(executor.submit(() -> {
                Random random = new Random(SEED * 37);
                while (writing.get() > 0) {
                    flip(random.nextBoolean() ? store : other, tenant, types, random);
                    flips.incrementAndGet();
                }
            }));
            futures.add(executor.submit(() -> {
                Random random = new Random(SEED * 41);
                while (writing.get() > 0) {
                    try (Database database = mortal();
                            PivotJobs _ = PivotJobs.start(database, store.registry(), 40, 60)) {
                        await().pollDelay(Duration.ofMillis(550 + random.nextInt(300)))
                                .until(() -> true);
                        kill();
                    }
                }
                return true;
            }));
            for (Future<?> future : futures) {
                future.get();
            }
            await().atMost(Duration.ofSeconds(60)).until(() -> settled(tenant));
            System.out.printf("%d flips%n", flips.get());
            assertPivotIsTheDocuments(tenant);
            types.forEach(type -> register(tenant, type, true));
            await().atMost(Duration.ofSeconds(60)).until(() -> settled(tenant));
            assertPivotIsTheDocuments(tenant);
            assertThat(count("SELECT count(DISTINCT attribute_id) FROM entity_attribute WHERE tenant_id = " + tenant))
                    .isEqualTo(types.size());
            types.forEach(type -> register(tenant, type, false));
            await().atMost(Duration.ofSeconds(60)).until(() -> settled(tenant));
            assertThat(count("SELECT count(*) FROM entity_attribute WHERE tenant_id = " + tenant))
                    .isZero();
        }
    }

    @Test
    void aFillingTellsHowFarItIsAndAnotherNodeGoesOnAfterACrash() throws Exception {
        TenantId tenant = store.newTenant();
        AttributeType score = store.register(tenant, "score", DataType.NUMBER, false);
        List<EntityWrite> writes = new ArrayList<>();
        for (long id = 1; id <= 3_000; id++) {
            writes.add(new EntityWrite.Create(
                    Optional.of(id),
                    "thing",
                    id % 3 == 0
                            ? Document.empty()
                            : Document.of(Map.of(score.attributeId(), new Value.NumberValue(id)))));
        }
        store.writer().write(tenant, writes);

        AttributeType asked = register(tenant, score, true);
        assertThat(asked.filterable()).isTrue();
        assertThat(asked.pivotState()).isEqualTo(PivotState.FILLING);
        AttributeStatus begun = store.registry().status(tenant, "score");
        assertThat(begun.progress().orElseThrow().rowsDone()).isZero();
        assertThat(begun.progress().orElseThrow().rowsTotal()).isEqualTo(3_000);
        assertIndexing(tenant, "0 of about 3,000 entities are done");

        try (Database database = mortal();
                PivotJobs _ = PivotJobs.start(database, store.registry(), 10, 10)) {
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> store.registry()
                            .status(tenant, "score")
                            .progress()
                            .filter(progress -> progress.rowsDone() > 100)
                            .isPresent());
            kill();
        }
        long done = store.registry()
                .status(tenant, "score")
                .progress()
                .orElseThrow()
                .rowsDone();
        assertThat(done).isBetween(100L, 2_990L);
        // Nobody works: what is written to what is done, to what is to be done, and to neither.
        store.writer()
                .write(
                        tenant,
                        List.of(
                                merge(1, score, -1),
                                merge(2_999, score, -2),
                                new EntityWrite.Delete(2),
                                new EntityWrite.Delete(2_998),
                                merge(3_000, score, -3),
                                new EntityWrite.Create(
                                        Optional.of(4_000L),
                                        "thing",
                                        Document.of(Map.of(score.attributeId(), new Value.NumberValue(5))))));

        try (Store other = Store.open(store.database())) {
            await().atMost(Duration.ofSeconds(60)).until(() -> settled(tenant));
            assertPivotIsTheDocuments(tenant);
            // The job ended on the other store: this one's copy of the registry hears of it within a second.
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> copy(tenant, "score").pivotState() == PivotState.READY);
            assertThat(store.source()
                            .find(
                                    tenant,
                                    new EntityQuery(filter(copy(tenant, "score"), -2), List.of(), 10, Optional.empty()))
                            .entities())
                    .hasSize(1);
            assertThat(store.registry().status(tenant, "score").progress()).isEmpty();
        }
    }

    @Test
    void aRetiredAttributeLeavesThePivotKeepsItsValuesAndComesBack() throws Exception {
        TenantId tenant = store.newTenant();
        AttributeType score = store.register(tenant, "score", DataType.NUMBER, true);
        for (long id = 1; id <= 200; id++) {
            store.writer().write(tenant, List.of(merge(id, score, (double) id)));
        }
        AttributeType retired = store.registry().retire(tenant, "score").type();
        assertThat(retired.retired()).isTrue();
        assertThat(retired.pivotState()).isEqualTo(PivotState.EMPTYING);
        assertThat(store.registry().retire(tenant, "score").type()).isEqualTo(retired);
        assertThatThrownBy(() -> store.register(tenant, "score", DataType.NUMBER, true))
                .isInstanceOfSatisfying(
                        AtlasException.class,
                        failure -> assertThat(failure.problem().code()).isEqualTo(ErrorCode.ATTRIBUTE_RETIRED));
        // Wanted again before it is empty: it is emptied all the same, and then filled.
        assertThat(store.registry().restore(tenant, "score").type().pivotState())
                .isEqualTo(PivotState.EMPTYING);
        try (Store other = Store.open(store.database())) {
            await().atMost(Duration.ofSeconds(30)).until(() -> settled(tenant));
            assertPivotIsTheDocuments(tenant);
            assertThat(count("SELECT count(*) FROM entity_attribute WHERE tenant_id = " + tenant))
                    .isEqualTo(200);
            store.registry().retire(tenant, "score");
            await().atMost(Duration.ofSeconds(30)).until(() -> settled(tenant));
            assertThat(count("SELECT count(*) FROM entity_attribute WHERE tenant_id = " + tenant))
                    .isZero();
            assertThat(other.source().get(tenant, 7).orElseThrow().document().find(score.attributeId()))
                    .contains(new Value.NumberValue(7));
        }
    }

    @Test
    void aPartThatIsNotDoneByTheDeadlineIsTriedAgainSmaller() throws Exception {
        TenantId tenant = store.newTenant();
        AttributeType score = store.register(tenant, "score", DataType.NUMBER, false);
        List<EntityWrite> writes = new ArrayList<>();
        for (int id = 1; id <= 400; id++) {
            writes.add(merge(id, score, id));
        }
        store.writer().write(tenant, writes);
        execute("""
                CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql
                    AS 'BEGIN PERFORM pg_sleep(0.005); RETURN NEW; END';
                CREATE TRIGGER dawdle BEFORE INSERT ON entity_attribute FOR EACH ROW WHEN (NEW.tenant_id = %s)
                    EXECUTE FUNCTION dawdle()""".formatted(tenant));
        register(tenant, score, true);
        try (Database impatient = Database.open(
                        Store.settings(store.database().jdbcUrl(), 2).within(Duration.ofMillis(1_200)));
                PivotJobs _ = PivotJobs.start(impatient, store.registry(), 400, 400)) {
            await().atMost(Duration.ofSeconds(60)).until(() -> settled(tenant));
        } finally {
            execute("DROP TRIGGER dawdle ON entity_attribute; DROP FUNCTION dawdle");
        }
        assertPivotIsTheDocuments(tenant);
    }

    @Test
    void aChangeOfManyAttributesCountsTheEntitiesOnce() throws Exception {
        TenantId tenant = store.newTenant();
        store.registry().registerAll(tenant, definitions(false));
        execute("""
                DO $do$ BEGIN
                    EXECUTE format('ALTER DATABASE %I SET track_functions = ''all''', current_database());
                END $do$""");
        String calls =
                "SELECT coalesce(sum(calls), 0) FROM pg_stat_user_functions WHERE funcname = 'atlas_estimate_rows'";
        changeAll(tenant, true);
        await().until(() -> count(calls) > 0);
        assertThat(count(calls)).isEqualTo(1);
        // Half filled, they are emptied again: one is counted for itself, the others are estimated together.
        changeAll(tenant, false);
        await().until(() -> count(calls) > 1);
        assertThat(count(calls)).isLessThanOrEqualTo(3);
    }

    private static void changeAll(TenantId tenant, boolean filterable) {
        try (Database counted = Database.open(Store.settings(store.database().jdbcUrl(), 2));
                AttributeRegistry registry = AttributeRegistry.open(counted)) {
            registry.registerAll(tenant, definitions(filterable));
        }
    }

    private static List<AttributeDefinition> definitions(boolean filterable) {
        return IntStream.range(0, 30)
                .mapToObj(i -> new AttributeDefinition(
                        "a" + i, DataType.NUMBER, filterable, false, Optional.empty(), Optional.empty()))
                .toList();
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = store.database().connectAsSuperuser()) {
            connection.createStatement().execute(sql);
        }
    }

    private static List<EntityWrite> writes(Random random, List<AttributeType> types) {
        List<EntityWrite> writes = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(8); i++) {
            long id = 1L + random.nextInt(ENTITIES);
            Map<Integer, Optional<Value>> changes = new TreeMap<>();
            for (int j = 0; j < random.nextInt(types.size()); j++) {
                AttributeType type = types.get(random.nextInt(types.size()));
                changes.put(
                        type.attributeId(),
                        random.nextInt(5) == 0 ? Optional.empty() : Optional.of(value(random, type.dataType())));
            }
            TreeMap<Integer, Value> values = new TreeMap<>();
            changes.forEach((attribute, value) -> value.ifPresent(present -> values.put(attribute, present)));
            switch (random.nextInt(6)) {
                case 0 -> writes.add(new EntityWrite.Delete(id));
                case 1 -> writes.add(new EntityWrite.Replace(id, "thing", new Document(values)));
                case 2 -> {
                    // Another life with, mostly, the same values.
                    writes.add(new EntityWrite.Replace(id, "thing", fixed(types)));
                    writes.add(new EntityWrite.Delete(id));
                    writes.add(new EntityWrite.Create(Optional.of(id), "thing", fixed(types)));
                }
                default -> writes.add(new EntityWrite.Merge(id, Optional.of("thing"), changes));
            }
        }
        return writes;
    }

    private static Document fixed(List<AttributeType> types) {
        Random random = new Random(SEED);
        TreeMap<Integer, Value> values = new TreeMap<>();
        types.forEach(type -> values.put(type.attributeId(), value(random, type.dataType())));
        return new Document(values);
    }

    private static Value value(Random random, DataType dataType) {
        return switch (dataType) {
            case NUMBER -> new Value.NumberValue(random.nextInt(4) / 10.0);
            case TEXT -> new Value.TextValue("t".repeat(random.nextInt(3) * 300) + random.nextInt(3));
            case TS ->
                Value.TimestampValue.of(Instant.parse("2026-01-01T00:00:00Z").plusNanos(random.nextInt(3) * 1_000L));
            case BOOL -> new Value.BoolValue(random.nextBoolean());
            case JSON -> new Value.JsonValue("{\"a\":" + random.nextInt(3) + "}");
        };
    }

    private static void flip(Store node, TenantId tenant, List<AttributeType> types, Random random) {
        AttributeType type = types.get(random.nextInt(types.size()));
        switch (random.nextInt(4)) {
            case 0 -> node.registry().retire(tenant, type.name());
            case 1 -> node.registry().restore(tenant, type.name());
            default -> {
                try {
                    node.register(tenant, type.name(), type.dataType(), random.nextInt(3) > 0);
                } catch (AtlasException retired) {
                    assertThat(retired.problem().code()).isEqualTo(ErrorCode.ATTRIBUTE_RETIRED);
                }
            }
        }
    }

    /** As this store knows it, without a look at the database. */
    private static AttributeType copy(TenantId tenant, String name) {
        return store.registry().snapshot(tenant).find(name).orElseThrow();
    }

    private static AttributeType register(TenantId tenant, AttributeType type, boolean filterable) {
        if (store.registry().status(tenant, type.name()).type().retired() && filterable) {
            store.registry().restore(tenant, type.name());
        }
        return store.register(tenant, type.name(), type.dataType(), filterable);
    }

    private static EntityWrite merge(long id, AttributeType type, double number) {
        return new EntityWrite.Merge(
                id, Optional.of("thing"), Map.of(type.attributeId(), Optional.of(new Value.NumberValue(number))));
    }

    private static Filter filter(AttributeType type, double number) {
        return new Filter.Comparison(
                new Property.Attribute(type), Filter.Operator.EQUAL, new Value.NumberValue(number));
    }

    private static void assertIndexing(TenantId tenant, String progress) {
        AttributeType type = store.registry().snapshot(tenant).find("score").orElseThrow();
        assertThatThrownBy(() ->
                        store.source().find(tenant, new EntityQuery(filter(type, 1), List.of(), 10, Optional.empty())))
                .isInstanceOfSatisfying(AtlasException.class, failure -> {
                    assertThat(failure.problem().code()).isEqualTo(ErrorCode.ATTRIBUTE_INDEXING);
                    assertThat(failure.problem().detail()).contains(progress);
                });
    }

    private static boolean settled(TenantId tenant) throws SQLException {
        return count("SELECT count(*) FROM attr_type WHERE pivot_state IN ('filling', 'emptying') AND tenant_id = "
                                + tenant)
                        + count("SELECT count(*) FROM pivot_job WHERE tenant_id = " + tenant)
                == 0;
    }

    private static Database mortal() {
        return Database.open(new PostgresSettings(
                store.database().jdbcUrl(), Store.ROLE, Store.PASSWORD, 2, Duration.ofSeconds(20), "mortal"));
    }

    /** Ends the connections of {@link #mortal} in the middle of what they do, as a crash of their node would. */
    private static void kill() throws SQLException {
        count("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'atlas mortal'");
    }

    /** Both differences of the two sets, duplicates counted; only of attributes that are in the pivot. */
    private static void assertPivotIsTheDocuments(TenantId tenant) throws SQLException {
        String pivot = """
                SELECT entity_id, attribute_id, coalesce(to_jsonb(value_number), to_jsonb(value_text),
                    to_jsonb(value_bool), jsonb_build_object('json', value_jsonb),
                    jsonb_build_object('ts', (extract(epoch FROM value_ts) * 1000000)::bigint))
                FROM entity_attribute WHERE tenant_id = %s""".formatted(tenant).replace(
                "jsonb_build_object('json', value_jsonb),",
                "CASE WHEN value_jsonb IS NOT NULL THEN jsonb_build_object('json', value_jsonb) END,");
        String documents = """
                SELECT e.entity_id, a.attribute_id, e.document -> a.attribute_id::text
                FROM entity e JOIN attr_type a ON a.tenant_id = e.tenant_id AND a.filterable AND NOT a.retired
                WHERE e.tenant_id = %s AND jsonb_exists(e.document, a.attribute_id::text)""".formatted(tenant);
        assertThat(rows("%s EXCEPT ALL %s".formatted(pivot, documents)))
                .as("too much in the pivot, seed %d", SEED)
                .isEmpty();
        assertThat(rows("%s EXCEPT ALL %s".formatted(documents, pivot)))
                .as("missing in the pivot, seed %d", SEED)
                .isEmpty();
    }

    private static List<String> rows(String sql) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection connection = store.database().connectAsSuperuser();
                ResultSet rows = connection.createStatement().executeQuery(sql + " LIMIT 10")) {
            while (rows.next()) {
                found.add(rows.getString(1) + " " + rows.getString(2) + " " + rows.getString(3));
            }
        }
        return found;
    }

    private static long count(String sql) throws SQLException {
        try (Connection connection = store.database().connectAsSuperuser();
                ResultSet row = connection.createStatement().executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
