package com.atlasco.atlas.analytics.change;

import com.atlasco.atlas.model.Heartbeat;
import com.atlasco.atlas.model.Position;
import java.util.List;
import java.util.Optional;

/**
 * How far the analytics store has come; stored in the transaction of the changes it speaks of.
 *
 * @param position everything committed up to here is contained, and nothing is half contained
 * @param order the last applied change; what is at or below it has been applied
 * @param heartbeats the newest heartbeat of every node seen so far or, in a batch, in that batch
 * @param connectorOffset what the connector needs to go on from here, opaque to the store
 * @param snapshotComplete false while the first snapshot is under way: the store must not be read yet
 */
public record Watermark(
        Position position,
        Optional<ChangeOrder> order,
        List<Heartbeat> heartbeats,
        String connectorOffset,
        boolean snapshotComplete) {
    public Watermark {
        heartbeats = List.copyOf(heartbeats);
    }
}
