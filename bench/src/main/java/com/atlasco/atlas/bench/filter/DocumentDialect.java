package com.atlasco.atlas.bench.filter;

import com.atlasco.atlas.bench.dataset.Dataset.Attribute;
import com.atlasco.atlas.bench.inventory.PeerTable;
import com.atlasco.atlas.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Documents: containment for what must be equal, all of a filter's in one; conditions on members for the rest. */
final class DocumentDialect implements Dialect {

    private static final String CONTAINS = "document @> CAST(? AS jsonb)";

    @Override
    public PeerTable table() {
        return PeerTable.JSONB;
    }

    @Override
    public SqlText page(FilterCase filter, Optional<Contender.Place> after) {
        String sort = filter.sort().map(order -> member(order.attribute())).orElse("");
        SqlText sql = new SqlText()
                .append("SELECT entity_id, document FROM jsonb_gin.document WHERE ")
                .append(condition(filter.predicates()));
        after.ifPresent(place -> sql.append(" AND ")
                .append(Dialect.after(
                        filter,
                        place,
                        sort,
                        "entity_id",
                        place.sortValue().map(DocumentDialect::parameter).orElse(""))));
        return sql.append(Dialect.order(filter, sort, "entity_id"));
    }

    private static SqlText condition(List<Predicate> predicates) {
        List<SqlText> parts = new ArrayList<>();
        List<Predicate.Equal> equal = predicates.stream()
                .filter(Predicate.Equal.class::isInstance)
                .map(Predicate.Equal.class::cast)
                .toList();
        if (!equal.isEmpty()) {
            parts.add(new SqlText().append(CONTAINS, object(equal)));
        }
        predicates.stream()
                .filter(predicate -> !(predicate instanceof Predicate.Equal))
                .forEach(predicate -> parts.add(condition(predicate)));
        SqlText sql = new SqlText();
        parts.forEach(part -> sql.append(sql.isEmpty() ? "" : " AND ").append(part));
        return sql;
    }

    private static SqlText condition(Predicate predicate) {
        return switch (predicate) {
            case Predicate.Equal equal -> new SqlText().append(CONTAINS, object(List.of(equal)));
            case Predicate.Range(Attribute attribute, var low, var high) -> {
                SqlText sql = new SqlText();
                low.ifPresent(value -> sql.append(member(attribute) + " >= ?", parameter(value)));
                high.ifPresent(value ->
                        sql.append((sql.isEmpty() ? "" : " AND ") + member(attribute) + " < ?", parameter(value)));
                yield new SqlText().append("(").append(sql).append(")");
            }
            case Predicate.Prefix(Attribute attribute, String prefix) ->
                new SqlText().append(member(attribute) + " LIKE ?", prefix + "%");
            // One containment for each: the index serves them all, which it does not with = ANY.
            case Predicate.In(Attribute attribute, List<String> values) ->
                any(values.stream()
                        .map(value -> condition(new Predicate.Equal(attribute, new Value.TextValue(value))))
                        .toList());
            // Not the containment of what is not there: a missing attribute is NULL.
            case Predicate.Not(Predicate.Equal(Attribute attribute, Value value)) ->
                new SqlText().append(member(attribute) + " <> ?", parameter(value));
            case Predicate.Or(List<Predicate.Simple> operands) ->
                any(operands.stream().map(DocumentDialect::condition).toList());
        };
    }

    private static SqlText any(List<SqlText> operands) {
        SqlText sql = new SqlText();
        operands.forEach(operand -> sql.append(sql.isEmpty() ? "(" : " OR ").append(operand));
        return sql.append(")");
    }

    private static String object(List<Predicate.Equal> equal) {
        return equal.stream()
                .map(each -> "\"" + each.attribute().name() + "\":" + PeerTable.json(each.value()))
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String member(Attribute attribute) {
        return switch (attribute.type()) {
            case NUMBER -> "CAST(document -> '" + attribute.name() + "' AS double precision)";
            case BOOL -> "CAST(document -> '" + attribute.name() + "' AS boolean)";
            case TEXT, TS, JSON -> "(document ->> '" + attribute.name() + "') COLLATE \"C\"";
        };
    }

    private static Object parameter(Value value) {
        return value instanceof Value.TimestampValue timestamp
                ? PeerTable.timeText(timestamp.instant())
                : SqlText.parameter(value);
    }
}
