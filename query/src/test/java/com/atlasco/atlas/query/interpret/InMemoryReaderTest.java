package com.atlasco.atlas.query.interpret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.query.Cursor;
import com.atlasco.atlas.query.EntityPage;
import com.atlasco.atlas.query.EntityQuery;
import com.atlasco.atlas.query.SortKey;
import com.atlasco.atlas.query.aggregate.AggregateQuery;
import com.atlasco.atlas.query.aggregate.AggregateQuery.AggregateSort;
import com.atlasco.atlas.query.aggregate.AggregateResult;
import com.atlasco.atlas.query.aggregate.AggregateResult.Group;
import com.atlasco.atlas.query.aggregate.GroupKey;
import com.atlasco.atlas.query.aggregate.Metric;
import com.atlasco.atlas.query.aggregate.Metric.Operation;
import com.atlasco.atlas.query.cql2.FilterParser;
import com.atlasco.atlas.query.cql2.RandomFilters;
import com.atlasco.atlas.query.cql2.TestRegistry;
import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.query.filter.Property;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class InMemoryReaderTest {

    private static final TenantId TENANT = new TenantId(7);
    private static final Property SCORE = TestRegistry.property(TestRegistry.SCORE);
    private static final Property COUNTRY = TestRegistry.property(TestRegistry.COUNTRY);
    private static final Property STARTS_AT = TestRegistry.property(TestRegistry.STARTS_AT);
    private static final Metric COUNT = new Metric(Operation.COUNT, Optional.empty());

    private static final InMemoryReader READER = reader(
            entity(1, Map.of(1, number(0.1), 2, text("US"), 4, ts("2026-01-31T23:59:59.999999Z"))),
            entity(2, Map.of(1, number(0.2), 2, text("DE"), 4, ts("2026-02-01T00:00:00Z"))),
            entity(3, Map.of(1, number(0.3), 2, text("US"))),
            entity(4, Map.of(1, number(0.3), 2, text("\uFFFD"), 4, ts("2025-12-31T01:00:00Z"))),
            entity(5, Map.of(2, text("😀"))),
            entity(9_007_199_254_740_993L, Map.of(1, number(-7))));

    @Test
    void keepsTenantsApart() {
        assertThat(READER.get(TENANT, 3)).map(Entity::entityId).contains(3L);
        assertThat(READER.get(new TenantId(8), 3)).isEmpty();
        assertThat(READER.find(new TenantId(8), query(List.of(), 10)).entities())
                .isEmpty();
    }

    @Test
    void sortsByIdWithoutASort() {
        assertThat(ids(List.of())).containsExactly(1L, 2L, 3L, 4L, 5L, 9_007_199_254_740_993L);
    }

    @Test
    void breaksTiesInTheSortsDirectionAndPutsMissingValuesLastInBoth() {
        assertThat(ids(List.of(new SortKey(SCORE, false)))).containsExactly(9_007_199_254_740_993L, 1L, 2L, 3L, 4L, 5L);
        assertThat(ids(List.of(new SortKey(SCORE, true)))).containsExactly(4L, 3L, 2L, 1L, 9_007_199_254_740_993L, 5L);
        assertThat(ids(List.of(new SortKey(STARTS_AT, true))))
                .containsExactly(2L, 1L, 4L, 9_007_199_254_740_993L, 5L, 3L);
    }

    @Test
    void sortsBySeveralKeysEachInItsDirection() {
        assertThat(ids(List.of(new SortKey(COUNTRY, false), new SortKey(SCORE, true))))
                .containsExactly(2L, 3L, 1L, 4L, 5L, 9_007_199_254_740_993L);
        assertThat(ids(List.of(new SortKey(SCORE, true), new SortKey(STARTS_AT, false))))
                .containsExactly(4L, 3L, 2L, 1L, 9_007_199_254_740_993L, 5L);
        assertThat(ids(List.of(new SortKey(SCORE, true), new SortKey(Property.Intrinsic.ENTITY_ID, false))))
                .containsExactly(3L, 4L, 2L, 1L, 9_007_199_254_740_993L, 5L);
        assertThat(ids(List.of(new SortKey(Property.Intrinsic.ENTITY_TYPE, false), new SortKey(SCORE, true))))
                .containsExactly(4L, 3L, 2L, 1L, 9_007_199_254_740_993L, 5L);
    }

    @Test
    void sortsTextByCodePoint() {
        assertThat(ids(List.of(new SortKey(COUNTRY, false))))
                .containsExactly(2L, 1L, 3L, 4L, 5L, 9_007_199_254_740_993L);
    }

    @Test
    void filters() {
        assertThat(find("country = 'US' AND starts_at IS NULL")).containsExactly(3L);
        assertThat(find("NOT score = 0.3")).containsExactly(1L, 2L, 9_007_199_254_740_993L);
        assertThat(find("entity_id > 9007199254740992")).containsExactly(9_007_199_254_740_993L);
    }

    @Test
    void pagesGiveEachRowOnceInTheWholeOrder() {
        long seed = 99;
        Random random = new Random(seed);
        RandomFilters values = new RandomFilters(random);
        Entity[] rows = LongStream.range(0, 60)
                .mapToObj(i -> {
                    Map<Integer, Value> its = new TreeMap<>();
                    for (AttributeType type : TestRegistry.REGISTRY.types()) {
                        if (random.nextInt(3) > 0) {
                            its.put(type.attributeId(), values.value(type));
                        }
                    }
                    return entity(i < 50 ? i + 1 : Long.MAX_VALUE - i, its);
                })
                .toArray(Entity[]::new);
        InMemoryReader reader = reader(rows);
        List<Property> properties = Stream.<Property>concat(
                        Stream.of(Property.Intrinsic.values()),
                        Stream.of(SCORE, COUNTRY, STARTS_AT, TestRegistry.property(TestRegistry.CANCELLED)))
                .toList();
        List<List<SortKey>> sorts = new ArrayList<>();
        for (Property property : properties) {
            sorts.add(List.of(new SortKey(property, false)));
            sorts.add(List.of(new SortKey(property, true)));
            List<Property> others = new ArrayList<>(properties);
            Collections.shuffle(others, random);
            sorts.add(others.subList(0, 2 + random.nextInt(3)).stream()
                    .map(other -> new SortKey(other, random.nextBoolean()))
                    .toList());
        }
        for (List<SortKey> sort : sorts) {
            EntityPage all = reader.find(TENANT, query(sort, 60));
            assertThat(all.entities()).hasSize(60);
            assertThat(all.next()).isEmpty();
            List<Entity> paged = new ArrayList<>();
            Optional<Cursor> after = Optional.empty();
            do {
                EntityPage page = reader.find(TENANT, new EntityQuery(Filter.ALL, sort, 7, after));
                paged.addAll(page.entities());
                after = page.next();
            } while (after.isPresent());
            assertThat(paged).as("seed %d, %s", seed, sort).isEqualTo(all.entities());
        }
    }

    @Test
    void computesFigures() {
        AggregateResult result = aggregate(
                List.of(),
                List.of(
                        COUNT,
                        metric(Operation.COUNT, SCORE),
                        metric(Operation.COUNT_DISTINCT, SCORE),
                        metric(Operation.SUM, SCORE),
                        metric(Operation.AVG, SCORE),
                        metric(Operation.MIN, COUNTRY),
                        metric(Operation.MAX, COUNTRY),
                        metric(Operation.MAX, STARTS_AT)),
                List.of(),
                10);
        assertThat(result.groups())
                .containsExactly(new Group(
                        List.of(),
                        List.of(
                                some(number(6)),
                                some(number(5)),
                                some(number(4)),
                                some(number(-6.1)),
                                some(number(-1.22)),
                                some(text("DE")),
                                some(text("😀")),
                                some(ts("2026-02-01T00:00:00Z")))));
        assertThat(result.truncated()).isFalse();
    }

    @Test
    void givesOneGroupWithoutRowsWhenNothingIsGroupedBy() {
        AggregateQuery query = new AggregateQuery(
                new Filter.Constant(false),
                List.of(),
                List.of(COUNT, metric(Operation.COUNT_DISTINCT, SCORE), metric(Operation.SUM, SCORE)),
                List.of(),
                10);
        assertThat(READER.aggregate(TENANT, query).groups())
                .containsExactly(new Group(List.of(), List.of(some(number(0)), some(number(0)), Optional.empty())));
    }

    @Test
    void groupsByValueWithTheMissingLast() {
        AggregateResult result = aggregate(List.of(new GroupKey.ByValue(COUNTRY)), List.of(COUNT), List.of(), 4);
        assertThat(result.groups())
                .containsExactly(
                        group(some(text("DE")), 1),
                        group(some(text("US")), 2),
                        group(some(text("\uFFFD")), 1),
                        group(some(text("😀")), 1));
        assertThat(result.truncated()).isTrue();
        assertThat(aggregate(
                                List.of(new GroupKey.ByValue(COUNTRY)),
                                List.of(COUNT),
                                List.of(new AggregateSort.ByKey(0, true)),
                                10)
                        .groups())
                .extracting(group -> group.key().getFirst())
                .containsExactly(
                        some(text("😀")), some(text("\uFFFD")), some(text("US")), some(text("DE")), Optional.empty());
    }

    @Test
    void sortsByAMetricThenByKey() {
        AggregateResult result = aggregate(
                List.of(new GroupKey.ByValue(COUNTRY)),
                List.of(metric(Operation.SUM, SCORE)),
                List.of(new AggregateSort.ByMetric(0, true)),
                10);
        assertThat(result.groups())
                .extracting(group -> group.key().getFirst())
                .containsExactly(
                        some(text("US")), some(text("\uFFFD")), some(text("DE")), Optional.empty(), some(text("😀")));
        assertThat(result.groups().getFirst().metrics()).containsExactly(some(number(0.4)));
    }

    @Test
    void countsHistogramBucketsAsDoublesDo() {
        InMemoryReader reader = reader(
                entity(1, Map.of(1, number(-0.1))),
                entity(2, Map.of(1, number(0))),
                entity(3, Map.of(1, number(0.3))),
                entity(4, Map.of(1, number(Math.nextDown(1.0)))),
                entity(5, Map.of(1, number(1))),
                entity(6, Map.of()));
        AggregateQuery query = new AggregateQuery(
                Filter.ALL, List.of(new GroupKey.Histogram(SCORE, 0, 1, 10)), List.of(COUNT), List.of(), 100);
        assertThat(reader.aggregate(TENANT, query).groups())
                .containsExactly(
                        group(some(number(0)), 1),
                        group(some(number(1)), 1),
                        // 0.3 * 10 is exactly 3 in doubles.
                        group(some(number(4)), 1),
                        group(some(number(10)), 1),
                        group(some(number(11)), 1),
                        group(Optional.empty(), 1));
    }

    @Test
    void groupsByCalendarIntervalsInUtc() {
        assertThat(intervals(GroupKey.Interval.YEAR))
                .containsExactly(some(ts("2025-01-01T00:00:00Z")), some(ts("2026-01-01T00:00:00Z")), Optional.empty());
        assertThat(intervals(GroupKey.Interval.MONTH))
                .contains(some(ts("2026-01-01T00:00:00Z")), some(ts("2026-02-01T00:00:00Z")));
        assertThat(intervals(GroupKey.Interval.DAY)).contains(some(ts("2026-01-31T00:00:00Z")));
        assertThat(intervals(GroupKey.Interval.HOUR)).contains(some(ts("2026-01-31T23:00:00Z")));
    }

    @Test
    void refusesAnEntityGivenTwice() {
        assertThatThrownBy(() -> reader(entity(1, Map.of()), entity(1, Map.of())))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static List<Optional<Value>> intervals(GroupKey.Interval interval) {
        return aggregate(List.of(new GroupKey.ByInterval(STARTS_AT, interval)), List.of(COUNT), List.of(), 10)
                .groups()
                .stream()
                .map(group -> group.key().getFirst())
                .toList();
    }

    private static AggregateResult aggregate(
            List<GroupKey> groupBy, List<Metric> metrics, List<AggregateSort> sort, int limit) {
        return READER.aggregate(TENANT, new AggregateQuery(Filter.ALL, groupBy, metrics, sort, limit));
    }

    private static Group group(Optional<Value> key, int count) {
        return new Group(List.of(key), List.of(some(number(count))));
    }

    private static Metric metric(Operation operation, Property property) {
        return new Metric(operation, Optional.of(property));
    }

    private static List<Long> ids(List<SortKey> sort) {
        return READER.find(TENANT, query(sort, 100)).entities().stream()
                .map(Entity::entityId)
                .toList();
    }

    private static List<Long> find(String filter) {
        Filter parsed = FilterParser.parse(filter, TestRegistry.REGISTRY);
        return READER.find(TENANT, new EntityQuery(parsed, List.of(), 100, Optional.empty())).entities().stream()
                .map(Entity::entityId)
                .toList();
    }

    private static EntityQuery query(List<SortKey> sort, int limit) {
        return new EntityQuery(Filter.ALL, sort, limit, Optional.empty());
    }

    private static InMemoryReader reader(Entity... entities) {
        return new InMemoryReader(Map.of(TENANT, List.of(entities)));
    }

    private static Entity entity(long id, Map<Integer, Value> values) {
        return new Entity(id, "thing", 1, Document.of(values), Instant.EPOCH);
    }

    private static Optional<Value> some(Value value) {
        return Optional.of(value);
    }

    private static Value number(double number) {
        return new Value.NumberValue(number);
    }

    private static Value text(String text) {
        return new Value.TextValue(text);
    }

    private static Value ts(String instant) {
        return Value.TimestampValue.of(Instant.parse(instant));
    }
}
