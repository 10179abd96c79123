package com.atlasco.atlas.server;

import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.Registry;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.TenantDirectory;
import com.atlasco.atlas.postgres.registry.AttributeDefinition;
import com.atlasco.atlas.postgres.registry.AttributeRegistry;
import com.atlasco.atlas.postgres.registry.AttributeStatus;
import com.atlasco.atlas.postgres.registry.RegistrationOutcome;
import java.util.List;

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

    /** As {@link #registry}, but a tenant that has yet to write its first has no attribute types. */
    public Registry registryOrEmpty(TenantId tenant) {
        return registry.tenantExists(tenant) ? registry.snapshot(tenant) : Registry.empty();
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
        if (!registry.tenantExists(tenant)) {
            directory.create(tenant, "tenant-" + tenant);
        }
    }
}
