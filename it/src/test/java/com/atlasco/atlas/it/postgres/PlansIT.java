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
import com.atlasco.atlas.postgres.read.PostgresSource;
import com.atlasco.atlas.postgres.statistics.Column;
import com.atlasco.atlas.postgres.statistics.StatisticsCatalog;
import com.atlasco.atlas.postgres.write.EntityWrite;
import com.atlasco.atlas.query.EntityPage;
import com.atlasco.atlas.query.EntityQuery;
import com.atlasco.atlas.query.Explanation;
import com.atlasco.atlas.query.PlannedReader;
import com.atlasco.atlas.query.SortKey;
import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.query.filter.LikePattern;
import com.atlasco.atlas.query.filter.Property;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The plans at a size where they matter. More entities: {@code -Datlas.entities=…}; figures: {@code -Datlas.measure=true}. */
@ExtendWith(TestCluster.class)
class PlansIT {

    private static final int ENTITIES = Integer.getInteger("atlas.entities", 100_000);
    private static final long SEED = Long.getLong("atlas.seed", 11L);

    private static Store store;
    private static TenantId tenant;
    private static Property status;
    private static Property country;
    private static Property score;
    private static Property code;
    private static Property since;
    private static AttributeType note;
    private static StatisticsCatalog statistics;
    private static PostgresSource planned;

    @BeforeAll
    static void writeData(TestDatabase database) throws SQLException {
        store = Store.open(database);
        tenant = store.newTenant();
        status = attribute("status", DataType.TEXT);
        country = attribute("country", DataType.TEXT);
        score = attribute("score", DataType.NUMBER);
        code = attribute("code", DataType.TEXT);
        since = attribute("since", DataType.TS);
        List<Property> others = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            others.add(attribute("other " + i, DataType.NUMBER));
        }
        note = store.register(tenant, "note", DataType.TEXT, false);
        Random random = new Random(SEED);
        List<EntityWrite> writes = new ArrayList<>();
        long began = System.nanoTime();
        for (long id = 1; id <= ENTITIES; id++) {
            Map<Integer, Value> values = new TreeMap<>();
            put(values, status, text(random.nextInt(100) < 60 ? "active" : "idle"));
            put(
                    values,
                    country,
                    text(List.of("US", "DE", "FR", "IT", "JP", "BR", "IN", "CN", "GB", "CA")
                            .get(random.nextInt(10))));
            put(values, score, new Value.NumberValue(random.nextInt(10_000) / 100.0));
            put(values, code, text("code-" + random.nextInt(ENTITIES / 5)));
            put(values, since, new Value.TimestampValue(1_700_000_000_000_000L + random.nextInt(1_000_000_000)));
            others.forEach(other -> put(values, other, new Value.NumberValue(random.nextInt(1_000))));
            writes.add(new EntityWrite.Create(Optional.of(id), "thing", Document.of(values)));
            if (writes.size() == 1_000 || id == ENTITIES) {
                store.writer().write(tenant, writes);
                writes.clear();
            }
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        System.out.printf("%d entities of 10 attributes in %.1f s: %.0f/s%n", ENTITIES, seconds, ENTITIES / seconds);
        try (Connection connection = database.connectAsSuperuser();
                Statement statement = connection.createStatement()) {
            statement.execute("VACUUM (ANALYZE) entity, entity_attribute");
        }
        statistics = StatisticsCatalog.open(
                Store.settings(database.jdbcUrl(), 1),
                StatisticsCatalog.DEFAULT_BYTES,
                StatisticsCatalog.FOLLOWING,
                System::nanoTime,
                random);
        planned = PostgresSource.ofPrimary(
                Store.settings(database.jdbcUrl(), 4), statistics, PostgresSource.DEFAULT_COST_LIMIT);
        statistics.rebuild(tenant, List.of(Column.Intrinsic.values()));
        statistics.rebuild(
                tenant,
                store.registry().snapshot(tenant).types().stream()
                        .filter(AttributeType::indexed)
                        .map(type -> new Column.Attribute(type.attributeId(), type.dataType()))
                        .toList());
    }

    @AfterAll
    static void close() {
        planned.close();
        statistics.close();
        store.close();
    }

