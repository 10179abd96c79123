package com.atlasco.atlas.postgres.tenant;

import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.Database;
import com.atlasco.atlas.postgres.Session;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * States and quotas of the tenants in use, in memory: asked for once, and again when {@link TenancyWatch} says so.
 * Thread-safe.
 */
public final class TenantCatalog implements TenancyWatch.Refreshed {

    private static final String STATES = """
            SELECT tenant_id, state, max_entities, max_attribute_types, max_writes_per_second
            FROM atlas_tenant_states(?)""";

    private final Database primary;
    private final Cache<TenantId, Standing> standings = Caffeine.newBuilder()
            .maximumSize(100_000)
            .expireAfterAccess(Duration.ofHours(1))
            .build();
    // What was asked for before a refresh began may be older than what the refresh found: it is not kept.
    private final AtomicLong refreshes = new AtomicLong();

    /** What a request needs to know of its tenant. */
    public record Standing(TenantState state, Quotas quotas) {}

    public TenantCatalog(Database primary) {
        this.primary = primary;
    }

    /** From memory when the tenant has been used; one that never was is asked for each time. */
    public Optional<Standing> find(TenantId tenant) {
        Optional<Standing> known = Optional.ofNullable(standings.getIfPresent(tenant));
        return known.isPresent() ? known : load(tenant);
    }

    /** This node sees its own change at once. */
    public void forget(TenantId tenant) {
        refreshes.incrementAndGet();
        standings.invalidate(tenant);
    }

    private Optional<Standing> load(TenantId tenant) {
        long before = refreshes.get();
        Optional<Standing> loaded = Optional.ofNullable(
                primary.run(session -> states(session, List.of(tenant))).get(tenant));
        loaded.ifPresent(standing -> standings.put(tenant, standing));
        if (refreshes.get() != before) {
            standings.invalidate(tenant);
        }
        return loaded;
    }

    @Override
    public void refresh() {
        refreshes.incrementAndGet();
        List<TenantId> tenants = List.copyOf(standings.asMap().keySet());
        if (!tenants.isEmpty()) {
            Map<TenantId, Standing> states = primary.run(session -> states(session, tenants));
            for (TenantId tenant : tenants) {
                Optional.ofNullable(states.get(tenant))
                        .ifPresentOrElse(
                                standing -> standings.asMap().computeIfPresent(tenant, (id, old) -> standing),
                                () -> standings.invalidate(tenant));
            }
        }
    }

    @Override
    public void tick() {}

    private static Map<TenantId, Standing> states(Session session, List<TenantId> tenants) throws SQLException {
        Map<TenantId, Standing> states = new HashMap<>();
        try (PreparedStatement statement = session.prepare(STATES)) {
            TenantStore.setTenants(session, statement, 1, tenants);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    states.put(
                            new TenantId(rows.getLong(1)),
                            new Standing(TenantState.ofWireName(rows.getString(2)), TenantStore.quotas(rows, 3)));
                }
            }
        }
        return states;
    }
}
