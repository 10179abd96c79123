package com.atlasco.atlas.query.interpret;

import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.query.aggregate.AggregateQuery;
import com.atlasco.atlas.query.aggregate.AggregateQuery.AggregateSort;
import com.atlasco.atlas.query.aggregate.AggregateResult;
import com.atlasco.atlas.query.aggregate.Figures;
import com.atlasco.atlas.query.aggregate.GroupKey;
import com.atlasco.atlas.query.aggregate.Metric;
import com.atlasco.atlas.query.filter.Property;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Groups entities and computes figures, exactly in decimals. */
final class Aggregation {

    private Aggregation() {}

    static AggregateResult of(AggregateQuery query, List<Entity> rows) {
        Map<List<Optional<Field>>, List<Entity>> rowsByKey = new HashMap<>();
        if (query.groupBy().isEmpty()) {
            rowsByKey.put(List.of(), rows);
        } else {
            for (Entity row : rows) {
                List<Optional<Field>> key =
                        query.groupBy().stream().map(part -> key(part, row)).toList();
                rowsByKey.computeIfAbsent(key, _ -> new ArrayList<>()).add(row);
            }
        }
        List<Group> groups = new ArrayList<>();
        rowsByKey.forEach((key, its) -> groups.add(new Group(
                key, query.metrics().stream().map(metric -> figure(metric, its)).toList())));
        groups.sort(order(query));
        return new AggregateResult(
                groups.stream()
                        .limit(query.limit())
                        .map(group -> new AggregateResult.Group(values(group.key), values(group.figures)))
                        .toList(),
                groups.size() > query.limit());
    }

    private record Group(List<Optional<Field>> key, List<Optional<Field>> figures) {}

    private static List<Optional<Value>> values(List<Optional<Field>> fields) {
        return fields.stream().map(field -> field.map(Field::value)).toList();
    }

    private static Comparator<Group> order(AggregateQuery query) {
        Comparator<Group> order = (_, _) -> 0;
        for (AggregateSort sort : query.sort()) {
            order = order.thenComparing(
                    group -> switch (sort) {
                        case AggregateSort.ByMetric(int index, var _) -> group.figures.get(index);
                        case AggregateSort.ByKey(int index, var _) -> group.key.get(index);
                    },
                    InMemoryReader.missingLast(sort.descending()));
        }
        for (int i = 0; i < query.groupBy().size(); i++) {
            int index = i;
            order = order.thenComparing(group -> group.key.get(index), InMemoryReader.missingLast(false));
        }
        return order;
    }

    private static Optional<Field> key(GroupKey part, Entity row) {
        Optional<Field> field = Field.of(row, part.property());
        return switch (part) {
            case GroupKey.ByValue _ -> field;
            case GroupKey.Histogram histogram ->
                field.map(number -> new Field.Numeric(BigDecimal.valueOf(bucket(histogram, number))));
            case GroupKey.ByInterval(var _, GroupKey.Interval interval) ->
                field.map(instant -> Field.of(start(interval, instant)));
        };
    }

    private static long bucket(GroupKey.Histogram histogram, Field field) {
        double v = ((Value.NumberValue) field.value()).number();
        double min = histogram.min();
        double max = histogram.max();
        int buckets = histogram.buckets();
        if (v < min) {
            return 0;
        }
        if (v >= max) {
            return buckets + 1L;
        }
        return (long) Math.min(buckets, Math.floor((v - min) / (max - min) * buckets) + 1);
    }

    private static Value start(GroupKey.Interval interval, Field field) {
        OffsetDateTime moment = ((Value.TimestampValue) field.value()).instant().atOffset(ZoneOffset.UTC);
        OffsetDateTime day = moment.truncatedTo(ChronoUnit.DAYS);
        OffsetDateTime start = switch (interval) {
            case HOUR -> moment.truncatedTo(ChronoUnit.HOURS);
            case DAY -> day;
            case MONTH -> day.withDayOfMonth(1);
            case YEAR -> day.withDayOfYear(1);
        };
        return Value.TimestampValue.of(start.toInstant());
    }

    private static Optional<Field> figure(Metric metric, List<Entity> rows) {
        if (metric.property().isEmpty()) {
            return Optional.of(count(rows.size()));
        }
        Property property = metric.property().get();
        List<Field> fields =
                rows.stream().flatMap(row -> Field.of(row, property).stream()).toList();
        return switch (metric.operation()) {
            case COUNT -> Optional.of(count(fields.size()));
            case COUNT_DISTINCT -> Optional.of(count(fields.stream().distinct().count()));
            case SUM -> fields.isEmpty() ? Optional.empty() : Optional.of(numeric(Figures.sum(metric, sum(fields))));
            case AVG ->
                fields.isEmpty()
                        ? Optional.empty()
                        : Optional.of(numeric(Figures.average(metric, sum(fields), fields.size())));
            case MIN -> fields.stream().min(Comparator.naturalOrder());
            case MAX -> fields.stream().max(Comparator.naturalOrder());
        };
    }

    private static Field count(long count) {
        return new Field.Numeric(BigDecimal.valueOf(count));
    }

    private static BigDecimal sum(List<Field> fields) {
        return fields.stream().map(field -> ((Field.Numeric) field).number()).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static Field numeric(double figure) {
        return new Field.Numeric(new BigDecimal(figure));
    }
}
