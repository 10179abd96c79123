package com.atlasco.atlas.analytics.duckdb;

import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.query.filter.Folding;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What DuckDB finds filters to be for each entity of a tenant, many filters in one statement. */
public final class DuckDbTruths {

    private DuckDbTruths() {}

    /** A list per entity, in the order of their ids, of each filter's truth; empty is unknown. */
    public static List<List<Optional<Boolean>>> of(Connection connection, TenantId tenant, List<Filter> filters)
            throws SQLException {
        PropertyColumns columns = PropertyColumns.load(connection, tenant.value());
        SqlText sql = new SqlText().append("SELECT ");
        for (int i = 0; i < filters.size(); i++) {
            sql.append(i == 0 ? "" : ", ");
            DuckDbFilter.append(filters.get(i), columns, sql);
        }
        sql.append(" FROM entity WHERE tenant_id = ").value(tenant.value()).append(" ORDER BY entity_id");
        try (PreparedStatement statement = connection.prepareStatement(sql.toString())) {
            sql.bind(statement);
            try (ResultSet rows = statement.executeQuery()) {
                List<List<Optional<Boolean>>> truths = new ArrayList<>();
                while (rows.next()) {
                    List<Optional<Boolean>> row = new ArrayList<>();
                    for (int i = 1; i <= filters.size(); i++) {
                        boolean truth = rows.getBoolean(i);
                        row.add(rows.wasNull() ? Optional.empty() : Optional.of(truth));
                    }
                    truths.add(row);
                }
                return truths;
            }
        }
    }

    /** Texts, folded. */
    public static List<String> folded(Connection connection, Folding folding, List<String> texts) throws SQLException {
        String sql = "SELECT list_transform([s], lambda s: " + DuckDbFolding.sql(folding)
                + ")[1] FROM (SELECT unnest(?::VARCHAR[]) AS s)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, connection.createArrayOf("VARCHAR", texts.toArray()));
            try (ResultSet rows = statement.executeQuery()) {
                List<String> folded = new ArrayList<>();
                while (rows.next()) {
                    folded.add(rows.getString(1));
                }
                return folded;
            }
        }
    }
}
