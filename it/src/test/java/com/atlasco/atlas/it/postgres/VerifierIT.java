package com.atlasco.atlas.it.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.atlasco.atlas.analytics.change.Change;
import com.atlasco.atlas.analytics.change.ChangeBatch;
import com.atlasco.atlas.analytics.change.ChangeOrder;
import com.atlasco.atlas.analytics.change.Watermark;
import com.atlasco.atlas.analytics.duckdb.DuckDbSettings;
import com.atlasco.atlas.analytics.duckdb.DuckDbStore;
import com.atlasco.atlas.analytics.duckdb.PromotionReport;
import com.atlasco.atlas.it.TestCluster;
import com.atlasco.atlas.it.TestCluster.TestDatabase;
import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.postgres.PostgresSettings;
import com.atlasco.atlas.postgres.check.CheckedServer;
import com.atlasco.atlas.postgres.check.PivotCheck;
import com.atlasco.atlas.postgres.check.Range;
import com.atlasco.atlas.postgres.check.RangeReader;
import com.atlasco.atlas.postgres.check.StoredRow;
import com.atlasco.atlas.postgres.registry.AttributeDefinition;
import com.atlasco.atlas.postgres.write.EntityWrite;
import com.atlasco.atlas.server.verify.ComparedSource;
import com.atlasco.atlas.server.verify.ContinuousVerification;
import com.atlasco.atlas.server.verify.EntityRefresh;
import com.atlasco.atlas.server.verify.Finding;
import com.atlasco.atlas.server.verify.Positions;
import com.atlasco.atlas.server.verify.Verifier;
import com.atlasco.atlas.server.verify.VerifyListener;
import com.atlasco.atlas.server.verify.VerifyProgress;
import com.atlasco.atlas.server.verify.VerifyRequest;
import com.atlasco.atlas.server.verify.VerifySummary;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Each kind of damage, planted past every part that writes, is found where it is, and mended where that can be done. */
@ExtendWith(TestCluster.class)
class VerifierIT {

    private static final int ENTITIES = 300;
    private static final Position SOMEWHERE = new Position(1, 1, new Lsn(1));

    private final TestDatabase database;
    private final AtomicLong orders = new AtomicLong(1_000);
    private final List<AutoCloseable> opened = new ArrayList<>();

    @TempDir
    private Path directory;

    private Store store;
    private TenantId tenant;
    private AttributeType score;
    private AttributeType label;
    private AttributeType seen;
    private AttributeType active;
    private AttributeType extra;
    private AttributeType plain;
    private DuckDbStore olap;

