package com.atlasco.atlas.analytics.snapshot;

import com.atlasco.atlas.analytics.change.Change;
import com.atlasco.atlas.model.Position;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a snapshot begins with.
 *
 * @param position all changes committed after it will come by the log; the rows are read later than it
 * @param startedAt by the primary's clock
 * @param types the attribute types of the scope, read at the position or later
 * @param parts the names of the parts that are read one beside the other
 * @param estimatedRows how many rows there may be; empty when nobody knows
 * @param reason for people
 */
public record SnapshotStart(
        SnapshotScope scope,
        Position position,
        Instant startedAt,
        List<Change.AttributeTypeUpserted> types,
        List<String> parts,
        OptionalLong estimatedRows,
        String reason) {
    public SnapshotStart {
        types = List.copyOf(types);
        parts = List.copyOf(parts);
    }
}
