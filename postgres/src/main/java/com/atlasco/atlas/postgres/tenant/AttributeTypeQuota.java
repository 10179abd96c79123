package com.atlasco.atlas.postgres.tenant;

import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.Session;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The limit on attribute types: exact, since it is asked for under the registry's lock, when one is to be added. */
public final class AttributeTypeQuota {

    private static final String USE = """
            SELECT q.max_attribute_types,
                   (SELECT count(*) FROM attr_type a WHERE a.tenant_id = q.tenant_id)
            FROM tenant_quota q WHERE q.tenant_id = ? AND q.max_attribute_types IS NOT NULL""";

    private AttributeTypeQuota() {}

    /**
     * To be called in the transaction that adds an attribute type, after the registry's lock and before the insert.
     *
     * @throws com.atlasco.atlas.model.AtlasException {@code quota_exceeded}
     */
    public static void requireRoom(Session session, TenantId tenant, int added) throws SQLException {
        if (added == 0) {
            return;
        }
        try (PreparedStatement statement = session.prepare(USE)) {
            statement.setLong(1, tenant.value());
            try (ResultSet row = statement.executeQuery()) {
                if (row.next() && row.getLong(2) + added > row.getLong(1)) {
                    throw Problem.of(
                                    ErrorCode.QUOTA_EXCEEDED,
                                    "the tenant has %d attribute types, is to get %d, and may have %d (max_attribute_types)"
                                            .formatted(row.getLong(2), added, row.getLong(1)))
                            .at("max_attribute_types")
                            .hint("Use an attribute that is registered, or ask the operator for a higher limit.")
                            .asException();
                }
            }
        }
    }
}
