package com.atlasco.atlas.model;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The attribute types of one tenant at one moment. Immutable and safe to share among threads. */
public final class Registry {

    private static final Registry EMPTY = of(java.util.List.of());

    // Sorted for those who list them.
    private final Map<String, AttributeType> byName;
    // Hashed for those who write: every value of every entity is looked up by its name.
    private final Map<String, AttributeType> hashed;
    private final Map<Integer, AttributeType> byId;

    private Registry(Map<String, AttributeType> byName, Map<Integer, AttributeType> byId) {
        this.byName = byName;
        this.hashed = new HashMap<>(byName);
        this.byId = byId;
    }

    public static Registry empty() {
        return EMPTY;
    }

    /** A registry of these types; names and ids are unique among them. */
    public static Registry of(Collection<AttributeType> types) {
        Map<String, AttributeType> byName = new TreeMap<>();
        Map<Integer, AttributeType> byId = new HashMap<>();
        for (AttributeType type : types) {
            if (byName.put(type.name(), type) != null || byId.put(type.attributeId(), type) != null) {
                throw new IllegalArgumentException("attribute type given twice: " + type);
            }
        }
        return new Registry(Collections.unmodifiableMap(byName), Collections.unmodifiableMap(byId));
    }

    public Optional<AttributeType> find(String name) {
        return Optional.ofNullable(hashed.get(name));
    }

    public Optional<AttributeType> find(int attributeId) {
        return Optional.ofNullable(byId.get(attributeId));
    }

    /** All types, by name. */
    public Collection<AttributeType> types() {
        return byName.values();
    }

    public int size() {
        return byName.size();
    }

    /** The registered name most like this one, when one is like enough to be meant. */
    public Optional<String> nearestName(String name) {
        return NearestName.among(byName.keySet(), name);
    }
}
