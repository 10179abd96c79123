package com.atlasco.atlas.postgres.tenant;

import java.util.OptionalLong;

/**
 * What a tenant may use; empty is no limit.
 *
 * @param maxEntities entities that may exist, from 0
 * @param maxAttributeTypes attribute types that may be registered, from 0
 * @param maxWritesPerSecond entities that one node writes in a second, from 1
 */
public record Quotas(OptionalLong maxEntities, OptionalLong maxAttributeTypes, OptionalLong maxWritesPerSecond) {

    private static final Quotas NONE = new Quotas(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());

    public Quotas {
        requireFrom(0, maxEntities);
        requireFrom(0, maxAttributeTypes);
        requireFrom(1, maxWritesPerSecond);
    }

    public static Quotas none() {
        return NONE;
    }

    private static void requireFrom(long least, OptionalLong limit) {
        if (limit.isPresent() && limit.getAsLong() < least) {
            throw new IllegalArgumentException("a limit is at least %d, not %d".formatted(least, limit.getAsLong()));
        }
    }
}
