package com.atlasco.atlas.postgres.write;

import java.util.Optional;

/**
 * One write as its caller means it.
 *
 * @param condition what must hold of the entity for the write to take place
 * @param idempotencyKey under which the write takes place once, however often it is sent
 */
public record WriteRequest(EntityWrite write, WriteCondition condition, Optional<IdempotencyKey> idempotencyKey) {

    /** A write without a condition and without a key. */
    public static WriteRequest of(EntityWrite write) {
        return new WriteRequest(write, new WriteCondition.Always(), Optional.empty());
    }
}
