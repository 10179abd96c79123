package com.atlasco.atlas.postgres.write;

/**
 * What every write keeps to.
 *
 * @param maxEntityBytes what an entity may take at most, in bytes of its encoded document; positive
 */
public record WriteSettings(int maxEntityBytes) {

    /** 1 MiB. */
    public static final int DEFAULT_MAX_ENTITY_BYTES = 1 << 20;

    public WriteSettings {
        if (maxEntityBytes <= 0) {
            throw new IllegalArgumentException("an entity's size limit is positive, not " + maxEntityBytes);
        }
    }

    public static WriteSettings defaults() {
        return new WriteSettings(DEFAULT_MAX_ENTITY_BYTES);
    }
}
