package com.atlasco.atlas.postgres.read;

import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.postgres.read.Driver.Bound;
import com.atlasco.atlas.postgres.read.Driver.Condition;
import com.atlasco.atlas.postgres.statistics.AttributeStatistics;
import com.atlasco.atlas.postgres.statistics.AttributeStatistics.End;
import com.atlasco.atlas.postgres.statistics.Column;
import com.atlasco.atlas.postgres.statistics.StatisticsCatalog;
import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.query.filter.Property;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** How many rows the parts of one query's filter keep, by the statistics as they are at one moment. */
final class Estimates {

    /** Of conditions that no statistics speak of. */
    private static final double LIKE_SHARE = 0.1;

    private static final double OTHER_SHARE = 0.3;

    private final double entities;
    private final Map<IndexKey, AttributeStatistics> known;

    private Estimates(double entities, Map<IndexKey, AttributeStatistics> known) {
        this.entities = entities;
        this.known = known;
    }

    /** Empty as long as something about the query is not known. */
    static Optional<Estimates> of(StatisticsCatalog catalog, PageQuery query) {
        Optional<AttributeStatistics> all = catalog.find(query.tenant(), Column.Intrinsic.ENTITY_ID);
        boolean complete = all.isPresent();
        Map<IndexKey, AttributeStatistics> known = new HashMap<>();
        // All are asked for, so that those that are missing are looked up for the next query.
        for (IndexKey key : keys(query).distinct().toList()) {
            Optional<AttributeStatistics> found = catalog.find(query.tenant(), column(key));
            found.ifPresent(statistics -> known.put(key, statistics));
            complete &= found.isPresent();
        }
        return complete
                ? Optional.of(new Estimates(Math.max(1, all.orElseThrow().rows()), known))
                : Optional.empty();
    }

    private static Stream<IndexKey> keys(PageQuery query) {
        return Stream.concat(
                query.parts().stream()
                        .flatMap(part -> Stream.concat(part.driver().stream(), part.absent().stream()))
                        .flatMap(Driver::scans)
                        .map(Driver.Scan::key),
                query.order().index().stream());
    }

    /** Whether these speak of another query, too. */
    boolean covers(PageQuery query) {
        return keys(query).allMatch(known::containsKey);
    }

    /** How many entries a gathering has. */
    double entries(Gather gather) {
        return Stream.concat(gather.includes().stream(), gather.excludes().stream())
                .mapToDouble(this::rows)
                .sum();
    }

    /** Of all entities, how many a gathering leads to, from 0 to 1. */
    double share(Gather gather) {
        return gather.includes().stream()
                .mapToDouble(driver -> Math.min(1, rows(driver) / entities))
                .reduce(1, (left, right) -> left * right);
    }

    /** How many entries a whole walk has. */
    double length(Walk walk) {
        return switch (walk) {
            case Walk.Entities(var bounds, var _) -> bounds.map(this::rows).orElse(entities);
            case Walk.ById(var values, var _) ->
                values.stream().mapToDouble(this::rows).sum();
            case Walk.Merged(var values) ->
                values.stream().mapToDouble(this::rows).min().orElseThrow();
            case Walk.ByKey byKey -> byKey.restriction().map(this::rows).orElseGet(() -> present(byKey.key()));
        };
    }

    private static Column column(IndexKey key) {
        return key.attributeId()
                .<Column>map(id -> new Column.Attribute(
                        id,
                        switch (key.sqlType()) {
                            case "float8" -> DataType.NUMBER;
                            case "timestamptz" -> DataType.TS;
                            case "boolean" -> DataType.BOOL;
                            default -> DataType.TEXT;
                        }))
                .orElse(key.equals(IndexKey.ENTITY_ID) ? Column.Intrinsic.ENTITY_ID : Column.Intrinsic.ENTITY_TYPE);
    }

    /** The tenant's entities, at least 1. */
    double entities() {
        return entities;
    }

    /** How many entities have a value in this index. */
    double present(IndexKey key) {
        return Math.min(entities, statistics(key).rows());
    }

    /** How many entries a driver leads to. */
    double rows(Driver driver) {
        return switch (driver) {
            case Driver.Scan(IndexKey key, Condition condition) ->
                Math.min(entities, rows(statistics(key), key, condition));
            case Driver.Union(var branches) ->
                Math.min(entities, branches.stream().mapToDouble(this::rows).sum());
        };
    }

    private AttributeStatistics statistics(IndexKey key) {
        return Optional.ofNullable(known.get(key)).orElseThrow();
    }

    private static double rows(AttributeStatistics statistics, IndexKey key, Condition condition) {
        return switch (condition) {
            case Condition.Equal(Object value) -> statistics.equal(axisKey(key, value));
            case Condition.In(var values) ->
                values.stream()
                        .mapToDouble(value -> statistics.equal(axisKey(key, value)))
                        .sum();
            case Condition.Range(Optional<Bound> low, Optional<Bound> high) ->
                statistics.between(low.map(bound -> end(key, bound)), high.map(bound -> end(key, bound)));
        };
    }

    private static End end(IndexKey key, Bound bound) {
        return new End(axisKey(key, bound.value()), bound.inclusive());
    }

    private static Object axisKey(IndexKey key, Object value) {
        return switch (value) {
            case Boolean bool -> bool ? 1.0 : 0.0;
            case Long number -> (double) number;
            case String text
            when key.sqlType().equals("timestamptz") -> {
                Instant instant = Instant.parse(text);
                yield instant.getEpochSecond() * 1e6 + Math.floorDiv(instant.getNano(), 1_000);
            }
            default -> value;
        };
    }

    /** Which share of the entities a part keeps, between 0 and 1. */
    double share(Part part) {
        if (part.driver().isPresent()) {
            return Math.min(1, rows(part.driver().get()) / entities);
        }
        if (part.absent().isPresent()) {
            return Math.max(0, 1 - rows(part.absent().get()) / entities);
        }
        return switch (part.filter()) {
            case Filter.Constant(boolean keeps) -> keeps ? 1 : 0;
            case Filter.Like _ -> LIKE_SHARE;
            case Filter.Not(Filter.Like _) -> 1 - LIKE_SHARE;
            case Filter.IsNull(Property.Intrinsic _) -> 0;
            default -> OTHER_SHARE;
        };
    }
}
