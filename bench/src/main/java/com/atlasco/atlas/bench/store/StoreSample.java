package com.atlasco.atlas.bench.store;

/**
 * The store as it was at a moment of a run.
 *
 * @param seconds since the updates began
 * @param updates applied since the sample before
 * @param perSecond updates a second since the sample before
 * @param applyMedianMillis of the batches since then
 * @param applyMaxMillis of the batches since then
 * @param queryMillis a distribution over all entities; the least of three
 * @param fileBytes the database file
 * @param logBytes its write-ahead log
 * @param residentBytes what the process takes of memory, the Java heap included; 0 where that is not known
 */
record StoreSample(
        double seconds,
        long updates,
        double perSecond,
        double applyMedianMillis,
        double applyMaxMillis,
        double queryMillis,
        long fileBytes,
        long logBytes,
        long residentBytes) {}
