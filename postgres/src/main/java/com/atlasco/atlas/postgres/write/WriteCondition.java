package com.atlasco.atlas.postgres.write;

import java.util.Set;

/**
 * What must hold of an entity at the moment of a write. One whose condition does not hold is refused with {@code
 * version_mismatch}, whatever else is wrong with what it would store; only that the entity is there (for a creation), or is
 * not there, or has no such value (for what changes one), is said first.
 */
public sealed interface WriteCondition {

    record Always() implements WriteCondition {}

    /** The entity is there, in one of these versions. */
    record VersionIs(Set<Long> versions) implements WriteCondition {
        public VersionIs {
            versions = Set.copyOf(versions);
        }
    }

    /** The entity is there. */
    record Exists() implements WriteCondition {}

    /** The entity is not there. */
    record Absent() implements WriteCondition {}
}
