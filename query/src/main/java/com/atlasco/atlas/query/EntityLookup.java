package com.atlasco.atlas.query;

import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.TenantId;
import java.util.Optional;

/** Where single entities are looked up by their ids. Thread-safe; calls block. */
@FunctionalInterface
public interface EntityLookup {

    /**
     * What was found.
     *
     * @param position a position at or past everything that the look-up can have seen; empty when the source knows of
     *     none
     */
    record Located(Optional<Entity> entity, Optional<Position> position) {}

    /**
     * Looks at the source as it is now or later than this call began.
     *
     * @throws com.atlasco.atlas.model.AtlasException {@code source_unavailable} when the source cannot be reached
     */
    Located find(TenantId tenant, long entityId);
}