    private static Property attribute(String name, DataType dataType) {
        return new Property.Attribute(store.register(tenant, name, dataType, true));
    }

    private static void put(Map<Integer, Value> values, Property property, Value value) {
        values.put(((Property.Attribute) property).type().attributeId(), value);
    }

    private static Value text(String text) {
        return new Value.TextValue(text);
    }

    private static Filter is(Property property, Filter.Operator operator, Value value) {
        return new Filter.Comparison(property, operator, value);
    }

    private static Filter equal(Property property, String value) {
        return is(property, Filter.Operator.EQUAL, text(value));
    }

    private static Filter three() {
        return new Filter.And(List.of(
                equal(status, "active"),
                equal(country, "US"),
                is(score, Filter.Operator.GREATER, new Value.NumberValue(80))));
    }

    private static EntityQuery first100(Filter filter) {
        return new EntityQuery(filter, List.of(), 100, Optional.empty());
    }

    private static Map<String, EntityQuery> queries() {
        Map<String, EntityQuery> queries = new LinkedHashMap<>();
        queries.put("status = 'active' AND country = 'US' AND score > 80", first100(three()));
        queries.put("the same, sorted by score DESC", sorted(three(), score, true));
        queries.put("the same, sorted by since", sorted(three(), since, false));
        queries.put("country = 'US'", first100(equal(country, "US")));
        queries.put(
                "country IN ('US', 'DE') AND score > 95",
                first100(new Filter.And(List.of(
                        new Filter.In(country, List.of(text("US"), text("DE"))),
                        is(score, Filter.Operator.GREATER, new Value.NumberValue(95))))));
        queries.put("code = 'code-17'", first100(equal(code, "code-17")));
        queries.put(
                "code LIKE 'code-17%' AND status = 'idle'",
                first100(new Filter.And(
                        List.of(new Filter.Like(code, LikePattern.parse("code-17%")), equal(status, "idle")))));
        queries.put(
                "code = 'code-17' OR score > 99.9",
                first100(new Filter.Or(List.of(
                        equal(code, "code-17"), is(score, Filter.Operator.GREATER, new Value.NumberValue(99.9))))));
        queries.put("score > 80", first100(is(score, Filter.Operator.GREATER, new Value.NumberValue(80))));
        queries.put("everything, sorted by since", sorted(Filter.ALL, since, true));
        queries.put("everything", first100(Filter.ALL));
        return queries;
    }

    private static EntityQuery sorted(Filter filter, Property property, boolean descending) {
        return new EntityQuery(filter, List.of(new SortKey(property, descending)), 100, Optional.empty());
    }

    private static String text(Explanation explanation) {
        return explanation.plan() + "\n" + String.join("\n", explanation.detail());
    }

    private static Filter range(Property property, double low, double high) {
        return new Filter.Between(property, new Value.NumberValue(low), new Value.NumberValue(high));
    }

    private static String plan(EntityQuery query) {
        return planned.explain(tenant, query, false).plan();
    }

    @Test
    void aSelectiveEqualityIsGathered() {
        assertThat(plan(first100(new Filter.And(List.of(equal(status, "active"), equal(code, "code-17"))))))
                .startsWith("gather code = …");
    }

    @Test
    void equalitiesThatManyHaveAreMerged() {
        assertThat(plan(first100(
                        new Filter.And(List.of(equal(country, "US"), equal(status, "idle"), range(score, 0, 1))))))
                .isIn("merge country = … and status = … by entity_id", "gather score in a range and country = …");
        assertThat(plan(first100(new Filter.And(List.of(equal(country, "US"), equal(status, "idle"))))))
                .isEqualTo("merge country = … and status = … by entity_id");
    }

    @Test
    void rangesAreIntersectedWhereTheirDocumentsWouldBeMany() {
        Property other = attributes("other 0");
        EntityQuery query =
                first100(new Filter.And(List.of(range(score, 10, 14), range(other, 100, 140), equal(country, "US"))));
        Explanation explanation = planned.explain(tenant, query, true);
        assertThat(explanation.plan()).startsWith("gather ").contains(" and ");
        assertThat(explanation.actual().orElseThrow().documents()).isLessThan(1_000);
        assertThat(explanation.basis()).isEqualTo("statistics");
        assertThat(explanation.alternatives()).hasSizeGreaterThan(3);
    }

