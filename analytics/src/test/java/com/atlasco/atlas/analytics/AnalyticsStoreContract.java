package com.atlasco.atlas.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.atlasco.atlas.analytics.change.Change;
import com.atlasco.atlas.analytics.change.ChangeBatch;
import com.atlasco.atlas.analytics.change.ChangeOrder;
import com.atlasco.atlas.analytics.change.Watermark;
import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Heartbeat;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.query.EntityPage;
import com.atlasco.atlas.query.EntityQuery;
import com.atlasco.atlas.query.aggregate.AggregateQuery;
import com.atlasco.atlas.query.aggregate.AggregateResult;
import com.atlasco.atlas.query.aggregate.AggregateResult.Group;
import com.atlasco.atlas.query.aggregate.GroupKey;
import com.atlasco.atlas.query.aggregate.Metric;
import com.atlasco.atlas.query.aggregate.Metric.Operation;
import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.query.filter.Property;
import com.atlasco.atlas.query.history.HistoryEntry;
import com.atlasco.atlas.query.history.HistoryPage;
import com.atlasco.atlas.query.history.HistoryPlace;
import com.atlasco.atlas.query.history.HistoryQuery;
import com.atlasco.atlas.query.interpret.InMemoryReader;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every analytics store does. A store's own test says how to open it. */
public abstract class AnalyticsStoreContract {

    private static final TenantId TENANT = new TenantId(1);
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123456Z");
    private static final AttributeType SCORE =
            new AttributeType(3, "score", DataType.NUMBER, true, true, Optional.empty(), Optional.empty());
    private static final Metric COUNT = new Metric(Operation.COUNT, Optional.empty());

    @TempDir
    private Path directory;

    private AnalyticsStore store;

    /** Opens the store of this directory, with what an earlier one left there. */
    protected abstract AnalyticsStore open(Path storeDirectory);

