package com.atlasco.atlas.analytics.duckdb;

import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.query.Cursor;
import com.atlasco.atlas.query.EntityPage;
import com.atlasco.atlas.query.EntityQuery;
import com.atlasco.atlas.query.SortKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One page of entities: a scan of the tenant's rows, sorted. */
final class DuckDbFind {

    private final TenantId tenant;
    private final EntityQuery query;
    private final PropertyColumns columns;
    private final List<SortKey> valueKeys;
    private final boolean entityIdDescends;

    DuckDbFind(TenantId tenant, EntityQuery query, PropertyColumns columns) {
        this.tenant = tenant;
        this.query = query;
        this.columns = columns;
        this.valueKeys = SortKey.beforeEntityId(query.sort());
        this.entityIdDescends = SortKey.entityIdDescends(query.sort());
    }

    EntityPage run(Connection connection, StatementRunner runner) throws SQLException {
        SqlText sql = compile();
        try (PreparedStatement statement = connection.prepareStatement(sql.toString())) {
            sql.bind(statement);
            try (ResultSet rows = runner.query(statement)) {
                return read(rows);
            }
        }
    }

    private SqlText compile() {
        SqlText sql = new SqlText().append("SELECT " + Rows.ENTITY_COLUMNS);
        for (SortKey key : query.sort()) {
            sql.append(", "
                    + PropertyColumns.readable(
                            columns.expression(key.property()), key.property().dataType()));
        }
        sql.append(" FROM entity WHERE tenant_id = ").value(tenant.value()).append(" AND ");
        DuckDbFilter.append(query.filter(), columns, sql);
        query.after().ifPresent(cursor -> appendAfter(sql, cursor));
        sql.append(" ORDER BY ");
        for (SortKey key : valueKeys) {
            sql.append(columns.expression(key.property()) + (key.descending() ? " DESC" : " ASC") + " NULLS LAST, ");
        }
        sql.append("entity_id" + (entityIdDescends ? " DESC" : " ASC"));
        return sql.append(" LIMIT " + (query.limit() + 1));
    }

    /** Beyond in the first key, or equal in it and beyond in the rest; rows without a value lie beyond those with one. */
    private void appendAfter(SqlText sql, Cursor cursor) {
        sql.append(" AND ");
        for (int i = 0; i < valueKeys.size(); i++) {
            SortKey key = valueKeys.get(i);
            String value = columns.expression(key.property());
            Optional<Value> last = cursor.sortValues().get(i);
            if (last.isEmpty()) {
                sql.append("(" + value + " IS NULL AND ");
            } else {
                sql.append("(" + value + (key.descending() ? " < " : " > "))
                        .value(last.get())
                        .append(" OR " + value + " IS NULL OR " + value + " = ")
                        .value(last.get())
                        .append(" AND ");
            }
        }
        sql.append("entity_id" + (entityIdDescends ? " < " : " > "))
                .value(cursor.entityId())
                .append(")".repeat(valueKeys.size()));
    }

    private EntityPage read(ResultSet rows) throws SQLException {
        List<Entity> entities = new ArrayList<>();
        Optional<Cursor> last = Optional.empty();
        while (rows.next()) {
            if (entities.size() == query.limit()) {
                return new EntityPage(entities, last);
            }
            Entity entity = Rows.entity(rows);
            entities.add(entity);
            List<Optional<Value>> sortValues = new ArrayList<>();
            for (SortKey key : query.sort()) {
                sortValues.add(Rows.value(
                        rows,
                        Rows.ENTITY_WIDTH + 1 + sortValues.size(),
                        key.property().dataType()));
            }
            last = Optional.of(new Cursor(sortValues, entity.entityId()));
        }
        return new EntityPage(entities, Optional.empty());
    }
}
