package com.atlasco.atlas.postgres.registry;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.Registry;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.Database;
import com.atlasco.atlas.postgres.Session;
import com.atlasco.atlas.postgres.tenant.AttributeTypeQuota;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The attribute types of every tenant: registered on the primary, read from memory. A node sees its own changes at
 * once and those of others after {@link #POLL_INTERVAL}: one query a poll asks for the versions of all tenants in
 * memory, and only a changed registry is read again. While the primary is away the copies stay as they are.
 * Thread-safe.
 */
public final class AttributeRegistry implements AutoCloseable {

    /** How often the primary is asked for changes. */
    public static final Duration POLL_INTERVAL = Duration.ofMillis(500);

    private static final Logger LOG = LoggerFactory.getLogger(AttributeRegistry.class);

    private final Database primary;
    private final Cache<TenantId, VersionedRegistry> registries =
            Caffeine.newBuilder().expireAfterAccess(Duration.ofHours(1)).build();
    private final ScheduledExecutorService poller;

    private AttributeRegistry(Database primary, ScheduledExecutorService poller) {
        this.primary = primary;
        this.poller = poller;
    }

    /** A registry that polls the primary until it is closed; it does not close the database. */
    public static AttributeRegistry open(Database primary) {
        ScheduledExecutorService poller = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("atlas-registry").factory());
        AttributeRegistry registry = new AttributeRegistry(primary, poller);
        long period = POLL_INTERVAL.toMillis();
        var _ = poller.scheduleWithFixedDelay(registry::poll, period, period, TimeUnit.MILLISECONDS);
        return registry;
    }

    /**
     * The tenant's attribute types, from memory but for the tenant's first use.
     *
     * @throws AtlasException {@code tenant_not_found}
     */
    public Registry snapshot(TenantId tenant) {
        return current(tenant).orElseThrow(() -> tenantNotFound(tenant)).registry();
    }

    /** From memory when the tenant has been used; a tenant that is missing is asked for each time. */
    public boolean tenantExists(TenantId tenant) {
        return current(tenant).isPresent();
    }

    /**
     * Creates an attribute, or alters the one of that name. When {@code filterable} changes, the pivot is filled or
     * emptied in the same transaction, while this tenant's writers wait.
     *
     * @throws AtlasException {@code invalid_name}; {@code attribute_conflict} when it exists with another data type;
     *     {@code tenant_not_found}; {@code source_unavailable}
     */
    public RegistrationOutcome register(TenantId tenant, AttributeDefinition definition) {
        AttributeNames.check(definition.name());
        return primary.transaction(tenant, session -> change(session, tenant, definition), (session, change) -> {
            Position position = session.flushedPosition();
            change.version().ifPresent(version -> remember(tenant, version, change.type()));
            return new RegistrationOutcome(change.type(), change.created(), position);
        });
    }

    /**
     * The first statement of a writer's transaction: until it ends no attribute of the tenant becomes filterable or stops
     * being so, and the answer says truly which are.
     *
     * @throws AtlasException {@code tenant_not_found}
     */
    public Registry beginWrite(Session session, TenantId tenant) throws SQLException {
        long version = RegistryTable.beginWrite(session, tenant).orElseThrow(() -> tenantNotFound(tenant));
        Optional<VersionedRegistry> known = Optional.ofNullable(registries.getIfPresent(tenant));
        if (known.isPresent() && known.get().version() == version) {
            return known.get().registry();
        }
        VersionedRegistry loaded = RegistryTable.load(session, tenant).orElseThrow(() -> tenantNotFound(tenant));
        keepNewest(tenant, loaded);
        return loaded.registry();
    }

    /** What a registration did; without a version it changed nothing. */
    private record Change(AttributeType type, boolean created, Optional<Long> version) {}

    private static Change change(Session session, TenantId tenant, AttributeDefinition definition) throws SQLException {
        Optional<AttributeType> seen = RegistryTable.find(session, tenant, definition.name());
        if (seen.isPresent() && isAs(seen.get(), definition)) {
            return new Change(seen.get(), false, Optional.empty());
        }
        if (!RegistryTable.lock(session, tenant)) {
            throw tenantNotFound(tenant);
        }
        // Again: another node may have been faster, and now none can be.
        Optional<AttributeType> existing = RegistryTable.find(session, tenant, definition.name());
        if (existing.isEmpty()) {
            AttributeTypeQuota.requireRoom(session, tenant);
            AttributeType type = RegistryTable.insert(session, tenant, definition);
            return new Change(type, true, Optional.of(RegistryTable.bump(session, tenant)));
        }
        AttributeType old = existing.get();
        if (old.dataType() != definition.dataType()) {
            throw conflict(old, definition);
        }
        if (isAs(old, definition)) {
            return new Change(old, false, Optional.empty());
        }
        AttributeType type = RegistryTable.update(session, tenant, old.attributeId(), definition);
        if (old.filterable() != type.filterable()) {
            // Reading every document may take longer than a statement is otherwise given.
            session.connection().setNetworkTimeout(Runnable::run, 0);
            RegistryTable.changeFilterable(session, tenant, type);
        }
        return new Change(type, false, Optional.of(RegistryTable.bump(session, tenant)));
    }

    private static boolean isAs(AttributeType type, AttributeDefinition definition) {
        return new AttributeDefinition(
                        type.name(), type.dataType(), type.filterable(), type.hot(), type.unit(), type.description())
                .equals(definition);
    }

    private void remember(TenantId tenant, long version, AttributeType type) {
        registries
                .asMap()
                .computeIfPresent(
                        tenant,
                        (key, known) ->
                                // Where a change lies between, the next poll reads them all.
                                known.version() == version - 1 ? known.with(version, type) : known);
        if (snapshot(tenant).find(type.attributeId()).filter(type::equals).isEmpty()) {
            registries.invalidate(tenant);
        }
    }

    private Optional<VersionedRegistry> current(TenantId tenant) {
        Optional<VersionedRegistry> known = Optional.ofNullable(registries.getIfPresent(tenant));
        return known.isPresent() ? known : load(tenant);
    }

    private Optional<VersionedRegistry> load(TenantId tenant) {
        Optional<VersionedRegistry> loaded = primary.run(tenant, session -> RegistryTable.load(session, tenant));
        return loaded.map(registry -> keepNewest(tenant, registry));
    }

    private VersionedRegistry keepNewest(TenantId tenant, VersionedRegistry loaded) {
        return registries.asMap().merge(tenant, loaded, VersionedRegistry::newer);
    }

    private void poll() {
        try {
            Set<TenantId> tenants = Set.copyOf(registries.asMap().keySet());
            if (tenants.isEmpty()) {
                return;
            }
            Map<TenantId, Long> versions =
                    primary.run(session -> RegistryTable.versions(session, List.copyOf(tenants)));
            for (TenantId tenant : tenants) {
                // Quietly: being polled is no use, and a tenant without use leaves the memory.
                Optional<VersionedRegistry> known =
                        Optional.ofNullable(registries.policy().getIfPresentQuietly(tenant));
                Optional<Long> version = Optional.ofNullable(versions.get(tenant));
                if (version.isEmpty()) {
                    registries.invalidate(tenant);
                } else if (known.isPresent() && known.get().version() != version.get()) {
                    load(tenant);
                }
            }
        } catch (RuntimeException failure) {
            // The schedule goes on: the next poll finds out what this one could not.
            LOG.warn("attribute types could not be refreshed: {}", failure.getMessage());
        }
    }

    private static AtlasException conflict(AttributeType existing, AttributeDefinition definition) {
        return Problem.of(
                        ErrorCode.ATTRIBUTE_CONFLICT,
                        "attribute '%s' is of type %s and cannot become %s"
                                .formatted(
                                        existing.name(),
                                        existing.dataType().wireName(),
                                        definition.dataType().wireName()))
                .at("/data_type")
                .hint("A data type never changes. Register a new attribute, such as '%s_%s'."
                        .formatted(existing.name(), definition.dataType().wireName()))
                .asException();
    }

    private static AtlasException tenantNotFound(TenantId tenant) {
        return Problem.of(ErrorCode.TENANT_NOT_FOUND, "there is no tenant " + tenant)
                .hint("Create the tenant first, or check the tenant's id.")
                .asException();
    }

    @Override
    public void close() {
        poller.shutdownNow();
    }
}
