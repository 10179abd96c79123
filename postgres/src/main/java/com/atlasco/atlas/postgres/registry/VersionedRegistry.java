package com.atlasco.atlas.postgres.registry;

import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.Registry;
import java.util.Collection;

/** A tenant's registry and the version that its row in registry_version had then. */
record VersionedRegistry(long version, Registry registry) {

    VersionedRegistry with(long newVersion, Collection<AttributeType> changed) {
        return new VersionedRegistry(newVersion, registry.with(changed));
    }

    VersionedRegistry newer(VersionedRegistry other) {
        return other.version > version ? other : this;
    }
}
