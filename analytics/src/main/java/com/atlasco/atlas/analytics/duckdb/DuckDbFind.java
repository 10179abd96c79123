package com.atlasco.atlas.analytics.duckdb;

import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.query.Cursor;
import com.atlasco.atlas.query.EntityPage;
import com.atlasco.atlas.query.EntityQuery;
import com.atlasco.atlas.query.SortKey;
import com.atlasco.atlas.query.filter.Property;
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

    DuckDbFind(TenantId tenant, EntityQuery query, PropertyColumns columns) {
        this.tenant = tenant;
        this.query = query;
        this.columns = columns;
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
        query.sort().ifPresent(sort -> {
            Property property = sort.property();
            sql.append(", " + PropertyColumns.readable(columns.expression(property), property.dataType()));
        });
        sql.append(" FROM entity WHERE tenant_id = ").parameter(tenant.value()).append(" AND ");
        DuckDbFilter.append(query.filter(), columns, sql);
        query.after().ifPresent(cursor -> appendAfter(sql, cursor));
        query.sort()
                .ifPresentOrElse(
                        sort -> {
                            String direction = sort.descending() ? " DESC" : " ASC";
                            sql.append(" ORDER BY " + columns.expression(sort.property()) + direction
                                    + " NULLS LAST, entity_id" + direction);
                        },
                        () -> sql.append(" ORDER BY entity_id"));
        return sql.append(" LIMIT " + (query.limit() + 1));
    }

    private void appendAfter(SqlText sql, Cursor cursor) {
        if (query.sort().isEmpty()) {
            sql.append(" AND entity_id > ").parameter(cursor.entityId());
            return;
        }
        SortKey sort = query.sort().get();
        String value = columns.expression(sort.property());
        String beyond = sort.descending() ? " < " : " > ";
        if (cursor.sortValue().isEmpty()) {
            sql.append(" AND " + value + " IS NULL AND entity_id" + beyond).parameter(cursor.entityId());
            return;
        }
        Value last = cursor.sortValue().get();
        sql.append(" AND (" + value + beyond)
                .parameter(last)
                .append(" OR " + value + " IS NULL OR (" + value + " = ")
                .parameter(last)
                .append(" AND entity_id" + beyond)
                .parameter(cursor.entityId())
                .append("))");
    }

    private EntityPage read(ResultSet rows) throws SQLException {
        List<Entity> entities = new ArrayList<>();
        Optional<Cursor> last = Optional.empty();
        Optional<DataType> sortType = query.sort().map(sort -> sort.property().dataType());
        while (rows.next()) {
            if (entities.size() == query.limit()) {
                return new EntityPage(entities, last);
            }
            Entity entity = Rows.entity(rows);
            entities.add(entity);
            Optional<Value> sortValue =
                    sortType.isPresent() ? Rows.value(rows, Rows.ENTITY_WIDTH + 1, sortType.get()) : Optional.empty();
            last = Optional.of(new Cursor(sortValue, entity.entityId()));
        }
        return new EntityPage(entities, Optional.empty());
    }
}
