package com.atlasco.atlas.analytics.snapshot;

import com.atlasco.atlas.analytics.change.Change;
import com.atlasco.atlas.model.Lsn;
import java.time.Instant;
import java.util.List;

/**
 * What single entities are on the primary, read when all that the store had applied could be seen there.
 *
 * @param entities which were looked for
 * @param found those that are there; the others are not
 * @param readUntil what was committed up to here may be among what was read
 * @param at by the primary's clock
 */
public record Correction(List<EntityPlace> entities, List<Change.EntityUpserted> found, Lsn readUntil, Instant at) {
    public Correction {
        entities = List.copyOf(entities);
        found = List.copyOf(found);
    }
}
