package com.atlasco.atlas.postgres.check;

/**
 * What is compared of a row before anything else.
 *
 * @param hash of all of the row, by PostgreSQL: the same on every server of one system
 */
public record Fingerprint(long entityId, long version, long hash) {}
