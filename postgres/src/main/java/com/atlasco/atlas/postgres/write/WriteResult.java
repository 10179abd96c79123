package com.atlasco.atlas.postgres.write;

import com.atlasco.atlas.model.Problem;

/** What became of one write. */
public sealed interface WriteResult {

    /** What a write has done, durably. */
    sealed interface Done extends WriteResult {
        long entityId();

        long version();
    }

    /**
     * The entity is stored and durable.
     *
     * @param version the entity's version now; unchanged when the write changed nothing
     */
    record Stored(long entityId, long version, boolean created) implements Done {}

    /**
     * The entity is gone.
     *
     * @param version the last one that it had; an entity of that id, if there ever is one again, begins above it
     */
    record Deleted(long entityId, long version) implements Done {}

    /** A write of that idempotency key took place before; this is its answer, and nothing was done now. */
    record Replayed(Done first) implements WriteResult {}

    /** This write changed nothing; its neighbours are not affected. */
    record Refused(Problem problem) implements WriteResult {}
}
