package com.atlasco.atlas.postgres.registry;

import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.Registry;
import java.util.ArrayList;
import java.util.List;

/** A tenant's registry and the version that its row in registry_version had then. */
record VersionedRegistry(long version, Registry registry) {

    VersionedRegistry with(long newVersion, AttributeType type) {
        List<AttributeType> types = new ArrayList<>(registry.types());
        types.removeIf(other -> other.attributeId() == type.attributeId());
        types.add(type);
        return new VersionedRegistry(newVersion, Registry.of(types));
    }

    VersionedRegistry newer(VersionedRegistry other) {
        return other.version > version ? other : this;
    }
}
