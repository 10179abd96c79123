package com.atlasco.atlas.postgres.registry;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.Registry;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.Database;
import com.atlasco.atlas.postgres.Session;
import com.atlasco.atlas.postgres.StatementChain;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The attribute types of every tenant: registered on the primary, read from memory. A node sees its own changes at
 * once and those of others after {@link #POLL_INTERVAL}: one query a poll asks for the versions of all tenants in
 * memory, and of a changed registry only what is new is read. While the primary is away the copies stay as they are.
 * Thread-safe.
 */
public final class AttributeRegistry implements AutoCloseable {

    /** How often the primary is asked for changes. */
    public static final Duration POLL_INTERVAL = Duration.ofMillis(500);

    /** The most attributes that can be registered in one call. */
    public static final int MAX_REGISTRATIONS = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(AttributeRegistry.class);

    /** Of all tenants together: about 400 bytes each. */
    private static final long MAX_TYPES_IN_MEMORY = 2_000_000;

    private static final long MAX_MISSING_TENANTS = 10_000;

    private final Database primary;
    private final Database changes;
    private final Cache<TenantId, VersionedRegistry> registries = Caffeine.newBuilder()
            .expireAfterAccess(Duration.ofHours(1))
            .maximumWeight(MAX_TYPES_IN_MEMORY)
            .weigher((TenantId tenant, VersionedRegistry known) ->
                    1 + known.registry().size())
            .build();
    // Asking for tenants that are not there costs the primary at most one query per tenant and interval.
    private final Cache<TenantId, Boolean> missing = Caffeine.newBuilder()
            .expireAfterWrite(POLL_INTERVAL)
            .maximumSize(MAX_MISSING_TENANTS)
            .build();
    private final ScheduledExecutorService poller;

    private AttributeRegistry(Database primary, Database changes, ScheduledExecutorService poller) {
        this.primary = primary;
        this.changes = changes;
        this.poller = poller;
    }

    /** A registry that polls the primary until it is closed; it does not close the database. */
    public static AttributeRegistry open(Database primary) {
        return open(primary, primary);
    }

    /**
     * As {@link #open(Database)}.
     *
     * @param changes the primary, with a deadline for changes: one of thousands of attributes takes seconds, and one of
     *     {@code filterable} waits for the tenant's writers
     */
    public static AttributeRegistry open(Database primary, Database changes) {
        ScheduledExecutorService poller = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("atlas-registry").factory());
        AttributeRegistry registry = new AttributeRegistry(primary, changes, poller);
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

    /** From memory; a tenant that is missing is asked for again after {@link #POLL_INTERVAL}. */
    public boolean tenantExists(TenantId tenant) {
        return current(tenant).isPresent();
    }

    /**
     * Creates an attribute, or alters the one of that name. When {@code filterable} changes, the pivot follows in the
     * background: see {@link com.atlasco.atlas.model.PivotState}.
     *
     * @throws AtlasException {@code invalid_name}; {@code attribute_conflict} when it exists with another data type;
     *     {@code attribute_retired}; {@code tenant_not_found}; {@code source_unavailable}
     */
    public RegistrationOutcome register(TenantId tenant, AttributeDefinition definition) {
        AttributeNames.check(definition.name(), "/name");
        return change(tenant, change -> change.register(List.of(definition))).getFirst();
    }

    /**
     * As {@link #register}, for up to {@link #MAX_REGISTRATIONS} attributes in one transaction: all are registered or
     * none.
     *
     * @return one for each, in their order
     */
    public List<RegistrationOutcome> registerAll(TenantId tenant, List<AttributeDefinition> definitions) {
        if (definitions.isEmpty() || definitions.size() > MAX_REGISTRATIONS) {
            throw Problem.of(
                            ErrorCode.INVALID_REQUEST,
                            "1 to %,d attributes are registered at a time, not %,d"
                                    .formatted(MAX_REGISTRATIONS, definitions.size()))
                    .at("/attributes")
                    .hint("Send them in several requests.")
                    .asException();
        }
        for (int i = 0; i < definitions.size(); i++) {
            AttributeNames.check(definitions.get(i).name(), "/attributes/%d/name".formatted(i));
        }
        AttributeChange.requireDistinct(definitions);
        try {
            return change(tenant, change -> change.register(definitions));
        } catch (AtlasException refused) {
            // What is wrong with one names it; its place within that one would mislead here.
            throw refused.problem().place().isPresent()
                    ? refused.problem().at("/attributes").asException(refused)
                    : refused;
        }
    }

    /**
     * Gives an attribute another name; its id, its values and its index stay.
     *
     * @throws AtlasException {@code attribute_not_found}; {@code attribute_conflict} when the new name is taken; {@code
     *     invalid_name}; {@code tenant_not_found}
     */
    public RegistrationOutcome rename(TenantId tenant, String name, String newName) {
        requirePossible(name);
        AttributeNames.check(newName, "/name");
        return change(tenant, change -> change.rename(name, newName)).getFirst();
    }

    /**
     * Takes an attribute out of use: nothing writes it any more, no filter may name it, and its rows in the pivot are
     * removed in the background. Its name stays taken; values in documents stay until the documents are rewritten.
     *
     * @throws AtlasException {@code attribute_not_found}; {@code tenant_not_found}
     */
    public RegistrationOutcome retire(TenantId tenant, String name) {
        requirePossible(name);
        return change(tenant, change -> change.setRetired(name, true)).getFirst();
    }

    /** Brings a retired attribute back, as it was; errors as for {@link #retire}. */
    public RegistrationOutcome restore(TenantId tenant, String name) {
        requirePossible(name);
        return change(tenant, change -> change.setRetired(name, false)).getFirst();
    }

    /**
     * An attribute, and how far the background has come with it.
     *
     * @throws AtlasException {@code attribute_not_found}; {@code tenant_not_found}
     */
    public AttributeStatus status(TenantId tenant, String name) {
        var known = snapshot(tenant).find(name).orElseThrow(() -> notFound(name));
        if (!known.pivotState().underWay()) {
            return new AttributeStatus(known, Optional.empty());
        }
        return primary.run(tenant, session -> {
            var type = RegistryTable.find(session, tenant, known.attributeId()).orElseThrow(() -> notFound(name));
            return new AttributeStatus(
                    type,
                    type.pivotState().underWay()
                            ? PivotJobTable.progress(session, tenant, type.attributeId())
                            : Optional.empty());
        });
    }

    /** The attribute types as this node knows them, if it does; from memory. */
    public Optional<Registry> known(TenantId tenant) {
        return Optional.ofNullable(registries.getIfPresent(tenant)).map(VersionedRegistry::registry);
    }

    /**
     * Adds a writer's first statement to a chain: until the transaction ends the writers of no attribute of the tenant are
     * asked to begin or to cease to keep the pivot.
     *
     * @return says truly which attributes there are, once the chain has run
     */
    public WriteTicket beginWrite(StatementChain chain, TenantId tenant) {
        WriteTicket ticket = new WriteTicket(tenant);
        RegistryTable.beginWrite(chain, tenant, version -> ticket.version = version);
        return ticket;
    }

    /** What a writer learns of the registry. For one transaction. */
    public final class WriteTicket {

        private final TenantId tenant;
        private OptionalLong version = OptionalLong.empty();

        private WriteTicket(TenantId tenant) {
            this.tenant = tenant;
        }

        /**
         * The attribute types as they are for this transaction; from memory unless they have just changed.
         *
         * @throws AtlasException {@code tenant_not_found}
         */
        public Registry registry(Session session) throws SQLException {
            long current = version.orElseThrow(() -> tenantNotFound(tenant));
            Optional<VersionedRegistry> known = Optional.ofNullable(registries.getIfPresent(tenant));
            if (known.isPresent() && known.get().version() == current) {
                return known.get().registry();
            }
            VersionedRegistry loaded = RegistryTable.load(
                            session, tenant, known.filter(older -> older.version() < current))
                    .orElseThrow(() -> tenantNotFound(tenant));
            missing.invalidate(tenant);
            keepNewest(tenant, loaded);
            return loaded.registry();
        }
    }

    /** No attribute has a name that PostgreSQL cannot hold, and it is not to be asked for one. */
    private static void requirePossible(String name) {
        if (!AttributeNames.isPossible(name)) {
            throw notFound(name);
        }
    }

    /** Moves an attribute on whose background job has done all its rows. */
    void finish(PivotJobTable.Job job) {
        var _ = change(job.tenant(), change -> change.finish(job));
    }

    /** What is done with a tenant's registry in a transaction. */
    @FunctionalInterface
    private interface Work {
        AttributeChange.Outcome run(AttributeChange change) throws SQLException;
    }

    private List<RegistrationOutcome> change(TenantId tenant, Work work) {
        Database.Committed<AttributeChange.Outcome> committed =
                changes.write(tenant, session -> work.run(new AttributeChange(session, tenant)));
        AttributeChange.Outcome outcome = committed.result();
        // Not before its connection is given back: this may need one itself.
        outcome.version().ifPresent(version -> remember(tenant, version, outcome));
        return outcome.types().stream()
                .map(type ->
                        new RegistrationOutcome(type, outcome.created().contains(type.name()), committed.position()))
                .toList();
    }

    private void remember(TenantId tenant, long version, AttributeChange.Outcome outcome) {
        missing.invalidate(tenant);
        Optional<VersionedRegistry> known = Optional.ofNullable(registries
                .asMap()
                .computeIfPresent(
                        tenant,
                        (key, before) ->
                                before.version() == version - 1 ? before.with(version, outcome.changed()) : before));
        // Where a change of another node lies between, or the tenant was not in memory.
        if (known.filter(newest -> newest.version() >= version).isEmpty()) {
            try {
                refresh(tenant, known);
            } catch (RuntimeException failure) {
                // The change is durable whatever becomes of the copy; the next poll or use reads it.
                LOG.warn("the attribute types of tenant {} could not be read anew: {}", tenant, failure.getMessage());
            }
        }
    }

    private Optional<VersionedRegistry> current(TenantId tenant) {
        Optional<VersionedRegistry> known = Optional.ofNullable(registries.getIfPresent(tenant));
        if (known.isPresent() || missing.getIfPresent(tenant) != null) {
            return known;
        }
        return refresh(tenant, Optional.empty());
    }

    private Optional<VersionedRegistry> refresh(TenantId tenant, Optional<VersionedRegistry> known) {
        Optional<VersionedRegistry> loaded = primary.run(tenant, session -> RegistryTable.load(session, tenant, known));
        if (loaded.isEmpty()) {
            missing.put(tenant, true);
        }
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
                if (version.isEmpty()
                        || known.filter(copy -> copy.version() > version.get()).isPresent()) {
                    // Gone, or gone back to an older state; or changed here since the poll asked, and read anew in
                    // vain.
                    registries.invalidate(tenant);
                } else if (known.filter(copy -> copy.version() < version.get()).isPresent()) {
                    refresh(tenant, known);
                }
            }
        } catch (RuntimeException failure) {
            // The schedule goes on: the next poll finds out what this one could not.
            LOG.warn("attribute types could not be refreshed: {}", failure.getMessage());
        }
    }

    static AtlasException notFound(String name) {
        return Problem.of(ErrorCode.ATTRIBUTE_NOT_FOUND, "there is no attribute '%s'".formatted(name))
                .at("name")
                .hint("GET /api/v1/attributes lists them.")
                .asException();
    }

    static AtlasException tenantNotFound(TenantId tenant) {
        return Problem.of(ErrorCode.TENANT_NOT_FOUND, "there is no tenant " + tenant)
                .hint("Create the tenant first, or check the tenant's id.")
                .asException();
    }

    @Override
    public void close() {
        poller.shutdownNow();
    }
}
