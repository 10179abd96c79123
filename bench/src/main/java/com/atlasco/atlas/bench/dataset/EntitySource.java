package com.atlasco.atlas.bench.dataset;

import com.atlasco.atlas.model.Value;
import java.util.List;
import java.util.Optional;

/** Entities whose values follow from their ids. Immutable and thread-safe. */
public interface EntitySource {

    /** What entities have, in a fixed order. */
    List<Dataset.Attribute> attributes();

    /** An entity's values, in the order of the attributes; empty where it has none. */
    List<Optional<Value>> entity(long entityId);
}
