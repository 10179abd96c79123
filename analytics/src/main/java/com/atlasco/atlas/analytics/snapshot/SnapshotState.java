package com.atlasco.atlas.analytics.snapshot;

import com.atlasco.atlas.model.Position;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
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

    /** How much of the estimate has been read, 0 to 100; empty without an estimate. 100 means that all has been read. */
    public OptionalDouble percent() {
        if (isRead()) {
            return OptionalDouble.of(100);
        }
        return estimatedRows.isPresent()
                ? OptionalDouble.of(Math.min(99.9, 100.0 * rows() / Math.max(1, estimatedRows.getAsLong())))
                : OptionalDouble.empty();
    }

    /** How many rows are in the store. */
    public long rows() {
        return parts.stream().mapToLong(Part::rows).sum();
    }
}
