package com.atlasco.atlas.postgres.read;

import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.postgres.Session;
import com.atlasco.atlas.query.aggregate.AggregateQuery;
import com.atlasco.atlas.query.aggregate.AggregateQuery.AggregateSort;
import com.atlasco.atlas.query.aggregate.AggregateResult;
import com.atlasco.atlas.query.aggregate.AggregateResult.Group;
import com.atlasco.atlas.query.aggregate.Figures;
import com.atlasco.atlas.query.aggregate.GroupKey;
import com.atlasco.atlas.query.aggregate.Metric;
import com.atlasco.atlas.query.filter.Property;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Aggregates over documents: through an index where the filter has a part that leads to a bounded number of entities,
 * else over all of the tenant. The fallback for when the analytics store cannot serve.
 */
final class AggregateFinder {

    private static final int BOUNDED = 20_000;
    private final Session session;
    private final long tenant;
    private final AggregateQuery query;

    AggregateFinder(Session session, TenantId tenant, AggregateQuery query) {
        this.session = session;
        this.tenant = tenant.value();
        this.query = query;
    }

    AggregateResult result() throws SQLException {
        Optional<Driver> driver = driver();
        Sql statement = statement(driver);
        Set<Integer> pivoted = driver.map(Driver::scans).stream()
                .flatMap(scans -> scans)
                .flatMap(scan -> scan.key().attributeId().stream())
                .collect(java.util.stream.Collectors.toUnmodifiableSet());
        Sql guarded = pivoted.isEmpty()
                ? statement
                : PageStatements.guarded(
                        tenant,
                        new PageStatements.Guard(pivoted, OptionalInt.empty(), OptionalInt.empty()),
                        Optional.empty(),
                        statement,
                        "r.*");
        List<Group> groups = new ArrayList<>();
        try (PreparedStatement prepared = guarded.prepare(session);
                ResultSet rows = prepared.executeQuery()) {
            while (rows.next()) {
                if (!pivoted.isEmpty() && !rows.getBoolean("ready")) {
                    throw Filterable.notHere();
                }
                // The row that only carries the guard's answer has no group.
                rows.getBoolean("present");
                if (!rows.wasNull()) {
                    groups.add(group(rows));
                }
            }
        }
        boolean truncated = groups.size() > query.limit();
        // Rounding may have made equal what was not; then the keys decide.
        groups.sort(GroupOrder.of(query));
        return new AggregateResult(truncated ? groups.subList(0, query.limit()) : groups, truncated);
    }

    private Optional<Driver> driver() throws SQLException {
        List<Driver> drivers = Drivers.of(query.filter());
        if (drivers.isEmpty()) {
            return Optional.empty();
        }
        try (PreparedStatement statement = PageStatements.probe(
                                tenant, drivers, Optional.empty(), Optional.empty(), BOUNDED)
                        .prepare(session);
                ResultSet rows = statement.executeQuery()) {
            return Probes.read(drivers, rows, BOUNDED, false).fewest();
        }
    }

    /** Columns: {@code present}, k0 …, m0 …, and for averages n0 … beside. */
    private Sql statement(Optional<Driver> driver) {
        Sql sql = Sql.of("SELECT true AS present");
        for (int i = 0; i < query.groupBy().size(); i++) {
            sql.append(", ").append(key(query.groupBy().get(i))).append(" AS k" + i);
        }
        for (int i = 0; i < query.metrics().size(); i++) {
            Metric metric = query.metrics().get(i);
            sql.append(", ").append(figure(metric)).append(" AS m" + i);
            if (metric.operation() == Metric.Operation.AVG) {
                sql.append(", count(")
                        .append(DocumentExpression.numeric(metric.property().orElseThrow()))
                        .append(") AS n" + i);
            }
        }
        sql.append(driver.map(each -> PageStatements.recheck(tenant, each.entityIds(tenant, new Sql()), query.filter()))
                .orElseGet(() -> Sql.of(" FROM entity e WHERE e.tenant_id = ?::bigint AND ", tenant)
                        .append(DocumentPredicate.of(query.filter()))));
        // By place: a parameter in a grouped expression would be another one each time it is written.
        List<Sql> places = new ArrayList<>();
        for (int i = 0; i < query.groupBy().size(); i++) {
            places.add(Sql.of(Integer.toString(i + 2)));
        }
        if (!places.isEmpty()) {
            sql.append(" GROUP BY ").append(Sql.join(", ", places));
        }
        return Sql.of("SELECT * FROM (")
                .append(sql)
                .append(") g")
                .append(order())
                .append(" LIMIT ?::int", query.limit() + 1);
    }

    private Sql order() {
        List<Sql> terms = new ArrayList<>();
        for (AggregateSort sort : query.sort()) {
            String direction = (sort.descending() ? " DESC" : "") + " NULLS LAST";
            terms.add(Sql.of(
                    switch (sort) {
                        case AggregateSort.ByMetric(int index, var _) ->
                            (query.metrics().get(index).operation() == Metric.Operation.AVG
                                            ? "m" + index + " / nullif(n" + index + ", 0)"
                                            : "m" + index)
                                    + direction;
                        case AggregateSort.ByKey(int index, var _) -> "k" + index + direction;
                    }));
        }
        for (int i = 0; i < query.groupBy().size(); i++) {
            terms.add(Sql.of("k" + i + " NULLS LAST"));
        }
        return terms.isEmpty() ? new Sql() : Sql.of(" ORDER BY ").append(Sql.join(", ", terms));
    }

