package com.atlasco.atlas.freshness;

import com.atlasco.atlas.model.Heartbeat;
import com.atlasco.atlas.model.Position;
import java.util.Map;
import java.util.Optional;

/**
 * What a source was seen to contain.
 *
 * @param newestOfThisNode the newest heartbeat of this incarnation of this node; those of others say nothing here
 * @param position everything committed at or below it is contained; for a replica its replayed end, with the system id
 *     and timeline of its newest heartbeat
 * @param details for people: names and figures that the status page shows
 */
public record Observation(
        Optional<Heartbeat> newestOfThisNode, Optional<Position> position, Map<String, String> details) {
    public Observation {
        details = Map.copyOf(details);
    }
}
