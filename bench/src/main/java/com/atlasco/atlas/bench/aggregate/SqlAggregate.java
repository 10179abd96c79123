package com.atlasco.atlas.bench.aggregate;

import com.atlasco.atlas.bench.aggregate.AggregateCase.Key;
import com.atlasco.atlas.bench.aggregate.AggregateCase.Metric;
import com.atlasco.atlas.bench.dataset.Dataset.Attribute;
import com.atlasco.atlas.bench.filter.Columns;
import com.atlasco.atlas.bench.filter.Predicate;
import com.atlasco.atlas.bench.filter.SqlText;
import com.atlasco.atlas.bench.inventory.PeerTable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** How aggregates are asked by hand: keys first, then figures, in the order of the keys. */
sealed interface SqlAggregate {

    /** The whole statement. */
    SqlText statement(AggregateCase aggregate);

    /** A table with a column for each attribute, in DuckDB. */
    record Wide() implements SqlAggregate {

        @Override
        public SqlText statement(AggregateCase aggregate) {
            SqlText sql = select(aggregate, Attribute::name, Wide::key).append(" FROM asset WHERE TRUE");
            aggregate.predicates().forEach(predicate -> sql.append(" AND ")
                    .append(Columns.condition(predicate, Attribute::name)));
            return sql.append(end(aggregate));
        }

        private static String key(Key key) {
            String column = key.attribute().name();
            return switch (key) {
                case Key.ByValue _ -> column;
                case Key.ByInterval(var _, String unit) -> "epoch_us(date_trunc('" + unit + "', " + column + "))";
                case Key.Histogram(var _, double min, double max, int buckets) ->
                    "CAST(least(floor((%1$s - %2$s) / %3$s * %4$s) + 1, %4$s + 1) AS INTEGER)"
                            .formatted(column, min, max - min, buckets);
            };
        }
    }

    /** The classic table in PostgreSQL, once for each attribute. */
    record SelfJoin(PeerTable.Attributes attributes) implements SqlAggregate {

        @Override
        public SqlText statement(AggregateCase aggregate) {
            Map<Attribute, String> aliases = new LinkedHashMap<>();
            aggregate.attributes().forEach(attribute -> aliases.put(attribute, "a" + aliases.size()));
            Function<Attribute, String> column =
                    attribute -> aliases.get(attribute) + "." + PeerTable.column(attribute.type());
            SqlText sql = select(aggregate, column, key -> key(key, column.apply(key.attribute())))
                    .append(aliases.values().stream()
                            .map(alias -> "seed.eav " + alias)
                            .collect(Collectors.joining(", ", " FROM ", " WHERE TRUE")));
            aliases.forEach((attribute, alias) -> {
                sql.append(" AND %1$s.tenant_id = %2$d AND %1$s.attribute_id = %3$d"
                        .formatted(alias, attributes.tenant(), attributes.id(attribute)));
                sql.append(alias.equals("a0") ? "" : " AND " + alias + ".entity_id = a0.entity_id");
            });
            for (Predicate predicate : aggregate.predicates()) {
                sql.append(" AND ").append(Columns.condition(predicate, column));
            }
            return sql.append(end(aggregate));
        }

        private static String key(Key key, String column) {
            return switch (key) {
                case Key.ByValue _ -> column;
                case Key.ByInterval(var _, String unit) ->
                    "(extract(epoch FROM date_trunc('" + unit + "', " + column + ", 'UTC')) * 1000000)::bigint";
                case Key.Histogram(var _, double min, double max, int buckets) ->
                    "width_bucket(%s, %s, %s, %d)".formatted(column, min, max, buckets);
            };
        }
    }

    private static SqlText select(
            AggregateCase aggregate, Function<Attribute, String> column, Function<Key, String> key) {
        SqlText sql = new SqlText().append("SELECT ");
        for (Key each : aggregate.keys()) {
            sql.append(key.apply(each) + ", ");
        }
        return sql.append(aggregate.metrics().stream()
                .map((Metric metric) ->
                        metric.operation().sql(metric.attribute().map(column).orElse("*")))
                .collect(Collectors.joining(", ")));
    }

    private static String end(AggregateCase aggregate) {
        return aggregate.keys().isEmpty()
                ? ""
                : IntStream.rangeClosed(1, aggregate.keys().size())
                        .mapToObj(Integer::toString)
                        .collect(Collectors.collectingAndThen(
                                Collectors.joining(", "), keys -> " GROUP BY " + keys + " ORDER BY " + keys));
    }
}
