package com.atlasco.atlas.server;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.Registry;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.TenantDirectory;
import com.atlasco.atlas.postgres.registry.AttributeDefinition;
import com.atlasco.atlas.postgres.registry.AttributeRegistry;
import com.atlasco.atlas.postgres.registry.AttributeStatus;
import com.atlasco.atlas.postgres.registry.RegistrationOutcome;
import com.atlasco.atlas.postgres.tenant.TenantCatalog;
import com.atlasco.atlas.postgres.tenant.TenantState;
import java.util.List;

/**
 * The tenants as requests meet them. In development mode a tenant comes into being with its first write. One that is
 * being deleted, or has been, is refused whatever is asked of it. Thread-safe.
 */
public final class Tenants {

    private final AttributeRegistry registry;
    private final TenantDirectory directory;
    private final TenantCatalog catalog;
    private final boolean createdByFirstWrite;

    Tenants(AttributeRegistry registry, TenantDirectory directory, TenantCatalog catalog, boolean createdByFirstWrite) {
        this.registry = registry;
        this.directory = directory;
        this.catalog = catalog;
        this.createdByFirstWrite = createdByFirstWrite;
    }

    /**
     * The tenant's attribute types.
     *
     * @throws AtlasException {@code tenant_not_found}, {@code tenant_gone}
     */
    public Registry registry(TenantId tenant) {
        if (!exists(tenant)) {
            throw notFound(tenant);
        }
        return registry.snapshot(tenant);
    }

    /** As {@link #registry}, but a tenant that has yet to write its first has no attribute types. */
    public Registry registryOrEmpty(TenantId tenant) {
        if (exists(tenant)) {
            return registry.snapshot(tenant);
        }
        if (!createdByFirstWrite) {
            throw notFound(tenant);
        }
        return Registry.empty();
    }

    /** Registers or changes an attribute type, and creates a missing tenant. */
    public RegistrationOutcome register(TenantId tenant, AttributeDefinition definition) {
        createIfMissing(tenant);
        return registry.register(tenant, definition);
    }

    /** As {@link #register}, for many at a time: all or none. */
    public List<RegistrationOutcome> registerAll(TenantId tenant, List<AttributeDefinition> definitions) {
        createIfMissing(tenant);
        return registry.registerAll(tenant, definitions);
    }

    /** Gives an attribute another name. See {@link AttributeRegistry#rename}. */
    public RegistrationOutcome rename(TenantId tenant, String name, String newName) {
        registry(tenant);
        return registry.rename(tenant, name, newName);
    }

    /** Takes an attribute out of use. See {@link AttributeRegistry#retire}. */
    public RegistrationOutcome retire(TenantId tenant, String name) {
        registry(tenant);
        return registry.retire(tenant, name);
    }

    /** Brings a retired attribute back. See {@link AttributeRegistry#restore}. */
    public RegistrationOutcome restore(TenantId tenant, String name) {
        registry(tenant);
        return registry.restore(tenant, name);
    }

    /** An attribute that is registered, and how far its index has come. See {@link AttributeRegistry#status}. */
    public AttributeStatus attribute(TenantId tenant, String name) {
        registry(tenant);
        return registry.status(tenant, name);
    }

    /** To be called just before a write that has been checked. */
    public void createIfMissing(TenantId tenant) {
        if (!exists(tenant)) {
            if (!createdByFirstWrite) {
                throw notFound(tenant);
            }
            directory.create(tenant, "tenant-" + tenant);
        }
    }

    private boolean exists(TenantId tenant) {
        if (catalog.find(tenant)
                .filter(standing -> standing.state() != TenantState.ACTIVE)
                .isPresent()) {
            throw gone(tenant);
        }
        return registry.tenantExists(tenant);
    }

    /** What is said of a tenant that is being deleted, or has been. */
    public static AtlasException gone(TenantId tenant) {
        return Problem.of(ErrorCode.TENANT_GONE, "tenant %s is deleted".formatted(tenant))
                .at("tenant")
                .hint("Its id is not given out again: create another tenant.")
                .asException();
    }

    private AtlasException notFound(TenantId tenant) {
        return Problem.of(ErrorCode.TENANT_NOT_FOUND, "there is no tenant " + tenant)
                .at("X-Tenant-Id")
                .hint(
                        createdByFirstWrite
                                ? "A tenant is created by its first write: register an attribute or write an entity."
                                : "The operator creates tenants: POST /api/v1/admin/tenants.")
                .asException();
    }
}
