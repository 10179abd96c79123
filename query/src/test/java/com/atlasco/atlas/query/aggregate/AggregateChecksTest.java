package com.atlasco.atlas.query.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.query.aggregate.AggregateQuery.AggregateSort;
import com.atlasco.atlas.query.aggregate.Metric.Operation;
import com.atlasco.atlas.query.cql2.TestRegistry;
import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.query.filter.Property;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AggregateChecksTest {

    private static final Map<DataType, AttributeType> TYPES = new EnumMap<>(Map.of(
            DataType.NUMBER, TestRegistry.SCORE,
            DataType.TEXT, TestRegistry.COUNTRY,
            DataType.TS, TestRegistry.STARTS_AT,
            DataType.BOOL, TestRegistry.CANCELLED,
            DataType.JSON, TestRegistry.TAGS));
    private static final Property SCORE = TestRegistry.property(TestRegistry.SCORE);
    private static final Metric COUNT = new Metric(Operation.COUNT, Optional.empty());

    @ParameterizedTest
    @EnumSource
    void takesOnlyTypesThatTheOperationAppliesTo(Operation operation) {
        Set<DataType> allowed = switch (operation) {
            case COUNT -> Set.of(DataType.values());
            case COUNT_DISTINCT -> Set.of(DataType.NUMBER, DataType.TEXT, DataType.TS, DataType.BOOL);
            case SUM, AVG -> Set.of(DataType.NUMBER);
            case MIN, MAX -> Set.of(DataType.NUMBER, DataType.TEXT, DataType.TS);
        };
        TYPES.forEach((type, attribute) -> {
            Metric metric = new Metric(operation, Optional.of(TestRegistry.property(attribute)));
            if (allowed.contains(type)) {
                assertThatCode(() -> AggregateChecks.check(query(metric))).doesNotThrowAnyException();
            } else {
                refused(query(metric), ErrorCode.FILTER_TYPE, "/metrics/0");
            }
        });
    }

    @Test
    void groupsOnlyWhatCanBeGrouped() {
        TYPES.forEach((type, attribute) -> {
            Property property = TestRegistry.property(attribute);
            expect(type != DataType.JSON, new GroupKey.ByValue(property));
            expect(type == DataType.TS, new GroupKey.ByInterval(property, GroupKey.Interval.DAY));
            expect(type == DataType.NUMBER, new GroupKey.Histogram(property, 0, 1, 10_000));
        });
    }

    private static void expect(boolean allowed, GroupKey key) {
        AggregateQuery query = new AggregateQuery(Filter.ALL, List.of(key), List.of(COUNT), List.of(), 10);
        if (allowed) {
            assertThatCode(() -> AggregateChecks.check(query)).doesNotThrowAnyException();
        } else {
            refused(query, ErrorCode.FILTER_TYPE, "/group_by/0");
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1,5", "2,1,5", "NaN,1,5", "0,NaN,5", "0,Infinity,5", "-1e308,1e308,5", "0,1,0", "0,1,10001"})
    void refusesHistogramsThatCannotBe(double min, double max, int buckets) {
        GroupKey key = new GroupKey.Histogram(SCORE, min, max, buckets);
        AggregateQuery query = new AggregateQuery(Filter.ALL, List.of(key), List.of(COUNT), List.of(), 10);
        Problem problem = catchThrowableOfType(AtlasException.class, () -> AggregateChecks.check(query))
                .problem();
        assertThat(problem.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(problem.place().orElseThrow()).startsWith("/group_by/0/histogram");
    }

    @Test
    void refusesRequestsThatAreNotWhole() {
        refused(query(new Metric(Operation.SUM, Optional.empty())), ErrorCode.INVALID_REQUEST, "/metrics/0");
        refused(
                new AggregateQuery(Filter.ALL, List.of(), List.of(), List.of(), 10),
                ErrorCode.INVALID_REQUEST,
                "/metrics");
        refused(
                new AggregateQuery(Filter.ALL, List.of(), List.of(COUNT), List.of(), 0),
                ErrorCode.INVALID_REQUEST,
                "/limit");
        refused(
                new AggregateQuery(Filter.ALL, List.of(), List.of(COUNT), List.of(), 100_001),
                ErrorCode.INVALID_REQUEST,
                "/limit");
        refused(
                new AggregateQuery(
                        Filter.ALL, List.of(), List.of(COUNT), List.of(new AggregateSort.ByKey(0, false)), 10),
                ErrorCode.INVALID_REQUEST,
                "/sort/0");
        refused(
                new AggregateQuery(
                        Filter.ALL, List.of(), List.of(COUNT), List.of(new AggregateSort.ByMetric(1, false)), 10),
                ErrorCode.INVALID_REQUEST,
                "/sort/0");
    }

    private static AggregateQuery query(Metric metric) {
        return new AggregateQuery(Filter.ALL, List.of(), List.of(metric), List.of(), 10);
    }

    private static void refused(AggregateQuery query, ErrorCode code, String place) {
        Problem problem = catchThrowableOfType(AtlasException.class, () -> AggregateChecks.check(query))
                .problem();
        assertThat(problem.code()).isEqualTo(code);
        assertThat(problem.place()).contains(place);
        assertThat(problem.hint()).isPresent();
    }
}
