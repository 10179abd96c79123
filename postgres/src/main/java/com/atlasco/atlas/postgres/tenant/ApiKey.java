package com.atlasco.atlas.postgres.tenant;

import com.atlasco.atlas.model.TenantId;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * A key as it is listed: everything but its secret, which is nowhere.
 *
 * @param lastUsedAt right to about a minute
 */
public record ApiKey(
        String keyId,
        TenantId tenant,
        String name,
        Set<Scope> scopes,
        Instant createdAt,
        Optional<Instant> expiresAt,
        Optional<Instant> lastUsedAt,
        Optional<Instant> revokedAt) {

    public ApiKey {
        scopes = Set.copyOf(scopes);
    }
}
