package com.atlasco.atlas.bench.filter;

import com.atlasco.atlas.bench.dataset.Dataset.Attribute;
import com.atlasco.atlas.bench.inventory.PeerTable;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A column for each attribute. */
final class WideDialect implements Dialect {

    @Override
    public PeerTable table() {
        return PeerTable.WIDE;
    }

    @Override
    public SqlText page(FilterCase filter, Optional<Contender.Place> after) {
        String sort = filter.sort().map(order -> order.attribute().name()).orElse("");
        SqlText sql = new SqlText()
                .append("SELECT entity_id, "
                        + filter.attributes().stream().map(Attribute::name).collect(Collectors.joining(", "))
                        + " FROM wide.asset WHERE ")
                .append(condition(filter.predicates()));
        after.ifPresent(place -> sql.append(" AND ")
                .append(Dialect.after(
                        filter,
                        place,
                        sort,
                        "entity_id",
                        place.sortValue().map(SqlText::parameter).orElse(""))));
        return sql.append(Dialect.order(filter, sort, "entity_id"));
    }

    static SqlText condition(List<Predicate> predicates) {
        SqlText sql = new SqlText();
        predicates.forEach(predicate ->
                sql.append(sql.isEmpty() ? "" : " AND ").append(Columns.condition(predicate, Attribute::name)));
        return sql;
    }
}
