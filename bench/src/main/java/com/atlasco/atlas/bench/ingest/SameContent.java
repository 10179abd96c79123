package com.atlasco.atlas.bench.ingest;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Looks whether Atlas and the hand-written limit have stored the same: a comparison would be worth nothing else. */
final class SameContent {

    private static final String ENTITIES = """
            SELECT count(*) || md5(string_agg(
                format('%s %s %s %s %s', entity_id, entity_type, version, document, changed_attributes),
                '|' ORDER BY entity_id))
            FROM entity WHERE tenant_id = ? AND entity_id <= ?""";
    private static final String PIVOT = """
            SELECT count(*) || md5(string_agg(
                format('%s %s %s %s %s %s', attribute_id, entity_id, value_number, value_text, value_ts, value_bool),
                '|' ORDER BY attribute_id, entity_id))
            FROM entity_attribute WHERE tenant_id = ? AND entity_id <= ?""";

    private SameContent() {}

    /** Compares the first transaction's entities, which all have written. */
    static boolean holds(Field field) throws SQLException {
        long tenant = field.tenantOf(1).id();
        try (Connection atlas = field.cluster().connect();
                Connection copy = field.cluster().connect(PeerDatabase.LIMIT_COPY.database());
                Connection unnest = field.cluster().connect(PeerDatabase.LIMIT_UNNEST.database())) {
            String stored = digest(atlas, tenant);
            return stored.equals(digest(copy, tenant)) && stored.equals(digest(unnest, tenant));
        }
    }

    private static String digest(Connection connection, long tenant) throws SQLException {
        return digest(connection, ENTITIES, tenant) + digest(connection, PIVOT, tenant);
    }

    private static String digest(Connection connection, String sql, long tenant) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, tenant);
            statement.setLong(2, Field.TRANSACTION);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }
}
