package com.atlasco.atlas.freshness.cache;

/**
 * What a cache has done since it was opened, and what it holds.
 *
 * @param hits reads that it served
 * @param misses reads that it might have served and did not: it had no copy, or not one that met bound and token
 * @param fills copies that it took in
 * @param refusedFills copies that it did not take in, since a change may have passed them
 * @param invalidations copies dropped because the entity was written
 * @param evictions copies dropped for want of room
 * @param entries copies, about
 * @param bytes what they take, about
 * @param maximumBytes what they may take
 */
public record CacheFigures(
        long hits,
        long misses,
        long fills,
        long refusedFills,
        long invalidations,
        long evictions,
        long entries,
        long bytes,
        long maximumBytes) {}
