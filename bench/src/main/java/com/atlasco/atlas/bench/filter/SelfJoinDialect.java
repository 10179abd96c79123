package com.atlasco.atlas.bench.filter;

import com.atlasco.atlas.bench.dataset.Dataset.Attribute;
import com.atlasco.atlas.bench.inventory.PeerTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The classic self-join: the table once for each attribute. What is one thing or another becomes the union of the ids of
 * either.
 */
final class SelfJoinDialect implements Dialect {

    private final PeerTable.Attributes attributes;

    SelfJoinDialect(PeerTable.Attributes attributes) {
        this.attributes = attributes;
    }

    @Override
    public PeerTable table() {
        return PeerTable.SEED;
    }

    @Override
    public SqlText page(FilterCase filter, Optional<Contender.Place> after) {
        Map<Attribute, String> aliases = new LinkedHashMap<>();
        List<SqlText> sources = new ArrayList<>();
        List<SqlText> conditions = new ArrayList<>();
        for (Predicate predicate : filter.predicates()) {
            if (predicate instanceof Predicate.Or(List<Predicate.Simple> operands)) {
                sources.add(new SqlText().append("(").append(union(operands)).append(") u" + sources.size()));
            } else {
                join(predicate.attributes().findFirst().orElseThrow(), aliases, sources, conditions);
                conditions.add(
                        Columns.condition(predicate, attribute -> aliases.get(attribute) + "." + column(attribute)));
            }
        }
        filter.sort().ifPresent(sort -> {
            if (!aliases.containsKey(sort.attribute())) {
                join(sort.attribute(), aliases, sources, conditions);
            }
        });
        String first = aliases.values().stream().findFirst().orElse("u0");
        String id = first + ".entity_id";
        String sort = filter.sort()
                .map(order -> aliases.get(order.attribute()) + "." + column(order.attribute()))
                .orElse("");
        SqlText sql = new SqlText().append("SELECT " + id);
        aliases.forEach((attribute, alias) -> sql.append(", " + alias + "." + column(attribute)));
        sql.append(" FROM ");
        for (int i = 0; i < sources.size(); i++) {
            sql.append(i == 0 ? "" : ", ").append(sources.get(i));
        }
        sql.append(" WHERE TRUE");
        conditions.forEach(condition -> sql.append(" AND ").append(condition));
        for (int i = 0; i < sources.size(); i++) {
            String alias = alias(sources.get(i));
            sql.append(alias.equals(first) ? "" : " AND " + alias + ".entity_id = " + id);
        }
        after.ifPresent(place -> sql.append(" AND ")
                .append(Dialect.after(
                        filter,
                        place,
                        sort,
                        id,
                        place.sortValue().map(SqlText::parameter).orElse(""))));
        return sql.append(Dialect.order(filter, sort, id));
    }

    private static String alias(SqlText source) {
        String text = source.toString();
        return text.substring(text.lastIndexOf(' ') + 1);
    }

    private void join(
            Attribute attribute, Map<Attribute, String> aliases, List<SqlText> sources, List<SqlText> conditions) {
        String alias = "a" + sources.size();
        aliases.put(attribute, alias);
        sources.add(new SqlText().append("seed.eav " + alias));
        conditions.add(of(attribute, alias + "."));
    }

    private SqlText of(Attribute attribute, String prefix) {
        return new SqlText()
                .append("%1$stenant_id = %2$d AND %1$sattribute_id = %3$d"
                        .formatted(prefix, attributes.tenant(), attributes.id(attribute)));
    }

    private SqlText union(List<Predicate.Simple> operands) {
        SqlText sql = new SqlText();
        operands.forEach(operand -> sql.append(sql.isEmpty() ? "" : " UNION ")
                .append("SELECT entity_id FROM seed.eav WHERE ")
                .append(of(operand.attribute(), ""))
                .append(" AND ")
                .append(Columns.condition(operand, SelfJoinDialect::column)));
        return sql;
    }

    private static String column(Attribute attribute) {
        return PeerTable.column(attribute.type());
    }
}
