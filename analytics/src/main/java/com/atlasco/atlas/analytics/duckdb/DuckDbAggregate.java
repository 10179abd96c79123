package com.atlasco.atlas.analytics.duckdb;

import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.query.aggregate.AggregateQuery;
import com.atlasco.atlas.query.aggregate.AggregateQuery.AggregateSort;
import com.atlasco.atlas.query.aggregate.AggregateResult;
import com.atlasco.atlas.query.aggregate.AggregateResult.Group;
import com.atlasco.atlas.query.aggregate.GroupKey;
import com.atlasco.atlas.query.aggregate.Metric;
import com.atlasco.atlas.query.filter.Property;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One aggregate query: its SQL, and its result. */
final class DuckDbAggregate {

    private final TenantId tenant;
    private final AggregateQuery query;
    private final PropertyColumns columns;
    private final Relation relation;

    DuckDbAggregate(TenantId tenant, AggregateQuery query, PropertyColumns columns, Relation relation) {
        this.tenant = tenant;
        this.query = query;
        this.columns = columns;
        this.relation = relation;
    }

    AggregateResult run(Connection connection, StatementRunner runner) throws SQLException {
        SqlText sql = compile();
        try (PreparedStatement statement = connection.prepareStatement(sql.toString())) {
            sql.bind(statement);
            try (ResultSet rows = runner.query(statement)) {
                return read(rows);
            }
        }
    }

    private SqlText compile() {
        SqlText sql = new SqlText().append("SELECT ");
        for (int i = 0; i < query.groupBy().size(); i++) {
            appendKey(sql, query.groupBy().get(i));
            sql.append(" AS k" + i + ", ");
        }
        for (int i = 0; i < query.metrics().size(); i++) {
            sql.append(i == 0 ? "" : ", ")
                    .append(expression(query.metrics().get(i)))
                    .append(" AS m" + i);
        }
        sql.append(" FROM ");
        relation.append(sql, tenant.value());
        sql.append(" WHERE tenant_id = ").value(tenant.value()).append(" AND ");
        DuckDbFilter.append(query.filter(), columns, sql);
        if (!query.groupBy().isEmpty()) {
            sql.append(" GROUP BY ");
            for (int i = 0; i < query.groupBy().size(); i++) {
                sql.append((i == 0 ? "" : ", ") + (i + 1));
            }
            appendOrder(sql);
        }
        // One more than asked for tells whether groups were left out.
        return sql.append(" LIMIT " + (query.limit() + 1));
    }

    private void appendKey(SqlText sql, GroupKey key) {
        String value = columns.expression(key.property());
        switch (key) {
            case GroupKey.ByValue(Property property) ->
                sql.append(PropertyColumns.readable(value, property.dataType()));
            case GroupKey.ByInterval(Property property, GroupKey.Interval interval) ->
                sql.append(IntervalKey.number(interval, value));
            case GroupKey.Histogram histogram -> {
                // Grouping by integers is cheaper than by doubles, and a number inside is far from their limits.
                sql.append("CASE WHEN " + value + " < ")
                        .value(histogram.min())
                        .append(" THEN 0 WHEN " + value + " >= ")
                        .value(histogram.max())
                        .append(" THEN " + (histogram.buckets() + 1) + " WHEN " + value
                                + " IS NOT NULL THEN least(CAST(floor((" + value + " - ")
                        .value(histogram.min())
                        .append(") / ")
                        .value(histogram.max() - histogram.min())
                        .append(" * ")
                        .value((double) histogram.buckets())
                        .append(") AS INTEGER), " + (histogram.buckets() - 1) + ") + 1 END");
            }
        }
    }

    private String expression(Metric metric) {
        if (metric.property().isEmpty()) {
            return "count(*)";
        }
        Property property = metric.property().get();
        String value = columns.expression(property);
        return switch (metric.operation()) {
            case COUNT -> "count(" + value + ")";
            case COUNT_DISTINCT -> "count(DISTINCT " + value + ")";
            case SUM -> rounded("fsum(" + value + ")");
            case AVG -> rounded("fsum(" + value + ") / count(" + value + ")");
            case MIN -> PropertyColumns.readable("min(" + value + ")", property.dataType());
            case MAX -> PropertyColumns.readable("max(" + value + ")", property.dataType());
        };
    }

    /** To 15 significant digits, before the groups are sorted by it. DuckDB reads the least numbers as zero. */
    private static String rounded(String figure) {
        return "CASE WHEN abs(%1$s) < 1e-300 THEN %1$s ELSE CAST(printf('%%.14e', %1$s) AS DOUBLE) END"
                .formatted(figure);
    }

    private void appendOrder(SqlText sql) {
        sql.append(" ORDER BY ");
        for (AggregateSort sort : query.sort()) {
            String column = switch (sort) {
                case AggregateSort.ByMetric byMetric -> "m" + byMetric.index();
                case AggregateSort.ByKey byKey -> "k" + byKey.index();
            };
            sql.append(column + (sort.descending() ? " DESC" : " ASC") + " NULLS LAST, ");
        }
        for (int i = 0; i < query.groupBy().size(); i++) {
            sql.append((i == 0 ? "" : ", ") + "k" + i + " ASC NULLS LAST");
        }
    }

    private AggregateResult read(ResultSet rows) throws SQLException {
        List<Group> groups = new ArrayList<>();
        while (rows.next()) {
            if (groups.size() == query.limit()) {
                return new AggregateResult(groups, true);
            }
            List<Optional<Value>> key = new ArrayList<>();
            List<Optional<Value>> metrics = new ArrayList<>();
            int column = 1;
            for (GroupKey part : query.groupBy()) {
                key.add(key(rows, column++, part));
            }
            for (Metric metric : query.metrics()) {
                metrics.add(figure(rows, column++, metric));
            }
            groups.add(new Group(key, metrics));
        }
        return new AggregateResult(groups, false);
    }

    private static Optional<Value> key(ResultSet rows, int column, GroupKey key) throws SQLException {
        return switch (key) {
            case GroupKey.ByValue _, GroupKey.Histogram _ ->
                Rows.value(rows, column, key.property().dataType());
            case GroupKey.ByInterval(var _, GroupKey.Interval interval) -> {
                long number = rows.getLong(column);
                yield rows.wasNull()
                        ? Optional.empty()
                        : Optional.of(new Value.TimestampValue(IntervalKey.firstMicros(interval, number)));
            }
        };
    }

    private static Optional<Value> figure(ResultSet rows, int column, Metric metric) throws SQLException {
        if (rows.getObject(column) instanceof Double number && !Double.isFinite(number)) {
            throw Problem.of(
                            ErrorCode.INVALID_REQUEST,
                            "%s is outside the range of an IEEE 754 double".formatted(metric.name()))
                    .hint("Narrow the filter, or group.")
                    .asException();
        }
        return Rows.value(rows, column, dataType(metric));
    }

    private static DataType dataType(Metric metric) {
        return switch (metric.operation()) {
            case COUNT, COUNT_DISTINCT, SUM, AVG -> DataType.NUMBER;
            case MIN, MAX -> metric.property().map(Property::dataType).orElse(DataType.NUMBER);
        };
    }
}
