package com.atlasco.atlas.server;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.tenant.ApiKey;
import com.atlasco.atlas.postgres.tenant.ApiKeyStore;
import com.atlasco.atlas.postgres.tenant.KeyRing;
import com.atlasco.atlas.postgres.tenant.QuotaChange;
import com.atlasco.atlas.postgres.tenant.Quotas;
import com.atlasco.atlas.postgres.tenant.Scope;
import com.atlasco.atlas.postgres.tenant.SecretKey;
import com.atlasco.atlas.postgres.tenant.Tenant;
import com.atlasco.atlas.postgres.tenant.TenantCatalog;
import com.atlasco.atlas.postgres.tenant.TenantState;
import com.atlasco.atlas.postgres.tenant.TenantStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** What operators do with tenants: this node sees it at once, every other within a second. Thread-safe. */
public final class TenantAdministration {

    private final TenantStore tenants;
    private final ApiKeyStore keys;
    private final TenantCatalog catalog;
    private final KeyRing ring;
    private final RandomGenerator random;

    /** A new key; the secret is told this once. */
    public record CreatedKey(ApiKey key, SecretKey secret) {}

    TenantAdministration(
            TenantStore tenants, ApiKeyStore keys, TenantCatalog catalog, KeyRing ring, RandomGenerator random) {
        this.tenants = tenants;
        this.keys = keys;
        this.catalog = catalog;
        this.ring = ring;
        this.random = random;
    }

    /**
     * Creates a tenant.
     *
     * @throws AtlasException {@code tenant_exists}; {@code tenant_gone} when the id was a tenant's once
     */
    public Tenant create(Optional<TenantId> id, String name, Quotas quotas) {
        TenantId created = tenants.create(id, name, quotas)
                .orElseThrow(() -> taken(id.orElseThrow(() -> new IllegalStateException("the next id was taken"))));
        return find(created);
    }

    /** See {@link TenantStore#page}. */
    public List<Tenant> page(long after, int size) {
        return tenants.page(after, size);
    }

    /**
     * A tenant that is there, be it that it is being deleted.
     *
     * @throws AtlasException {@code tenant_not_found}, {@code tenant_gone}
     */
    public Tenant find(TenantId id) {
        return tenants.find(id).orElseThrow(() -> missing(id));
    }

    /**
     * Begins to delete a tenant; does nothing when that has begun.
     *
     * @throws AtlasException {@code tenant_not_found}, {@code tenant_gone}
     */
    public Tenant delete(TenantId id) {
        tenants.beginDeletion(id);
        catalog.forget(id);
        return find(id);
    }

    /**
     * Changes some of a tenant's quotas.
     *
     * @return all of them as they are now
     *
     * @throws AtlasException {@code tenant_not_found}, {@code tenant_gone}
     */
    public Quotas changeQuotas(TenantId id, QuotaChange change) {
        active(id);
        Quotas quotas = tenants.changeQuotas(id, change);
        catalog.forget(id);
        return quotas;
    }

    /**
     * Creates a key.
     *
     * @throws AtlasException {@code tenant_not_found}, {@code tenant_gone}; {@code quota_exceeded} when the tenant has
     *     {@link ApiKeyStore#MOST_KEYS} of them
     */
    public CreatedKey createKey(TenantId id, String name, Set<Scope> scopes, Optional<Instant> expiresAt) {
        active(id);
        SecretKey secret = SecretKey.create(random);
        ApiKey key = keys.create(id, secret, name, scopes, expiresAt)
                .orElseThrow(() -> Problem.of(
                                ErrorCode.QUOTA_EXCEEDED,
                                "a tenant has at most %d keys".formatted(ApiKeyStore.MOST_KEYS))
                        .hint("Revoke those that are of no more use.")
                        .asException());
        return new CreatedKey(key, secret);
    }

    /**
     * A tenant's keys, the oldest first.
     *
     * @throws AtlasException {@code tenant_not_found}, {@code tenant_gone}
     */
    public List<ApiKey> keys(TenantId id) {
        active(id);
        return keys.list(id);
    }

    /**
     * Revokes a key, once and for all.
     *
     * @throws AtlasException {@code tenant_not_found}, {@code tenant_gone}, {@code key_not_found}
     */
    public void revoke(TenantId id, String keyId) {
        active(id);
        if (!keys.revoke(id, keyId)) {
            throw Problem.of(ErrorCode.KEY_NOT_FOUND, "tenant %s has no key '%s'".formatted(id, keyId))
                    .at("key_id")
                    .hint("GET /api/v1/admin/tenants/%s/keys lists them.".formatted(id))
                    .asException();
        }
        ring.forget(keyId);
    }

    private Tenant active(TenantId id) {
        Tenant tenant = find(id);
        if (tenant.state() != TenantState.ACTIVE) {
            throw Tenants.gone(id);
        }
        return tenant;
    }

    private AtlasException missing(TenantId id) {
        return catalog.find(id).isPresent()
                ? Tenants.gone(id)
                : Problem.of(ErrorCode.TENANT_NOT_FOUND, "there is no tenant " + id)
                        .at("tenant_id")
                        .hint("GET /api/v1/admin/tenants lists them.")
                        .asException();
    }

    private AtlasException taken(TenantId id) {
        return tenants.find(id).isEmpty()
                ? Tenants.gone(id)
                : Problem.of(ErrorCode.TENANT_EXISTS, "there is a tenant %s already".formatted(id))
                        .at("/tenant_id")
                        .hint("Leave tenant_id out to be given a free one.")
                        .asException();
    }
}
