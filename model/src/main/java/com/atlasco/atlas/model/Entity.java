package com.atlasco.atlas.model;

import java.time.Instant;

/**
 * A thing with attributes.
 *
 * @param entityId positive; unique in its tenant
 * @param entityType 1 to 200 code points
 * @param version 1 for the first state, greater by one with each change; a deleted and created entity goes on above
 * @param updatedAt the commit's transaction time on the primary, with microseconds
 */
public record Entity(long entityId, String entityType, long version, Document document, Instant updatedAt) {}
