package com.atlasco.atlas.analytics.snapshot;

import com.atlasco.atlas.model.Position;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/**
 * A snapshot under way, as it is stored.
 *
 * @param initial whether the store was empty before, and cannot be read until it is complete; otherwise the rows are put
 *     aside and what was there before is read until then
 * @param position where it began
 * @param startedAt by the primary's clock
 * @param estimatedRows how many rows there may be; empty when nobody knows
 * @param reason for people
 */
public record SnapshotState(
        SnapshotScope scope,
        boolean initial,
        Position position,
        Instant startedAt,
        OptionalLong estimatedRows,
        String reason,
        List<Part> parts) {
    public SnapshotState {
        parts = List.copyOf(parts);
    }

    /**
     * One of the parts that are read one beside the other.
     *
     * @param reached the last key that is in the store
     * @param rows how many of its rows are
     */
    public record Part(String name, EntityPlace reached, long rows, boolean complete) {}

    /** Whether every row has been read. */
    public boolean isRead() {
        return parts.stream().allMatch(Part::complete);
    }

    public long rows() {
        return parts.stream().mapToLong(Part::rows).sum();
    }
}
