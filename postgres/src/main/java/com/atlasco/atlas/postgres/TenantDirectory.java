package com.atlasco.atlas.postgres;

import com.atlasco.atlas.model.TenantId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which tenants there are. Lives on the primary. Thread-safe. */
public final class TenantDirectory {

    private final Database primary;

    public TenantDirectory(Database primary) {
        this.primary = primary;
    }

    /** A tenant as it is listed. */
    public record Tenant(TenantId id, String name, Instant createdAt) {}

    /** Creates a tenant with the next free id. */
    public TenantId create(String name) {
        return primary.run(session -> insert(session, Optional.empty(), name))
                .orElseThrow(() -> new IllegalStateException("the next tenant id was taken"));
    }

    /**
     * Creates a tenant with this id.
     *
     * @return whether it was created; false when the id is taken
     */
    public boolean create(TenantId id, String name) {
        return primary.run(session -> insert(session, Optional.of(id), name)).isPresent();
    }

    /** All tenants in ascending order of id. */
    public List<Tenant> list() {
        return primary.run(session -> {
            List<Tenant> tenants = new ArrayList<>();
            try (PreparedStatement statement =
                            session.prepare("SELECT tenant_id, name, created_at FROM atlas_tenants()");
                    ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    tenants.add(new Tenant(
                            new TenantId(rows.getLong(1)),
                            rows.getString(2),
                            rows.getObject(3, OffsetDateTime.class).toInstant()));
                }
            }
            return tenants;
        });
    }

    private static Optional<TenantId> insert(Session session, Optional<TenantId> id, String name) throws SQLException {
        try (PreparedStatement statement = session.prepare("SELECT * FROM atlas_create_tenant(?, ?)")) {
            if (id.isPresent()) {
                statement.setLong(1, id.get().value());
            } else {
                statement.setNull(1, Types.BIGINT);
            }
            statement.setString(2, name);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(new TenantId(row.getLong(1))) : Optional.empty();
            }
        }
    }
}