    @Test
    void aSortIsWalkedWhereMostOfItPasses() {
        assertThat(plan(sorted(equal(status, "active"), score, true))).startsWith("walk score in order");
        assertThat(plan(sorted(equal(code, "code-17"), score, true))).startsWith("gather code = …");
    }

    @Test
    void aWalkInOrderAsksTheIdsOfRarerConditionsBeforeTheirDocuments() {
        Explanation explanation = planned.explain(tenant, sorted(equal(country, "US"), score, true), true);
        assertThat(explanation.plan()).isEqualTo("walk score in order, only of country = …");
        assertThat(explanation.actual().orElseThrow().documents()).isLessThan(200);
        assertThat(explanation.actual().orElseThrow().statements()).isEqualTo(1);
    }

    @Test
    void orAndNotAreServedByIndexes() {
        Filter either = new Filter.Or(List.of(equal(code, "code-17"), range(score, 99.99, 100)));
        assertThat(plan(first100(either))).startsWith("gather (code = … or score in a range)");
        Filter neither = new Filter.Not(new Filter.Or(List.of(
                is(score, Filter.Operator.LESS, new Value.NumberValue(99.98)),
                new Filter.Not(equal(status, "active")))));
        assertThat(plan(first100(neither))).startsWith("gather score > …");
        Filter not = new Filter.And(
                List.of(equal(code, "code-17"), new Filter.Not(new Filter.In(country, List.of(text("US"))))));
        assertThat(plan(first100(not))).startsWith("gather code = …");
    }

    @Test
    void everyPlanFindsTheSameAndScansNoTable() {
        queries().forEach((name, query) -> {
            assertThat(text(planned.explain(tenant, query, false))).as(name).doesNotContain("Seq Scan");
            assertThat(planned.find(tenant, query))
                    .as(name)
                    .isEqualTo(store.source().find(tenant, query));
        });
    }

    @Test
    void aPageHasTheAttributesThatAreWantedAndGoesOnBehindThem() {
        int wanted = id(country);
        int missing = 1 + store.registry().snapshot(tenant).types().size();
        queries().forEach((name, whole) -> {
            EntityQuery some = new EntityQuery(
                    whole.filter(), whole.sort(), 10, Optional.empty(), Optional.of(Set.of(wanted, missing)));
            EntityPage page = planned.find(tenant, some);
            EntityPage expected =
                    planned.find(tenant, new EntityQuery(whole.filter(), whole.sort(), 10, Optional.empty()));
            assertThat(page.next()).as(name).isEqualTo(expected.next());
            Set<Integer> kept = new HashSet<>(Set.of(wanted));
            whole.sort().forEach(key -> kept.add(id(key.property())));
            assertThat(page.entities()).as(name).hasSameSizeAs(expected.entities());
            for (int i = 0; i < page.entities().size(); i++) {
                Map<Integer, Value> values =
                        new TreeMap<>(expected.entities().get(i).document().values());
                values.keySet().retainAll(kept);
                assertThat(page.entities().get(i).entityId())
                        .isEqualTo(expected.entities().get(i).entityId());
                assertThat(new TreeMap<>(page.entities().get(i).document().values()))
                        .as(name)
                        .isEqualTo(values);
            }
        });
    }

    private static int id(Property property) {
        return ((Property.Attribute) property).type().attributeId();
    }

    /** Of entries within a set, documents are looked up only for those that are in it. */
    @Test
    void aLongWalkWithinASmallSetIsNotTakenToLookUpAllDocuments(TestDatabase database) {
        try (PostgresSource strict =
                PostgresSource.ofPrimary(Store.settings(database.jdbcUrl(), 1), statistics, Duration.ofMillis(250))) {
            // Expected on every other entity of code-1…, met on few: the walk goes on to its end.
            EntityQuery query = sorted(
                    new Filter.And(List.of(
                            new Filter.Like(code, LikePattern.parse("code-1%")),
                            new Filter.Like(country, LikePattern.parse("%Q%")))),
                    score,
                    true);
            assertThat(strict.findBounded(tenant, query).page().entities()).isEmpty();
        }
    }

