package com.atlasco.atlas.postgres.write;

import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.Value;
import java.util.Map;
import java.util.Optional;

/** One write of one entity, already checked against the registry. */
public sealed interface EntityWrite {

    /** The entity that is meant; empty when it is to be given an id. */
    default Optional<Long> target() {
        return switch (this) {
            case Create create -> create.entityId();
            case Replace replace -> Optional.of(replace.entityId());
            case Patch patch -> Optional.of(patch.entityId());
            case Merge merge -> Optional.of(merge.entityId());
            case SetAttribute set -> Optional.of(set.entityId());
            case RemoveAttribute remove -> Optional.of(remove.entityId());
            case Delete delete -> Optional.of(delete.entityId());
        };
    }

    /** Refused with {@code entity_exists} when the id is taken; without an id one is given out. */
    record Create(Optional<Long> entityId, String entityType, Document document) implements EntityWrite {}

    /** The entity is as given afterwards, whether or not it was there. */
    record Replace(long entityId, String entityType, Document document) implements EntityWrite {}

    /**
     * Sets the given values and removes those given as empty; the others stay. A JSON object is merged into the stored
     * one (RFC 7396). Refused with {@code entity_not_found} when the entity is missing.
     */
    record Patch(long entityId, Optional<String> entityType, Map<Integer, Optional<Value>> changes)
            implements EntityWrite {}

    /**
     * As {@link Patch}, but creates a missing entity; refused with {@code invalid_request} when it is missing and no
     * type is given.
     */
    record Merge(long entityId, Optional<String> entityType, Map<Integer, Optional<Value>> changes)
            implements EntityWrite {}

    /**
     * The attribute is as given afterwards: JSON too is replaced, not merged. Refused with {@code entity_not_found} when
     * the entity is missing.
     */
    record SetAttribute(long entityId, int attributeId, Value value) implements EntityWrite {}

    /**
     * Removes one value. Refused with {@code entity_not_found} when the entity is missing, and with {@code
     * attribute_not_found} when it has no such value.
     */
    record RemoveAttribute(long entityId, int attributeId) implements EntityWrite {}

    /** Refused with {@code entity_not_found} when the entity is missing. */
    record Delete(long entityId) implements EntityWrite {}
}
