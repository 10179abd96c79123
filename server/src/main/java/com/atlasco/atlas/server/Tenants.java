package com.atlasco.atlas.server;

import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.Registry;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.TenantDirectory;
import com.atlasco.atlas.postgres.registry.AttributeDefinition;
import com.atlasco.atlas.postgres.registry.AttributeRegistry;
import com.atlasco.atlas.postgres.registry.RegistrationOutcome;

/** The tenants as requests meet them. In development mode a tenant comes into being with its first write. */
public final class Tenants {

    private final AttributeRegistry registry;
    private final TenantDirectory directory;

    Tenants(AttributeRegistry registry, TenantDirectory directory) {
        this.registry = registry;
        this.directory = directory;
    }

    /**
     * The tenant's attribute types.
     *
     * @throws com.atlasco.atlas.model.AtlasException {@code tenant_not_found}
     */
    public Registry registry(TenantId tenant) {
        if (!registry.tenantExists(tenant)) {
            throw Problem.of(ErrorCode.TENANT_NOT_FOUND, "there is no tenant " + tenant)
                    .at("X-Tenant-Id")
                    .hint("A tenant is created by its first write: register an attribute or write an entity.")
                    .asException();
        }
        return registry.snapshot(tenant);
    }

    /** As {@link #registry}, but creates a missing tenant. */
    public Registry registryForWriting(TenantId tenant) {
        createIfMissing(tenant);
        return registry.snapshot(tenant);
    }

    /** Registers or changes an attribute type, and creates a missing tenant. */
    public RegistrationOutcome register(TenantId tenant, AttributeDefinition definition) {
        createIfMissing(tenant);
        return registry.register(tenant, definition);
    }

    private void createIfMissing(TenantId tenant) {
        if (!registry.tenantExists(tenant)) {
            directory.create(tenant, "tenant-" + tenant);
        }
    }
}