    private static Sql key(GroupKey key) {
        Sql value = DocumentExpression.of(key.property());
        return switch (key) {
            case GroupKey.ByValue _ -> value;
            case GroupKey.Histogram histogram -> bucket(histogram, value);
            case GroupKey.ByInterval(var _, GroupKey.Interval interval) -> start(interval, value);
        };
    }

    /**
     * The contract's formula in doubles. PostgreSQL refuses a quotient that is too small for a double where Java says
     * zero; so close to min the bucket is the first, whatever the quotient.
     */
    private static Sql bucket(GroupKey.Histogram histogram, Sql value) {
        double width = histogram.max() - histogram.min();
        return Sql.of("(SELECT CASE WHEN v IS NULL THEN NULL WHEN v < ?::float8 THEN 0", histogram.min())
                .append(" WHEN v >= ?::float8 THEN ?::int", histogram.max(), histogram.buckets() + 1)
                .append(" WHEN v - ?::float8 <= ?::float8 THEN 1", histogram.min(), width * 1e-300)
                .append(
                        " ELSE least(?::float8, floor((v - ?::float8) / ?::float8 * ?::float8) + 1) END::int",
                        (double) histogram.buckets(),
                        histogram.min(),
                        width,
                        (double) histogram.buckets())
                .append(" FROM (SELECT (")
                .append(value)
                .append(")::float8 AS v OFFSET 0) h)");
    }

    /** In whole microseconds: exact, and without any time zone but UTC. */
    private static Sql start(GroupKey.Interval interval, Sql value) {
        Sql micros = Sql.of(" FROM (SELECT ").append(value).append(" AS v OFFSET 0) h)");
        return switch (interval) {
            case HOUR ->
                Sql.of("(SELECT v - mod(mod(v, 3600000000) + 3600000000, 3600000000)")
                        .append(micros);
            case DAY ->
                Sql.of("(SELECT v - mod(mod(v, 86400000000) + 86400000000, 86400000000)")
                        .append(micros);
            case MONTH -> calendar("month", micros);
            case YEAR -> calendar("year", micros);
        };
    }

    private static Sql calendar(String unit, Sql micros) {
        return Sql.of("(SELECT (date_trunc('" + unit
                        + "', (date '1970-01-01' + ((v - mod(mod(v, 86400000000) + 86400000000, 86400000000))"
                        + " / 86400000000)::int)::timestamp)::date - date '1970-01-01')::bigint * 86400000000")
                .append(micros);
    }

    private static Sql figure(Metric metric) {
        if (metric.property().isEmpty()) {
            return Sql.of("count(*)");
        }
        Property property = metric.property().get();
        Sql value = DocumentExpression.of(property);
        return switch (metric.operation()) {
            case COUNT -> Sql.of("count(").append(value).append(")");
            case COUNT_DISTINCT -> Sql.of("count(DISTINCT ").append(value).append(")");
            case SUM, AVG ->
                Sql.of("sum(").append(DocumentExpression.numeric(property)).append(")");
            case MIN -> Sql.of("min(").append(value).append(")");
            case MAX -> Sql.of("max(").append(value).append(")");
        };
    }

    private Group group(ResultSet row) throws SQLException {
        List<Optional<Value>> key = new ArrayList<>();
        for (int i = 0; i < query.groupBy().size(); i++) {
            GroupKey part = query.groupBy().get(i);
            DataType type = part instanceof GroupKey.Histogram
                    ? DataType.NUMBER
                    : part.property().dataType();
            key.add(value(row, "k" + i, type));
        }
        List<Optional<Value>> figures = new ArrayList<>();
        for (int i = 0; i < query.metrics().size(); i++) {
            Metric metric = query.metrics().get(i);
            figures.add(
                    switch (metric.operation()) {
                        case COUNT, COUNT_DISTINCT -> Optional.of(new Value.NumberValue(row.getLong("m" + i)));
                        case SUM -> sum(row, i).<Value>map(sum -> new Value.NumberValue(Figures.sum(metric, sum)));
                        case AVG -> {
                            long count = row.getLong("n" + i);
                            yield sum(row, i)
                                    .<Value>map(sum -> new Value.NumberValue(Figures.average(metric, sum, count)));
                        }
                        case MIN, MAX ->
                            value(row, "m" + i, metric.property().orElseThrow().dataType());
                    });
        }
        return new Group(key, figures);
    }

    private static Optional<BigDecimal> sum(ResultSet row, int metric) throws SQLException {
        return Optional.ofNullable(row.getBigDecimal("m" + metric));
    }

    private static Optional<Value> value(ResultSet row, String column, DataType type) throws SQLException {
        Value value = switch (type) {
            case NUMBER -> new Value.NumberValue(row.getDouble(column));
            case TEXT ->
                new Value.TextValue(Optional.ofNullable(row.getString(column)).orElse(""));
            case TS -> new Value.TimestampValue(row.getLong(column));
            case BOOL -> new Value.BoolValue(row.getBoolean(column));
            case JSON -> throw new IllegalArgumentException("JSON values are neither grouped nor compared");
        };
        return row.wasNull() ? Optional.empty() : Optional.of(value);
    }
}
