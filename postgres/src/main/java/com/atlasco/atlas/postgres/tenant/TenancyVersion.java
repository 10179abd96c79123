package com.atlasco.atlas.postgres.tenant;

import com.atlasco.atlas.postgres.Session;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The number that grows with every change of what nodes keep in memory of tenants and keys. */
final class TenancyVersion {

    private TenancyVersion() {}

    static long read(Session session) throws SQLException {
        try (PreparedStatement statement = session.prepare("SELECT version FROM tenancy_version");
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Belongs into the transaction that changes something. */
    static void bump(Session session) throws SQLException {
        try (PreparedStatement statement = session.prepare("UPDATE tenancy_version SET version = version + 1")) {
            statement.executeUpdate();
        }
    }
}