    /** Conditions that go together, and one that none of those meets: each plan promises more than the other has kept. */
    @Test
    void plansThatDisappointInTurnComeToAnEnd() {
        TenantId other = store.newTenant();
        AttributeType[] types = {
            store.register(other, "one", DataType.NUMBER, true),
            store.register(other, "same", DataType.NUMBER, true),
            store.register(other, "order", DataType.NUMBER, true),
            store.register(other, "text", DataType.TEXT, true)
        };
        Random random = new Random(SEED);
        List<EntityWrite> writes = new ArrayList<>();
        for (long id = 1; id <= 20_000; id++) {
            Value one = new Value.NumberValue(random.nextInt(1_000));
            writes.add(new EntityWrite.Create(
                    Optional.of(id),
                    "thing",
                    Document.of(Map.of(
                            types[0].attributeId(),
                            one,
                            types[1].attributeId(),
                            one,
                            types[2].attributeId(),
                            new Value.NumberValue(random.nextInt(1_000)),
                            types[3].attributeId(),
                            text("text " + id)))));
            if (writes.size() == 1_000) {
                store.writer().write(other, writes);
                writes.clear();
            }
        }
        statistics.rebuild(other, List.of(Column.Intrinsic.values()));
        statistics.rebuild(
                other,
                Arrays.stream(types)
                        .map(type -> new Column.Attribute(type.attributeId(), type.dataType()))
                        .toList());
        EntityQuery query = sorted(
                new Filter.And(List.of(
                        range(new Property.Attribute(types[0]), 200, 400),
                        range(new Property.Attribute(types[1]), 200, 400),
                        new Filter.Like(new Property.Attribute(types[3]), LikePattern.parse("%never%")))),
                new Property.Attribute(types[2]),
                false);
        // Both attributes hold the same values: which comes first is left to chance.
        assertThat(planned.explain(other, query, false).plan())
                .isIn("gather one in a range and same in a range", "gather same in a range and one in a range");
        Explanation.Actual actual = planned.explain(other, query, true).actual().orElseThrow();
        assertThat(actual.statements()).isLessThan(12);
        assertThat(planned.find(other, query).entities()).isEmpty();
    }

    @Test
    void aFilterThatWouldTakeTooMuchIsRefusedWithWhatWouldHelp(TestDatabase database) {
        try (PostgresSource strict =
                PostgresSource.ofPrimary(Store.settings(database.jdbcUrl(), 1), statistics, Duration.ofMillis(5))) {
            EntityQuery rare = first100(new Filter.And(
                    List.of(new Filter.Like(code, LikePattern.parse("%nothing has this%")), equal(status, "active"))));
            assertThat(strict.findBounded(tenant, first100(equal(code, "code-17")))
                            .page()
                            .entities())
                    .isNotEmpty();
            assertThatThrownBy(() -> strict.findBounded(
                            tenant, new EntityQuery(rare.filter(), rare.sort(), 10_000, Optional.empty())))
                    .isInstanceOfSatisfying(AtlasException.class, failure -> {
                        assertThat(failure.problem().code()).isEqualTo(ErrorCode.FILTER_TOO_COSTLY);
                        assertThat(failure.problem().detail()).contains("documents");
                        assertThat(failure.problem().hint().orElseThrow()).contains("analytical");
                    });
            // The estimate lets it pass; what the first look finds does not.
            assertThatThrownBy(() -> strict.findBounded(tenant, rare))
                    .isInstanceOfSatisfying(
                            AtlasException.class,
                            failure -> assertThat(failure.problem().code()).isEqualTo(ErrorCode.FILTER_TOO_COSTLY));
            // Without a bound it is found that there is none.
            assertThat(strict.find(tenant, rare).entities()).isEmpty();
        }
    }

    private static Property attributes(String name) {
        return new Property.Attribute(
                store.registry().snapshot(tenant).find(name).orElseThrow());
    }

    @Test
    void noOperationalQueryScansATable() {
        queries()
                .forEach((name, query) -> assertThat(text(store.source().explain(tenant, query, false)))
                        .as(name)
                        .contains("Index")
                        .doesNotContain("Seq Scan"));
    }

