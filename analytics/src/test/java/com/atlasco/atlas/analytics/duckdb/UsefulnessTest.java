package com.atlasco.atlas.analytics.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.query.EntityQuery;
import com.atlasco.atlas.query.SortKey;
import com.atlasco.atlas.query.aggregate.AggregateQuery;
import com.atlasco.atlas.query.aggregate.GroupKey;
import com.atlasco.atlas.query.aggregate.Metric;
import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.query.filter.Property;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class UsefulnessTest {

    private static final AttributeKey SCORE = new AttributeKey(1, 3);
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final Usefulness usefulness = new Usefulness(Duration.ofHours(1), 0);

    private double rate() {
        return usefulness.perHour().getOrDefault(SCORE, 0.0);
    }

    @Test
    void aSteadyRateIsToldAfterSomeHalfLives() {
        for (int minute = 1; minute <= 10 * 60; minute++) {
            usefulness.add(Map.of(SCORE, 2L), minute * MINUTE);
        }
        assertThat(rate()).isCloseTo(120, within(2.0));
    }

    @Test
    void afterAHalfLifeWithoutQueriesItIsHalf() {
        usefulness.add(Map.of(SCORE, 100L), MINUTE);
        double before = rate();
        usefulness.add(Map.of(), 61 * MINUTE);
        assertThat(rate()).isCloseTo(before / 2, within(1e-9));
        usefulness.add(Map.of(), 24 * 60 * MINUTE);
        assertThat(usefulness.perHour()).isEmpty();
    }

    private static Property number(int id) {
        return new Property.Attribute(
                new AttributeType(id, "a" + id, DataType.NUMBER, false, false, Optional.empty(), Optional.empty()));
    }

    @Test
    void aQueryCountsOnceForEachAttributeThatItLooksAt() {
        QueryMix mix = new QueryMix();
        TenantId tenant = new TenantId(1);
        Filter filter = new Filter.And(List.of(
                new Filter.Comparison(number(1), Filter.Operator.GREATER, new Value.NumberValue(1)),
                new Filter.Not(new Filter.Comparison(number(2), Filter.Operator.LESS, new Value.NumberValue(1)))));
        mix.answered(
                tenant,
                new AggregateQuery(
                        filter,
                        List.of(new GroupKey.ByValue(number(3)), new GroupKey.ByValue(Property.Intrinsic.ENTITY_TYPE)),
                        List.of(
                                new Metric(Metric.Operation.COUNT, Optional.empty()),
                                new Metric(Metric.Operation.AVG, Optional.of(number(1))),
                                new Metric(Metric.Operation.MAX, Optional.of(number(4)))),
                        List.of(),
                        10));
        mix.answered(tenant, new EntityQuery(Filter.ALL, List.of(new SortKey(number(4), true)), 10, Optional.empty()));
        assertThat(mix.drain())
                .isEqualTo(Map.of(
                        new AttributeKey(1, 1), 1L,
                        new AttributeKey(1, 2), 1L,
                        new AttributeKey(1, 3), 1L,
                        new AttributeKey(1, 4), 2L));
        assertThat(mix.drain()).isEmpty();
    }

    @Test
    void manyThreadsLoseNoCount() throws InterruptedException {
        QueryMix mix = new QueryMix();
        AggregateQuery query = new AggregateQuery(
                Filter.ALL,
                List.of(new GroupKey.ByValue(number(3))),
                List.of(new Metric(Metric.Operation.COUNT, Optional.empty())),
                List.of(),
                10);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 4; i++) {
                threads.execute(() -> {
                    for (int j = 0; j < 10_000; j++) {
                        mix.answered(new TenantId(1), query);
                    }
                });
            }
            threads.shutdown();
            assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        }
        assertThat(mix.drain()).isEqualTo(Map.of(SCORE, 40_000L));
    }
}
