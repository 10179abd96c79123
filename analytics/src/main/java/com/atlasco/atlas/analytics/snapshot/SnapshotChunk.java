package com.atlasco.atlas.analytics.snapshot;

import com.atlasco.atlas.analytics.change.Change;
import java.util.List;

/**
 * Rows of one part, in the order of their keys, and how far the part has come with them.
 *
 * @param rows all with the order of the snapshot's position
 * @param reached the key of the last row, or of the chunk before where there is none
 * @param last whether the part ends here
 */
public record SnapshotChunk(String part, List<Change.EntityUpserted> rows, EntityPlace reached, boolean last) {
    public SnapshotChunk {
        rows = List.copyOf(rows);
    }
}