    @Test
    void theFoundingQueryReadsTheIndexInOrder() {
        assertThat(text(store.source().explain(tenant, first100(three()), false)))
                .startsWith("walk ")
                .contains("Index Only Scan")
                .doesNotContain("Sort");
    }

    @Test
    void theSelfJoinByHandFindsTheSame() throws SQLException, IOException {
        String script;
        try (InputStream stream =
                EntityWrite.class.getResourceAsStream("/com/atlasco/atlas/postgres/examples/self-join.sql")) {
            script = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
        String query =
                script.substring(script.indexOf("SELECT status.entity_id")).replace(":tenant", tenant.toString());
        List<Long> ids = new ArrayList<>();
        try (Connection connection = store.database().connectAsSuperuser();
                ResultSet rows = connection.createStatement().executeQuery(query)) {
            while (rows.next()) {
                ids.add(rows.getLong(1));
            }
        }
        EntityPage page = store.source().find(tenant, first100(three()));
        assertThat(ids)
                .hasSize(100)
                .isEqualTo(page.entities().stream().map(Entity::entityId).toList());
    }

    @Test
    void whatIsNotFilterableIsRefusedWithAHint() {
        Filter filter = equal(new Property.Attribute(note), "x");
        assertThatThrownBy(() -> store.source().find(tenant, first100(filter)))
                .isInstanceOfSatisfying(AtlasException.class, failure -> {
                    assertThat(failure.problem().code()).isEqualTo(ErrorCode.NOT_FILTERABLE);
                    assertThat(failure.problem().hint()).isPresent();
                });
    }

    @Test
    void aFilterThatKeepsNothingEnds() {
        Filter nothing = new Filter.And(
                List.of(equal(status, "active"), new Filter.Like(code, LikePattern.parse("%nothing has this%"))));
        assertThat(store.source().find(tenant, first100(nothing)).entities()).isEmpty();
    }

    @Test
    void aPageThatIsNotFullTakesOneStatement(TestDatabase database) {
        EntityQuery few = first100(new Filter.And(List.of(equal(code, "code-17"), equal(status, "active"))));
        EntityQuery sorted =
                sorted(new Filter.And(List.of(range(score, 10, 10.02), equal(status, "active"))), score, true);
        for (EntityQuery query : List.of(few, sorted)) {
            AtomicInteger place = new AtomicInteger();
            AtomicInteger plans = new AtomicInteger(1);
            try (PostgresSource each =
                    PostgresSource.choosing(Store.settings(database.jdbcUrl(), 1), statistics, all -> {
                        plans.set(all);
                        return place.get();
                    })) {
                for (; place.get() < plans.get(); place.incrementAndGet()) {
                    PlannedReader.Found found = each.findBounded(tenant, query);
                    // Only a page of one statement comes with the position behind it.
                    assertThat(found.position())
                            .as("plan %d of %s", place.get(), query)
                            .isPresent();
                    assertThat(found.page().entities()).hasSizeBetween(1, 99);
                    assertThat(found.page()).isEqualTo(store.source().find(tenant, query));
                }
            }
            assertThat(plans.get()).isGreaterThan(2);
        }
    }

    @Test
    void figures() {
        if (!Boolean.getBoolean("atlas.measure")) {
            return;
        }
        queries().forEach((name, query) -> {
            long[] nanos = new long[101];
            int rows = 0;
            for (int i = -40; i < nanos.length; i++) {
                long began = System.nanoTime();
                rows = planned.find(tenant, query).entities().size();
                if (i >= 0) {
                    nanos[i] = System.nanoTime() - began;
                }
            }
            java.util.Arrays.sort(nanos);
            long[] probed = new long[41];
            for (int i = -10; i < probed.length; i++) {
                long began = System.nanoTime();
                rows = store.source().find(tenant, query).entities().size();
                if (i >= 0) {
                    probed[i] = System.nanoTime() - began;
                }
            }
            java.util.Arrays.sort(probed);
            System.out.printf(
                    "planned p50 %6.2f ms  p95 %6.2f ms  probed p50 %6.2f ms  %4d rows  %s: %s%n",
                    nanos[50] / 1e6, nanos[95] / 1e6, probed[20] / 1e6, rows, name, plan(query));
        });
        System.out.println(text(store.source().explain(tenant, first100(three()), false)));
    }
}
