package com.atlasco.atlas.model;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** An entity's values by attribute id, in ascending order of id. Immutable. A missing attribute has no entry. */
public record Document(SortedMap<Integer, Value> values) {

    private static final Document EMPTY = new Document(new TreeMap<>());

    public Document {
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    public static Document empty() {
        return EMPTY;
    }

    public static Document of(Map<Integer, Value> values) {
        return new Document(new TreeMap<>(values));
    }

    public Optional<Value> find(int attributeId) {
        return Optional.ofNullable(values.get(attributeId));
    }
}
