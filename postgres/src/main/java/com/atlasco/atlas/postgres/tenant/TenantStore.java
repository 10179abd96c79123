package com.atlasco.atlas.postgres.tenant;

import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.Database;
import com.atlasco.atlas.postgres.Session;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The tenants on the primary. Thread-safe. */
public final class TenantStore {

    private static final String CREATE = "SELECT * FROM atlas_create_tenant(?, ?, ?, ?, ?)";

    private static final String PAGE = """
            SELECT tenant_id, name, created_at, max_entities, max_attribute_types, max_writes_per_second,
                   requested_at, phase, entities_done, entities_total, rows_done, rows_total
            FROM atlas_tenant_page(?, ?)""";

    // In one statement, so that of two who change different quotas at once neither undoes the other's.
    private static final String CHANGE_QUOTAS = """
            INSERT INTO tenant_quota AS q (tenant_id, max_entities, max_attribute_types, max_writes_per_second)
            VALUES (?, ?, ?, ?)
            ON CONFLICT (tenant_id) DO UPDATE SET
                max_entities = CASE WHEN ? THEN excluded.max_entities ELSE q.max_entities END,
                max_attribute_types = CASE WHEN ? THEN excluded.max_attribute_types ELSE q.max_attribute_types END,
                max_writes_per_second = CASE WHEN ? THEN excluded.max_writes_per_second ELSE q.max_writes_per_second END
            RETURNING q.max_entities, q.max_attribute_types, q.max_writes_per_second""";

    private final Database primary;

    public TenantStore(Database primary) {
        this.primary = primary;
    }

    /**
     * Creates a tenant.
     *
     * @param id the id to have; the next free one when empty
     * @return the tenant's id; empty when the id is taken, or was once
     */
    public Optional<TenantId> create(Optional<TenantId> id, String name, Quotas quotas) {
        return primary.run(session -> {
            try (PreparedStatement statement = session.prepare(CREATE)) {
                setLong(
                        statement,
                        1,
                        id.map(TenantId::value).map(OptionalLong::of).orElse(OptionalLong.empty()));
                statement.setString(2, name);
                setQuotas(statement, 3, quotas);
                try (ResultSet row = statement.executeQuery()) {
                    return row.next() ? Optional.of(new TenantId(row.getLong(1))) : Optional.empty();
                }
            }
        });
    }

    /** The tenants with an id above {@code after}, in ascending order, at most {@code size} of them; the deleted left out. */
    public List<Tenant> page(long after, int size) {
        return primary.run(session -> {
            List<Tenant> tenants = new ArrayList<>();
            try (PreparedStatement statement = session.prepare(PAGE)) {
                statement.setLong(1, after);
                statement.setInt(2, size);
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        tenants.add(tenant(rows));
                    }
                }
            }
            return tenants;
        });
    }

    /** A tenant that is there, be it that it is being deleted. */
    public Optional<Tenant> find(TenantId id) {
        return page(id.value() - 1, 1).stream()
                .filter(tenant -> tenant.id().equals(id))
                .findFirst();
    }

    /**
     * Changes some of a tenant's quotas; every node keeps to them within a second. The tenant exists.
     *
     * @return all of them as they are now
     */
    public Quotas changeQuotas(TenantId id, QuotaChange change) {
        return primary.write(id, session -> {
                    Quotas changed;
                    try (PreparedStatement statement = session.prepare(CHANGE_QUOTAS)) {
                        statement.setLong(1, id.value());
                        setQuotas(statement, 2, change.ofNone());
                        statement.setBoolean(5, change.maxEntities().isPresent());
                        statement.setBoolean(6, change.maxAttributeTypes().isPresent());
                        statement.setBoolean(7, change.maxWritesPerSecond().isPresent());
                        try (ResultSet row = statement.executeQuery()) {
                            row.next();
                            changed = quotas(row, 1);
                        }
                    }
                    TenancyVersion.bump(session);
                    return changed;
                })
                .result();
    }

    /**
     * Marks a tenant for deletion: every node refuses it within a second, and its rows go in the background.
     *
     * @return false when there is no such tenant, or it is being deleted already
     */
    public boolean beginDeletion(TenantId id) {
        return primary.run(session -> {
            try (PreparedStatement statement = session.prepare("SELECT atlas_begin_tenant_deletion(?)")) {
                statement.setLong(1, id.value());
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    return row.getBoolean(1);
                }
            }
        });
    }

    /** How many entities the tenant has; takes as long as reading that much of an index. */
    public long countEntities(TenantId id) {
        return primary.run(id, session -> {
            try (PreparedStatement statement = session.prepare("SELECT count(*) FROM entity WHERE tenant_id = ?")) {
                statement.setLong(1, id.value());
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    return row.getLong(1);
                }
            }
        });
    }

    private static Tenant tenant(ResultSet row) throws SQLException {
        Optional<Instant> requestedAt =
                Optional.ofNullable(row.getObject(7, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
        Optional<Tenant.Deletion> deletion = requestedAt.isEmpty()
                ? Optional.empty()
                : Optional.of(new Tenant.Deletion(
                        requestedAt.get(),
                        row.getString(8),
                        row.getLong(9),
                        row.getLong(10),
                        row.getLong(11),
                        row.getLong(12)));
        return new Tenant(
                new TenantId(row.getLong(1)),
                row.getString(2),
                row.getObject(3, OffsetDateTime.class).toInstant(),
                quotas(row, 4),
                deletion);
    }

    static Quotas quotas(ResultSet row, int first) throws SQLException {
        return new Quotas(limit(row, first), limit(row, first + 1), limit(row, first + 2));
    }

    private static OptionalLong limit(ResultSet row, int column) throws SQLException {
        long limit = row.getLong(column);
        return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(limit);
    }

    private static void setQuotas(PreparedStatement statement, int first, Quotas quotas) throws SQLException {
        setLong(statement, first, quotas.maxEntities());
        setLong(statement, first + 1, quotas.maxAttributeTypes());
        setLong(statement, first + 2, quotas.maxWritesPerSecond());
    }

    private static void setLong(PreparedStatement statement, int index, OptionalLong value) throws SQLException {
        if (value.isPresent()) {
            statement.setLong(index, value.getAsLong());
        } else {
            statement.setNull(index, Types.BIGINT);
        }
    }

    /** For the SQL of this package that names tenants in an array. */
    static void setTenants(Session session, PreparedStatement statement, int index, List<TenantId> tenants)
            throws SQLException {
        statement.setArray(
                index,
                session.connection()
                        .createArrayOf(
                                "int8", tenants.stream().map(TenantId::value).toArray()));
    }
}
