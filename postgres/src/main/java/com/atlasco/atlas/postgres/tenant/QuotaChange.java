package com.atlasco.atlas.postgres.tenant;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What some of a tenant's quotas are to be; empty leaves one as it is, an empty limit takes it away.
 *
 * @param maxEntities see {@link Quotas#maxEntities}
 * @param maxAttributeTypes see {@link Quotas#maxAttributeTypes}
 * @param maxWritesPerSecond see {@link Quotas#maxWritesPerSecond}
 */
public record QuotaChange(
        Optional<OptionalLong> maxEntities,
        Optional<OptionalLong> maxAttributeTypes,
        Optional<OptionalLong> maxWritesPerSecond) {

    /** Makes all of them these. */
    public static QuotaChange to(Quotas quotas) {
        return new QuotaChange(
                Optional.of(quotas.maxEntities()),
                Optional.of(quotas.maxAttributeTypes()),
                Optional.of(quotas.maxWritesPerSecond()));
    }

    /** What it makes of no quotas at all. */
    public Quotas ofNone() {
        return new Quotas(
                maxEntities.orElse(OptionalLong.empty()),
                maxAttributeTypes.orElse(OptionalLong.empty()),
                maxWritesPerSecond.orElse(OptionalLong.empty()));
    }
}