    @BeforeEach
    void openStore() {
        store = open(directory);
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void randomProgramsLeaveWhatTheModelHolds(long seed) {
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        PrimaryModel primary = new PrimaryModel(random);
        List<ChangeBatch> applied = new ArrayList<>();
        snapshot(primary, random, applied);
        check(primary, applied.getLast());
        for (int step = 0; step < 25; step++) {
            switch (random.nextInt(6)) {
                case 0 -> replayWhole(random, applied);
                case 1 -> replayPartOfTheLog(random, applied);
                case 2 -> reopen();
                case 3 -> {
                    // What was sent and not confirmed comes again, with news behind it.
                    List<Change> changes = new ArrayList<>(applied.getLast().changes());
                    List<Change> news = primary.transactions();
                    changes.addAll(news);
                    apply(primary.batch(changes, true), applied);
                }
                default -> apply(primary.batch(primary.transactions(), true), applied);
            }
            check(primary, applied.getLast());
        }
    }

    /** What every tenant held at an instant. */
    private record Past(Instant instant, Map<TenantId, Map<Long, Entity>> entities) {
        static Past of(PrimaryModel primary) {
            Map<TenantId, Map<Long, Entity>> entities = new HashMap<>();
            PrimaryModel.TENANTS.forEach(tenant -> entities.put(tenant, Map.copyOf(primary.entities(tenant))));
            return new Past(primary.latest(), entities);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 23})
    void thePastIsReadAsItWas(long seed) {
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        PrimaryModel primary = new PrimaryModel(random);
        List<ChangeBatch> applied = new ArrayList<>();
        snapshot(primary, random, applied);
        List<Past> pasts = new ArrayList<>(List.of(Past.of(primary)));
        for (int step = 0; step < 15; step++) {
            apply(primary.batch(primary.transactions(), true), applied);
            pasts.add(Past.of(primary));
            if (random.nextInt(4) == 0) {
                replayPartOfTheLog(random, applied);
            }
        }
        RandomQueries queries = new RandomQueries(primary, random);
        for (Past past : pasts) {
            // Whenever the next change came, this is what held until then.
            Instant asOf = past.instant().plus(random.nextInt(2), ChronoUnit.MICROS);
            InMemoryReader oracle = new InMemoryReader(past.entities().entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, each -> List.copyOf(new TreeMap<>(each.getValue()).values()))));
            for (TenantId tenant : PrimaryModel.TENANTS) {
                for (long id = random.nextInt(3); id <= PrimaryModel.ENTITIES + 1; id += 1 + random.nextInt(5)) {
                    assertThat(store.get(tenant, id, asOf))
                            .as("seed %d, tenant %s, entity %d as of %s", seed, tenant, id, asOf)
                            .isEqualTo(oracle.get(tenant, id));
                }
                for (int i = 0; i < 5; i++) {
                    AggregateQuery aggregate = queries.aggregate(tenant);
                    assertSame(
                            aggregate,
                            store.aggregate(tenant, aggregate, asOf),
                            oracle.aggregate(tenant, aggregate),
                            seed);
                }
            }
        }
    }

    @Test
    void theHistoryOfAnEntityNamesEveryChangeTheNewestFirst() {
        store.apply(batch(10, true, upserted(1, 1, 10, 1.0)));
        store.apply(
                batch(30, true, upserted(1, 2, 20, 2.0), upserted(2, 1, 21, 9.0), touched(1, 3, 22), deleted(1, 30)));
        store.apply(batch(40, true, upserted(1, 1, 40, 3.0)));
        List<HistoryEntry> whole = history(100, Optional.empty()).entries();
        assertThat(whole)
                .extracting(entry -> entry.event() instanceof HistoryEntry.Event.ValueSet set
                        ? "set " + set.attributeId() + " " + set.value() + " v"
                                + set.version().number()
                        : entry.event().wireName())
                .containsExactly(
                        "set 3 NumberValue[number=3.0] v1",
                        "deleted",
                        "touched",
                        "set 3 NumberValue[number=2.0] v2",
                        "set 3 NumberValue[number=1.0] v1");
        List<HistoryEntry> inPages = new ArrayList<>();
        Optional<HistoryPlace> after = Optional.empty();
        do {
            HistoryPage page = history(2, after);
            inPages.addAll(page.entries());
            after = page.next();
        } while (after.isPresent());
        assertThat(inPages).isEqualTo(whole);
    }

    private HistoryPage history(int limit, Optional<HistoryPlace> after) {
        return store.history(
                TENANT, new HistoryQuery(1, OptionalInt.empty(), Optional.empty(), Optional.empty(), limit, after));
    }

    @Test
    void whatWasBeforeTheHistoryBeganIsRefused() {
        store.apply(batch(10, true, upserted(1, 1, 10, 1.0)));
        assertThat(store.get(TENANT, 1, NOON)).isPresent();
        assertThatThrownBy(() -> store.get(TENANT, 1, NOON.minusMillis(1)))
                .isInstanceOfSatisfying(
                        AtlasException.class,
                        refused -> assertThat(refused.problem().code()).isEqualTo(ErrorCode.HISTORY_UNAVAILABLE));
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12})
    void randomQueriesAreAnsweredAsTheOracleAnswersThem(long seed) {
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        PrimaryModel primary = new PrimaryModel(random);
        List<ChangeBatch> applied = new ArrayList<>();
        snapshot(primary, random, applied);
        RandomQueries queries = new RandomQueries(primary, random);
        for (int round = 0; round < 10; round++) {
            apply(primary.batch(primary.transactions(), true), applied);
            Map<TenantId, List<Entity>> entities = new HashMap<>();
            PrimaryModel.TENANTS.forEach(tenant ->
                    entities.put(tenant, List.copyOf(primary.entities(tenant).values())));
            InMemoryReader oracle = new InMemoryReader(entities);
            for (int i = 0; i < 40; i++) {
                TenantId tenant = primary.pick(PrimaryModel.TENANTS);
                AggregateQuery aggregate = queries.aggregate(tenant);
                assertSame(aggregate, store.aggregate(tenant, aggregate), oracle.aggregate(tenant, aggregate), seed);
                comparePages(oracle, tenant, queries.find(tenant), seed);
            }
        }
    }

    /**
     * Sums and averages may differ by one in the last of their 15 digits: a double next to a half rounds to either side
     * of what decimals do.
     */
    private static void assertSame(AggregateQuery query, AggregateResult actual, AggregateResult expected, long seed) {
        String description = "seed %d: %s".formatted(seed, query);
        assertThat(actual.truncated()).as(description).isEqualTo(expected.truncated());
        assertThat(actual.groups()).as(description).hasSameSizeAs(expected.groups());
        for (int i = 0; i < expected.groups().size(); i++) {
            Group group = actual.groups().get(i);
            Group wanted = expected.groups().get(i);
            assertThat(group.key()).as(description).isEqualTo(wanted.key());
            for (int m = 0; m < query.metrics().size(); m++) {
                Operation operation = query.metrics().get(m).operation();
                Optional<Value> figure = group.metrics().get(m);
                Optional<Value> wantedFigure = wanted.metrics().get(m);
                if ((operation == Operation.SUM || operation == Operation.AVG) && wantedFigure.isPresent()) {
                    double number = number(wantedFigure);
                    // The least numbers have fewer digits.
                    double tolerance = Math.max(Double.MIN_VALUE, Math.abs(number) * 1.5e-14);
                    assertThat(number(figure)).as(description).isCloseTo(number, within(tolerance));
                } else {
                    assertThat(figure).as(description).isEqualTo(wantedFigure);
                }
            }
        }
    }

    private void comparePages(InMemoryReader oracle, TenantId tenant, EntityQuery first, long seed) {
        Optional<EntityQuery> query = Optional.of(first);
        while (query.isPresent()) {
            EntityQuery asked = query.get();
            EntityPage page = store.find(tenant, asked);
            assertThat(page).as("seed %d: %s", seed, asked).isEqualTo(oracle.find(tenant, asked));
            query = page.next()
                    .map(next -> new EntityQuery(asked.filter(), asked.sort(), asked.limit(), Optional.of(next)));
        }
    }

    private void snapshot(PrimaryModel primary, Random random, List<ChangeBatch> applied) {
        List<Change> rest = primary.snapshot();
        while (!rest.isEmpty()) {
            int size = Math.min(rest.size(), 1 + random.nextInt(20));
            apply(primary.batch(rest.subList(0, size), false), applied);
            rest = rest.subList(size, rest.size());
            if (random.nextInt(3) == 0) {
                replayWhole(random, applied);
            }
            if (random.nextInt(4) == 0) {
                reopen();
            }
        }
        apply(primary.batch(primary.transactions(), true), applied);
    }

    private void apply(ChangeBatch batch, List<ChangeBatch> applied) {
        store.apply(batch);
        applied.add(batch);
    }

    private void replayWhole(Random random, List<ChangeBatch> applied) {
        store.apply(applied.get(random.nextInt(applied.size())));
    }

    private void replayPartOfTheLog(Random random, List<ChangeBatch> applied) {
        int last = random.nextInt(applied.size());
        List<Change> log = applied.subList(0, last + 1).stream()
                .flatMap(batch -> batch.changes().stream())
                .toList();
        int from = random.nextInt(log.size() + 1);
        store.apply(
                new ChangeBatch(log.subList(from, log.size()), applied.get(last).watermark()));
    }

    private void reopen() {
        Optional<Watermark> before = store.watermark();
        store.close();
        store = open(directory);
        assertThat(store.watermark()).isEqualTo(before);
    }

    private void check(PrimaryModel primary, ChangeBatch last) {
        Watermark watermark = store.watermark().orElseThrow();
        assertThat(watermark.position()).isEqualTo(last.watermark().position());
        assertThat(watermark.connectorOffset()).isEqualTo(last.watermark().connectorOffset());
        assertThat(watermark.snapshotComplete()).isTrue();
        assertThat(watermark.heartbeats()).containsAll(newest(last.watermark().heartbeats()));
        for (TenantId tenant : PrimaryModel.TENANTS) {
            Map<Long, Entity> expected = primary.entities(tenant);
            for (long id = 0; id <= PrimaryModel.ENTITIES + 1; id++) {
                assertThat(store.get(tenant, id)).isEqualTo(Optional.ofNullable(expected.get(id)));
            }
            assertThat(store.find(tenant, new EntityQuery(Filter.ALL, List.of(), 1000, Optional.empty()))
                            .entities())
                    .containsExactlyElementsOf(expected.values());
            for (AttributeType type : primary.types(tenant)) {
                checkGroups(tenant, type, expected);
            }
        }
    }

    private static List<Heartbeat> newest(List<Heartbeat> heartbeats) {
        Map<String, Heartbeat> byNode = new HashMap<>();
        heartbeats.forEach(heartbeat -> byNode.put(heartbeat.nodeId(), heartbeat));
        return List.copyOf(byNode.values());
    }

    /** Analytical reads go where promoted values lie, which point reads need not. */
    private void checkGroups(TenantId tenant, AttributeType type, Map<Long, Entity> expected) {
        Property property = new Property.Attribute(type);
        long present = expected.values().stream()
                .filter(entity -> entity.document().find(type.attributeId()).isPresent())
                .count();
        assertThat(count(tenant, new Filter.IsNull(property))).isEqualTo(expected.size() - present);
        if (type.dataType() == DataType.JSON) {
            return;
        }
        Map<Optional<Value>, Long> counts = new HashMap<>();
        expected.values().forEach(entity -> counts.merge(entity.document().find(type.attributeId()), 1L, Long::sum));
        List<Group> groups = store.aggregate(
                        tenant,
                        new AggregateQuery(
                                Filter.ALL, List.of(new GroupKey.ByValue(property)), List.of(COUNT), List.of(), 1000))
                .groups();
        Map<Optional<Value>, Long> actual = new HashMap<>();
        groups.forEach(group ->
                actual.put(group.key().getFirst(), (long) number(group.metrics().getFirst())));
        assertThat(actual).isEqualTo(counts);
    }

    private static double number(Optional<Value> value) {
        return ((Value.NumberValue) value.orElseThrow()).number();
    }

    private long count(TenantId tenant, Filter filter) {
        List<Group> groups = store.aggregate(
                        tenant, new AggregateQuery(filter, List.of(), List.of(COUNT), List.of(), 10))
                .groups();
        assertThat(groups).hasSize(1);
        return (long) number(groups.getFirst().metrics().getFirst());
    }

    @Test
    void newStoreHasNoWatermarkAndCannotBeRead() {
        assertThat(store.watermark()).isEmpty();
        assertUnreadable();
    }

    @Test
    void storeCannotBeReadWhileItsSnapshotRuns() {
        store.apply(batch(10, false, upserted(1, 1, 5, 1.0)));
        assertUnreadable();
        store.apply(batch(10, true));
        assertThat(store.get(TENANT, 1)).isPresent();
    }

    private void assertUnreadable() {
        for (Runnable read : List.<Runnable>of(
                () -> store.get(TENANT, 1),
                () -> store.find(TENANT, new EntityQuery(Filter.ALL, List.of(), 1, Optional.empty())),
                () -> count(TENANT, Filter.ALL))) {
            assertThatThrownBy(read::run)
                    .isInstanceOfSatisfying(
                            AtlasException.class,
                            failure -> assertThat(failure.problem().code()).isEqualTo(ErrorCode.SOURCE_UNAVAILABLE));
        }
    }

    @Test
    void emptyStoreUnknownTenantAndUnknownAttributeHaveAnswers() {
        store.apply(batch(10, true));
        TenantId stranger = new TenantId(999);
        Property score = new Property.Attribute(SCORE);
        assertThat(store.get(stranger, 1)).isEmpty();
        assertThat(store.find(stranger, new EntityQuery(Filter.ALL, List.of(), 5, Optional.empty()))
                        .entities())
                .isEmpty();
        List<Metric> metrics = List.of(
                COUNT,
                new Metric(Operation.COUNT_DISTINCT, Optional.of(score)),
                new Metric(Operation.SUM, Optional.of(score)),
                new Metric(Operation.AVG, Optional.of(score)),
                new Metric(Operation.MAX, Optional.of(score)));
        Optional<Value> zero = Optional.of(new Value.NumberValue(0));
        assertThat(store.aggregate(stranger, new AggregateQuery(Filter.ALL, List.of(), metrics, List.of(), 10))
                        .groups())
                .containsExactly(new Group(
                        List.of(), List.of(zero, zero, Optional.empty(), Optional.empty(), Optional.empty())));
        assertThat(store.aggregate(
                                stranger,
                                new AggregateQuery(
                                        Filter.ALL, List.of(new GroupKey.ByValue(score)), metrics, List.of(), 10))
                        .groups())
                .isEmpty();
    }

    @Test
    void changeWithoutDocumentKeepsTheStoredOne() {
        store.apply(batch(10, true, upserted(1, 1, 5, 1.5)));
        store.apply(batch(20, true, touched(1, 2, 15)));
        assertThat(store.get(TENANT, 1)).hasValueSatisfying(entity -> {
            assertThat(entity.version()).isEqualTo(2);
            assertThat(entity.document()).isEqualTo(Document.of(Map.of(3, new Value.NumberValue(1.5))));
        });
    }

    @Test
    void changeWithoutDocumentOfAnUnknownEntityIsNotMadeUp() {
        store.apply(batch(20, true, upserted(1, 1, 5, 1.5), deleted(1, 6), touched(1, 2, 15), touched(2, 2, 16)));
        assertThat(store.get(TENANT, 1)).isEmpty();
        assertThat(store.get(TENANT, 2)).isEmpty();
    }

    @Test
    void replayedDeleteDoesNotRemoveANewerRowAndReplayedInsertDoesNotResurrect() {
        ChangeBatch first = batch(10, true, upserted(1, 1, 5, 1.0), upserted(2, 1, 6, 1.0));
        ChangeBatch second = batch(20, true, deleted(1, 11), deleted(2, 12));
        ChangeBatch third = batch(30, true, upserted(1, 1, 21, 9.0));
        store.apply(first);
        store.apply(second);
        store.apply(third);
        store.apply(second);
        store.apply(first);
        assertThat(store.get(TENANT, 1)).isPresent();
        assertThat(store.get(TENANT, 2)).isEmpty();
        assertThat(store.watermark()).contains(third.watermark());
    }

    @Test
    void lsnsAreUnsigned() {
        store.apply(batch(-20, true, upserted(1, 1, -25, 1.0)));
        store.apply(batch(-10, true, upserted(1, 2, -15, 2.0)));
        store.apply(batch(100, true, upserted(1, 3, 50, 3.0)));
        assertThat(store.get(TENANT, 1))
                .hasValueSatisfying(entity -> assertThat(entity.version()).isEqualTo(2));
        assertThat(store.watermark().orElseThrow().position().lsn()).isEqualTo(new Lsn(-10));
    }

    @Test
    void newestHeartbeatOfEachNodeStaysAndNodesSilentForADayGo() {
        store.apply(withHeartbeats(batch(10, true), heartbeat("a", 1, NOON), heartbeat("b", 4, NOON)));
        store.apply(withHeartbeats(batch(20, true), heartbeat("b", 3, NOON), heartbeat("b", 5, NOON.plusSeconds(60))));
        assertThat(store.watermark().orElseThrow().heartbeats())
                .containsExactlyInAnyOrder(heartbeat("a", 1, NOON), heartbeat("b", 5, NOON.plusSeconds(60)));
        Instant tomorrow = NOON.plus(Duration.ofDays(1)).plusSeconds(30);
        store.apply(withHeartbeats(batch(30, true), heartbeat("c", 1, tomorrow)));
        reopen();
        assertThat(store.watermark().orElseThrow().heartbeats())
                .containsExactlyInAnyOrder(heartbeat("b", 5, NOON.plusSeconds(60)), heartbeat("c", 1, tomorrow));
    }

    @Test
    void resetForgetsEverything() {
        store.apply(batch(
                10,
                true,
                new Change.AttributeTypeUpserted(TENANT, SCORE, new ChangeOrder(new Lsn(1), 0)),
                upserted(1, 1, 5, 1.0)));
        store.reset();
        assertThat(store.watermark()).isEmpty();
        assertUnreadable();
        reopen();
        store.apply(batch(4, true, upserted(2, 1, 3, 2.0)));
        assertThat(count(TENANT, Filter.ALL)).isEqualTo(1);
        assertThat(count(TENANT, new Filter.IsNull(new Property.Attribute(SCORE))))
                .isZero();
    }

    @Test
    void failedBatchLeavesNothing() {
        store.apply(batch(10, true, upserted(1, 1, 5, 1.0)));
        Optional<Watermark> before = store.watermark();
        Instant unstorable = Instant.MAX;
        Change broken = new Change.EntityUpserted(
                TENANT,
                2,
                "t",
                1,
                Optional.of(Document.empty()),
                Set.of(),
                unstorable,
                NOON,
                new ChangeOrder(new Lsn(12), 0));
        Change promotion = new Change.AttributeTypeUpserted(TENANT, SCORE, new ChangeOrder(new Lsn(11), 0));
        assertThatThrownBy(() -> store.apply(batch(20, true, promotion, deleted(1, 11), broken)))
                .isInstanceOf(RuntimeException.class);
        assertThat(store.watermark()).isEqualTo(before);
        assertThat(store.get(TENANT, 1)).isPresent();
        store.apply(batch(20, true, promotion, upserted(3, 1, 15, 4.0)));
        assertThat(count(TENANT, new Filter.Not(new Filter.IsNull(new Property.Attribute(SCORE)))))
                .isEqualTo(2);
    }

    private static ChangeBatch batch(long lsn, boolean complete, Change... changes) {
        List<Change> list = List.of(changes);
        return new ChangeBatch(
                list,
                new Watermark(
                        new Position(77, 1, new Lsn(lsn)),
                        list.isEmpty()
                                ? Optional.empty()
                                : Optional.of(list.getLast().order()),
                        List.of(),
                        "offset " + lsn,
                        complete));
    }

    private static ChangeBatch withHeartbeats(ChangeBatch batch, Heartbeat... heartbeats) {
        Watermark watermark = batch.watermark();
        return new ChangeBatch(
                batch.changes(),
                new Watermark(
                        watermark.position(),
                        watermark.order(),
                        List.of(heartbeats),
                        watermark.connectorOffset(),
                        watermark.snapshotComplete()));
    }

    private static Heartbeat heartbeat(String node, long sequence, Instant sentAt) {
        return new Heartbeat(node, sequence, new Position(77, 1, new Lsn(9)), sentAt);
    }

    private static Change upserted(long id, long version, long lsn, double score) {
        return new Change.EntityUpserted(
                TENANT,
                id,
                "person",
                version,
                Optional.of(Document.of(Map.of(3, new Value.NumberValue(score)))),
                Set.of(3),
                NOON,
                NOON,
                new ChangeOrder(new Lsn(lsn), 0));
    }

    private static Change touched(long id, long version, long lsn) {
        return new Change.EntityUpserted(
                TENANT,
                id,
                "person",
                version,
                Optional.empty(),
                Set.of(),
                NOON,
                NOON,
                new ChangeOrder(new Lsn(lsn), 0));
    }

    private static Change deleted(long id, long lsn) {
        return new Change.EntityDeleted(TENANT, id, NOON, new ChangeOrder(new Lsn(lsn), 0));
    }
}