    VerifierIT(TestDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void write() {
        store = Store.openIdle(database);
        tenant = store.newTenant();
        score = register("score", DataType.NUMBER, true, true);
        label = register("label", DataType.TEXT, true, true);
        seen = register("seen", DataType.TS, true, false);
        active = register("active", DataType.BOOL, true, false);
        extra = register("extra", DataType.JSON, true, false);
        plain = register("plain", DataType.NUMBER, false, false);
        List<EntityWrite> writes = new ArrayList<>();
        for (long id = 1; id <= ENTITIES; id++) {
            writes.add(new EntityWrite.Create(Optional.of(id), "thing", document(id)));
        }
        store.writer().write(tenant, writes);
        olap = DuckDbStore.open(DuckDbSettings.of(file()));
        fill();
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
        olap.close();
        store.close();
    }

    private AttributeType register(String name, DataType dataType, boolean filterable, boolean hot) {
        return store.registry()
                .register(
                        tenant,
                        new AttributeDefinition(name, dataType, filterable, hot, Optional.empty(), Optional.empty()))
                .type();
    }

    private Document document(long id) {
        Map<Integer, Value> values = new TreeMap<>();
        values.put(score.attributeId(), new Value.NumberValue(id / 8.0));
        values.put(label.attributeId(), new Value.TextValue(id % 50 == 0 ? "long ".repeat(500) + id : "label " + id));
        values.put(seen.attributeId(), new Value.TimestampValue(1_700_000_000_000_001L + id));
        values.put(active.attributeId(), new Value.BoolValue(id % 2 == 0));
        if (id % 3 != 0) {
            values.put(extra.attributeId(), new Value.JsonValue("{\"a\":[" + id + "]}"));
        }
        values.put(plain.attributeId(), new Value.NumberValue(id));
        return Document.of(values);
    }

    private Path file() {
        return directory.resolve("olap.duckdb");
    }

    /** As change capture would. */
    private void fill() {
        List<Change> changes = new ArrayList<>();
        for (AttributeType type : List.of(score, label, seen, active, extra, plain)) {
            changes.add(new Change.AttributeTypeUpserted(tenant, type, nextOrder()));
        }
        for (StoredRow row : onPrimary().values()) {
            changes.add(upserted(row.entity()));
        }
        olap.apply(new ChangeBatch(changes, watermark()));
        // Columns are filled between batches, and one that is being filled is not compared.
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            olap.apply(new ChangeBatch(List.of(), watermark()));
            List<PromotionReport.Promoted> promoted = olap.promotions().promoted();
            return promoted.size() == 2 && promoted.stream().allMatch(PromotionReport.Promoted::complete);
        });
    }

    private Watermark watermark() {
        return new Watermark(SOMEWHERE, Optional.of(nextOrder()), List.of(), "", true);
    }

    private ChangeOrder nextOrder() {
        return new ChangeOrder(new Lsn(orders.incrementAndGet()), 1);
    }

    private Change upserted(Entity entity) {
        return new Change.EntityUpserted(
                tenant,
                entity.entityId(),
                entity.entityType(),
                entity.version(),
                Optional.of(entity.document()),
                Set.of(),
                entity.updatedAt(),
                entity.updatedAt(),
                nextOrder());
    }

    private Map<Long, StoredRow> onPrimary() {
        try (CheckedServer server = CheckedServer.open(admin(database.jdbcUrl()))) {
            return server.rowsOfPrimary(tenant, new Range(0, Long.MAX_VALUE, 0, 0))
                    .value();
        }
    }

    private PostgresSettings admin(String url) {
        return new PostgresSettings(
                url, database.superuser(), database.password(), 2, Duration.ofSeconds(20), "verifier-it");
    }

    private void sql(String... statements) throws SQLException {
        try (Connection connection = database.connectAsSuperuser();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                assertThat(statement.executeUpdate(sql)).as(sql).isPositive();
            }
        }
    }

    /** Changes the columnar store's file behind its back. */
    private void inFile(String... statements) throws SQLException {
        olap.close();
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file());
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                assertThat(statement.executeUpdate(sql)).as(sql).isPositive();
            }
        }
        olap = DuckDbStore.open(DuckDbSettings.of(file()));
    }

    /** What was told. */
    private static class Told implements VerifyListener {
        private final List<Finding> findings = new ArrayList<>();

        @Override
        public void progress(VerifyProgress progress) {}

        @Override
        public void finding(Finding finding) throws IOException {
            findings.add(finding);
        }

        /** A line for each: the kind, the entity, and what of it. */
        List<String> lines() {
            return findings.stream()
                    .map(finding -> "%s %s %s"
                            .formatted(
                                    finding.kind().wireName(),
                                    finding.entityId().isPresent()
                                            ? finding.entityId().getAsLong()
                                            : "-",
                                    finding.attribute()
                                            .map(name -> name
                                                    + finding.property()
                                                            .map(property -> " " + property)
                                                            .orElse(""))
                                            .or(finding::property)
                                            .orElse("")))
                    .map(String::strip)
                    .toList();
        }
    }

    private Verifier verifier(Optional<String> replica, Positions positions, EntityRefresh refresh) {
        CheckedServer primary = CheckedServer.open(admin(database.jdbcUrl()));
        opened.add(primary);
        return new Verifier(
                primary,
                replica.map(url -> {
                            CheckedServer server = CheckedServer.open(admin(url));
                            opened.add(server);
                            return Map.of("replica", server);
                        })
                        .orElse(Map.of()),
                Optional.of(olap.comparison()),
                positions,
                refresh,
                new SimpleMeterRegistry(),
                System::nanoTime,
                RandomGenerator.getDefault());
    }

    private static void refused(TenantId refreshed, List<Long> entityIds) {
        throw Problem.of(ErrorCode.SOURCE_UNAVAILABLE, "not now").asException();
    }

    private Verifier verifier() {
        return verifier(Optional.empty(), (source, position, atMost) -> true, VerifierIT::refused);
    }

    private VerifyRequest request(ComparedSource source, boolean repair) {
        return new VerifyRequest(Set.of(tenant), Set.of(source), 1, repair);
    }

    private static Told verify(Verifier verifier, VerifyRequest request) throws IOException, InterruptedException {
        Told told = new Told();
        VerifySummary summary = verifier.verify(request, told);
        assertThat(summary.findings()).isEqualTo(told.findings.size());
        assertThat(summary.entities()).isEqualTo(ENTITIES);
        return told;
    }

    @Test
    void findsNoDifferenceWhereThereIsNone() throws Exception {
        Told told = new Told();
        VerifySummary summary = verifier().verify(new VerifyRequest(Set.of(tenant), Set.of(), 1, false), told);
        assertThat(told.lines()).isEmpty();
        assertThat(summary.sources()).containsOnlyKeys(ComparedSource.PIVOT, ComparedSource.OLAP);
        assertThat(summary.sources().values())
                .allMatch(result ->
                        result.entities() == ENTITIES && result.notCompared().isEmpty());
    }

    @Test
    void findsAndMendsEveryKindOfDamageInThePivot() throws Exception {
        String rows = "DELETE FROM entity_attribute WHERE tenant_id = %s AND entity_id = ".formatted(tenant);
        String row = "INSERT INTO entity_attribute (tenant_id, attribute_id, entity_id, %s) VALUES (" + tenant
                + ", %d, %d, %s)";
        String change = "UPDATE entity_attribute SET %s WHERE tenant_id = " + tenant + " AND entity_id = %d AND %s";
        sql(
                rows + "1",
                rows + "2 AND attribute_id = " + score.attributeId(),
                change.formatted("value_text = 'other'", 4, "value_text IS NOT NULL"),
                change.formatted("value_jsonb = '[1]'", 5, "value_jsonb IS NOT NULL"),
                // Beyond what the index holds of it.
                change.formatted("value_text = value_text || '!'", 50, "value_text IS NOT NULL"),
                change.formatted("value_ts = value_ts + interval '1 microsecond'", 7, "value_ts IS NOT NULL"),
                row.formatted("value_bool", active.attributeId(), 8, "true"),
                row.formatted("value_number", score.attributeId(), 10, "77"),
                row.formatted("value_jsonb", extra.attributeId(), 12, "'{}'"),
                row.formatted("value_number", plain.attributeId(), 13, "13"),
                row.formatted("value_number", score.attributeId(), 9_999, "1"),
                row.formatted("value_text", 1_000_000, 14, "'of no attribute'"));
        List<String> expected = List.of(
                "missing 1 score",
                "missing 1 label",
                "missing 1 seen",
                "missing 1 active",
                "missing 1 extra",
                "missing 2 score",
                "stale 4 label",
                "stale 5 extra",
                "stale 50 label",
                "stale 7 seen",
                "orphaned 8 active",
                "orphaned 10 score",
                "orphaned 12 extra",
                "orphaned 13 plain",
                "orphaned 9999 score",
                "orphaned 14 #1000000");

        Told found = verify(verifier(), request(ComparedSource.PIVOT, false));
        assertThat(found.lines()).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(found.findings).noneMatch(Finding::repaired);
        assertThat(found.findings)
                .filteredOn(finding -> finding.entityId().getAsLong() == 4)
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.expected()).contains("\"label 4\"");
                    assertThat(finding.actual()).contains("other");
                });

        Told mended = verify(verifier(), request(ComparedSource.PIVOT, true));
        assertThat(mended.lines()).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(mended.findings).allMatch(Finding::repaired);
        assertThat(verify(verifier(), request(ComparedSource.PIVOT, false)).lines())
                .isEmpty();
        assertThat(PivotCheck.run(database.jdbcUrl(), database.superuser(), database.password())
                        .isEqual())
                .isTrue();
    }

    @Test
    void findsAndMendsEveryKindOfDamageInTheColumnarStore() throws Exception {
        String where = " WHERE tenant_id = %s AND entity_id = ".formatted(tenant);
        String maps = "map_concat(%s, map {%d: %s})";
        inFile(
                "DELETE FROM entity" + where + "1",
                "UPDATE entity SET version = 0, numbers = "
                        + maps.formatted("numbers", score.attributeId(), "99.0::DOUBLE") + ", number_1 = 99" + where
                        + "2",
                "UPDATE entity SET texts = " + maps.formatted("texts", label.attributeId(), "'wrong'")
                        + ", text_1 = 'wrong'" + where + "3",
                "UPDATE entity SET booleans = " + maps.formatted("booleans", 1_000_000, "true") + where + "4",
                "INSERT INTO entity SELECT * REPLACE (9999 AS entity_id) FROM entity" + where + "5",
                "UPDATE entity SET number_1 = 42" + where + "6",
                "UPDATE entity SET text_1 = NULL" + where + "7",
                "UPDATE entity SET jsons = NULL" + where + "8",
                "UPDATE entity SET updated_at = updated_at + INTERVAL 1 MICROSECOND" + where + "9",
                "INSERT INTO entity SELECT * FROM entity" + where + "10");
        List<String> expected = List.of(
                "missing 1",
                "stale 2 version",
                "stale 2 score",
                "stale 3 label",
                "orphaned 4 #1000000",
                "orphaned 9999",
                "stale 6 score column number_1",
                "missing 7 label column text_1",
                "missing 8 extra",
                "stale 9 updated_at",
                "orphaned 10 row");

        Told found = verify(verifier(), request(ComparedSource.OLAP, false));
        assertThat(found.lines()).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(found.findings)
                .filteredOn(finding -> finding.entityId().getAsLong() == 2
                        && finding.attribute().isPresent())
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.expected()).contains("0.25");
                    assertThat(finding.actual()).contains("99");
                });

        // Where nothing can refresh the store, nothing is said to be mended.
        assertThat(verify(verifier(), request(ComparedSource.OLAP, true)).findings)
                .noneMatch(Finding::repaired)
                .allMatch(finding -> finding.detail().orElseThrow().equals("not mended: not now"));

        Verifier mending = verifier(Optional.empty(), (source, position, atMost) -> true, this::refresh);
        Told mended = verify(mending, request(ComparedSource.OLAP, true));
        assertThat(mended.lines()).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(mended.findings).allMatch(Finding::repaired);
        assertThat(verify(verifier(), request(ComparedSource.OLAP, false)).lines())
                .isEmpty();
    }

    private void refresh(TenantId refreshed, List<Long> entityIds) {
        Map<Long, StoredRow> there = onPrimary();
        List<Change> changes = new ArrayList<>();
        for (long id : entityIds) {
            Optional<StoredRow> row = Optional.ofNullable(there.get(id));
            changes.add(row.map(found -> upserted(found.entity()))
                    .orElseGet(() -> new Change.EntityDeleted(refreshed, id, Instant.EPOCH, nextOrder())));
        }
        olap.apply(new ChangeBatch(changes, watermark()));
    }

    @Test
    void findsAttributeTypesThatDiffer() throws Exception {
        String where = " WHERE tenant_id = %s AND attribute_id = ".formatted(tenant);
        inFile(
                "UPDATE attribute_type SET filterable = false" + where + active.attributeId(),
                "UPDATE attribute_type SET name = 'otherwise'" + where + seen.attributeId(),
                "DELETE FROM attribute_type" + where + extra.attributeId(),
                "UPDATE attribute_type SET data_type = 'BOOL'" + where + plain.attributeId(),
                "INSERT INTO attribute_type SELECT * REPLACE (1000000 AS attribute_id, 'unknown' AS name)"
                        + " FROM attribute_type" + where + score.attributeId(),
                // Its column is no longer known to be its.
                "DELETE FROM promoted" + where + label.attributeId(),
                "UPDATE entity SET text_1 = NULL WHERE tenant_id = " + tenant);
        assertThat(verify(verifier(), request(ComparedSource.OLAP, false)).lines())
                .containsExactlyInAnyOrder(
                        "stale - active filterable",
                        "stale - seen name",
                        "missing - extra type",
                        "stale - plain data_type",
                        "orphaned - unknown type",
                        "stale - label column");
    }

    @Test
    void findsWhatDiffersInAReplicaAndSaysThatItHasToBeRebuilt() throws Exception {
        String copy = database.name() + "_copy";
        store.close();
        try (Connection connection = DriverManager.getConnection(
                        database.primary().jdbcUrl(), database.superuser(), database.password());
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%s'"
                    .formatted(database.name()));
            statement.execute("CREATE DATABASE %s TEMPLATE %s".formatted(copy, database.name()));
        }
        store = Store.openIdle(database);
        String url = database.jdbcUrl().replace(database.name(), copy);
        Verifier verifier = verifier(Optional.of(url), (source, position, atMost) -> true, VerifierIT::refused);
        assertThat(verify(verifier, request(ComparedSource.REPLICA, false)).lines())
                .isEmpty();

        String where = " WHERE tenant_id = %s AND entity_id = ".formatted(tenant);
        try (Connection connection = DriverManager.getConnection(url, database.superuser(), database.password());
                Statement statement = connection.createStatement()) {
            statement.execute("DELETE FROM entity" + where + 1);
            statement.execute("UPDATE entity SET document = document || '{\"%d\": 5}'".formatted(score.attributeId())
                    + where
                    + 2);
            statement.execute("UPDATE entity SET version = 9" + where + 3);
            statement.execute("UPDATE entity SET changed_attributes = '{7}'" + where + 4);
            statement.execute("INSERT INTO entity SELECT tenant_id, 9999, entity_type, version, document,"
                    + " changed_attributes, updated_at FROM entity" + where + 5);
            statement.execute("UPDATE attr_type SET hot = true WHERE tenant_id = %s AND attribute_id = %d"
                    .formatted(tenant, active.attributeId()));
        }
        Told found = verify(verifier, request(ComparedSource.REPLICA, true));
        assertThat(found.lines())
                .containsExactlyInAnyOrder(
                        "missing 1",
                        "stale 2 score",
                        "stale 3 version",
                        "stale 4 changed_attributes",
                        "orphaned 9999",
                        "stale - active hot",
                        "stale - active column");
        assertThat(found.findings)
                .noneMatch(Finding::repaired)
                .allMatch(finding -> finding.detail().orElseThrow().contains("rebuild"));
    }

    @Test
    void saysThatASourceThatDoesNotComeAlongWasNotCompared() throws Exception {
        Told told = new Told();
        Verifier verifier = verifier(Optional.empty(), (source, position, atMost) -> false, VerifierIT::refused);
        VerifySummary summary = verifier.verify(request(ComparedSource.OLAP, false), told);
        assertThat(summary.sources().get(ComparedSource.OLAP))
                .satisfies(result -> assertThat(result.notCompared())
                        .hasValueSatisfying(why -> assertThat(why).contains("the olap did not reach")));
        assertThat(told.lines()).isEmpty();
    }

    @Test
    void whatChangesWheneverItIsLookedAtIsNotDecided() throws Exception {
        inFile("UPDATE entity SET version = 0 WHERE tenant_id = %s AND entity_id = 1".formatted(tenant));
        // Each wait for the source is time for a writer.
        Positions positions = (source, position, atMost) -> {
            store.writer()
                    .write(
                            tenant,
                            List.of(new EntityWrite.SetAttribute(
                                    1, plain.attributeId(), new Value.NumberValue(orders.incrementAndGet()))));
            return true;
        };
        Told told = new Told();
        VerifySummary summary = verifier(Optional.empty(), positions, VerifierIT::refused)
                .verify(request(ComparedSource.OLAP, false), told);
        assertThat(told.lines()).containsExactly("undecided 1");
        assertThat(summary.findings()).isZero();
        assertThat(summary.undecided()).isEqualTo(1);
    }

    @Test
    void aSampleComparesAPartOfTheRanges() throws Exception {
        VerifySummary summary = verifier()
                .verify(new VerifyRequest(Set.of(tenant), Set.of(ComparedSource.OLAP), 0.000_1, false), new Told());
        // The first range at least: the smallest there is.
        assertThat(summary.entities()).isBetween(1L, ENTITIES - 1L);
    }

    @Test
    void rangesHoldNoMoreThanSoManyBytesOfDocuments() {
        String large = "x".repeat(300_000);
        List<EntityWrite> writes = new ArrayList<>();
        for (long id = 1_001; id <= 1_030; id++) {
            writes.add(new EntityWrite.Create(
                    Optional.of(id),
                    "large",
                    Document.of(Map.of(label.attributeId(), new Value.TextValue(large + id)))));
        }
        store.writer().write(tenant, writes);
        try (CheckedServer server = CheckedServer.open(admin(database.jdbcUrl()))) {
            RangeReader reader = new RangeReader(server, 1_000, 1_000_000);
            long after = 0;
            int entities = 0;
            Range range;
            do {
                range = reader.next(tenant, after);
                assertThat(range.bytes()).isLessThan(1_400_000);
                assertThat(server.rowsOfPrimary(tenant, range).value()).hasSize(range.entities());
                entities += range.entities();
                after = range.through();
            } while (!range.isLast());
            assertThat(entities).isEqualTo(ENTITIES + 30);
        }
    }

    @Test
    void aListenerThatFailsEndsTheComparison() throws Exception {
        sql("DELETE FROM entity_attribute WHERE tenant_id = " + tenant);
        Verifier verifier = verifier();
        VerifyListener gone = new Told() {
            @Override
            public void finding(Finding finding) throws IOException {
                throw new IOException("gone");
            }
        };
        assertThatThrownBy(() -> verifier.verify(request(ComparedSource.PIVOT, false), gone))
                .isInstanceOf(IOException.class);
        // And another one may begin, and mends all of it.
        assertThat(verify(verifier, request(ComparedSource.PIVOT, true)).findings)
                .hasSizeGreaterThan(ENTITIES)
                .allMatch(Finding::repaired);
    }

    @Test
    void theBackgroundCountsWhatItFindsAndMendsNothing() throws Exception {
        sql("DELETE FROM entity_attribute WHERE tenant_id = %s AND entity_id = 3 AND value_bool IS NOT NULL"
                .formatted(tenant));
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        CheckedServer primary = CheckedServer.open(admin(database.jdbcUrl()));
        opened.add(primary);
        // Of the pivot alone: the store of this test does not have the tenants of the others.
        Verifier verifier = new Verifier(
                primary,
                Map.of(),
                Optional.empty(),
                (source, position, atMost) -> true,
                VerifierIT::refused,
                meters,
                System::nanoTime,
                RandomGenerator.getDefault());
        assertThat(meters.get("atlas.verify.drift")
                        .tag("source", "pivot")
                        .gauge()
                        .value())
                .isNaN();
        assertThat(meters.get("atlas.verify.pass.age").gauge().value()).isNaN();
        try (ContinuousVerification running =
                ContinuousVerification.start(verifier, Duration.ofMillis(20), System::nanoTime)) {
            await("a pass has ended")
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> meters.get("atlas.verify.drift")
                                    .tag("source", "pivot")
                                    .gauge()
                                    .value()
                            == 1);
            assertThat(running).isNotNull();
        }
        assertThat(meters.get("atlas.verify.entities")
                        .tag("source", "pivot")
                        .counter()
                        .count())
                .isGreaterThanOrEqualTo(ENTITIES);
        assertThat(meters.get("atlas.verify.pass.age").gauge().value()).isNotNegative();
        assertThat(verify(verifier, request(ComparedSource.PIVOT, true)).lines())
                .containsExactly("missing 3 active");
    }
}
