package com.atlasco.atlas.postgres.check;

import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.Session;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Whose rows the primary holds. Thread-safe. */
public final class CheckedTenants {

    private static final String REGISTERED = "SELECT tenant_id FROM tenant";

    private static final String DELETING = """
            SELECT tenant_id FROM tenant_deletion
            WHERE finished_at IS NULL OR finished_at > now() - interval '10 minutes'""";

    // From one tenant to the next along an index: as many steps as there are tenants, however many rows these have.
    private static final String OWNERS = """
            WITH RECURSIVE owner AS (
                (SELECT tenant_id FROM %1$s WHERE %2$s ORDER BY tenant_id LIMIT 1)
                UNION ALL
                SELECT (SELECT t.tenant_id FROM %1$s t WHERE t.tenant_id > o.tenant_id AND %2$s
                        ORDER BY t.tenant_id LIMIT 1)
                FROM owner o WHERE o.tenant_id IS NOT NULL)
            SELECT tenant_id FROM owner WHERE tenant_id IS NOT NULL""";

    private final CheckedServer primary;

    public CheckedTenants(CheckedServer primary) {
        this.primary = primary;
    }

    /** Those that there are, and those that are gone but have rows left. In ascending order. */
    public Set<TenantId> all() {
        return primary.run(session -> {
            Set<Long> found = new TreeSet<>(ids(session, REGISTERED));
            found.addAll(ids(session, OWNERS.formatted("entity", "true")));
            for (PivotColumn column : PivotColumn.all()) {
                found.addAll(ids(session, OWNERS.formatted("entity_attribute", column.key() + " IS NOT NULL")));
            }
            return found.stream().map(TenantId::new).collect(Collectors.toCollection(LinkedHashSet::new));
        });
    }

    /**
     * Those that are being deleted, or were within the last ten minutes: that happens bit by bit, the pivot before the
     * documents, so tiers rightly differ.
     */
    public Set<TenantId> beingDeleted() {
        return primary.run(session ->
                Set.copyOf(ids(session, DELETING)).stream().map(TenantId::new).collect(Collectors.toSet()));
    }

    /** About how many entities a tenant has; counted up to 100,000. */
    public long estimate(TenantId tenant) {
        return primary.run(session -> {
            try (PreparedStatement statement = session.prepare("SELECT atlas_estimate_rows(?, NULL)")) {
                statement.setLong(1, tenant.value());
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    return row.getLong(1);
                }
            }
        });
    }

    private static List<Long> ids(Session session, String sql) throws SQLException {
        try (PreparedStatement statement = session.prepare(sql)) {
            return CheckedServer.longs(statement);
        }
    }
}
