package com.atlasco.atlas.query.history;

import com.atlasco.atlas.model.Value;
import java.time.Instant;

/** One change of one attribute, or of the entity itself. */
public record HistoryEntry(Event event, Instant committedAt, HistoryPlace place) {

    /** What happened. */
    public sealed interface Event {

        /** The attribute has had this value since. */
        record ValueSet(int attributeId, Value value, Version version) implements Event {}

        /** The attribute has had no value since. */
        record ValueRemoved(int attributeId, Version version) implements Event {}

        /** A version that changed no attribute: the entity's type, or nothing at all. */
        record Touched(Version version) implements Event {}

        /** The entity was deleted, with all its values. */
        record Deleted() implements Event {}

        /** The name on the wire. */
        default String wireName() {
            return switch (this) {
                case ValueSet _ -> "set";
                case ValueRemoved _ -> "removed";
                case Touched _ -> "touched";
                case Deleted _ -> "deleted";
            };
        }
    }

    /**
     * The version that a change made.
     *
     * @param updatedAt when the write began, as the entity says it too
     */
    public record Version(long number, String entityType, Instant updatedAt) {}
}
