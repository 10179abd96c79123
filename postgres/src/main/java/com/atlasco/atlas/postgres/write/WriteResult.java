package com.atlasco.atlas.postgres.write;

import com.atlasco.atlas.model.Problem;

/** What became of one write. */
public sealed interface WriteResult {

    /**
     * The entity is stored and durable.
     *
     * @param version the entity's version now; unchanged when the write changed nothing
     */
    record Stored(long entityId, long version, boolean created) implements WriteResult {}

    record Deleted(long entityId, long version) implements WriteResult {}

    /** This write changed nothing; its neighbours are not affected. */
    record Refused(Problem problem) implements WriteResult {}
}
