package com.atlasco.atlas.model;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.BiFunction;

/** An entity's values by attribute id, in ascending order of id. Immutable. A missing attribute has no entry. */
public record Document(SortedMap<Integer, Value> values) {

    private static final Document EMPTY = new Document(AttributeMap.empty());

    public Document {
        values = AttributeMap.copyOf(values);
    }

    public static Document empty() {
        return EMPTY;
    }

    public static Document of(Map<Integer, Value> values) {
        return new Document(AttributeMap.copyOf(values));
    }

    public Optional<Value> find(int attributeId) {
        return Optional.ofNullable(values.get(attributeId));
    }

    /**
     * This with changes: empty ones remove, the others are set.
     *
     * @param merge what is to be stored, from what the document has and what is given
     */
    public Document with(Map<Integer, Optional<Value>> changes, BiFunction<Optional<Value>, Value, Value> merge) {
        AttributeMap<Value> old = AttributeMap.copyOf(values);
        AttributeMap<Optional<Value>> news = AttributeMap.copyOf(changes);
        AttributeMap.Builder<Value> merged = new AttributeMap.Builder<>(old.size() + news.size());
        int left = 0;
        for (int right = 0; right < news.size(); right++) {
            int id = news.idAt(right);
            while (left < old.size() && old.idAt(left) < id) {
                merged.put(old.idAt(left), old.valueAt(left++));
            }
            boolean present = left < old.size() && old.idAt(left) == id;
            Optional<Value> before = present ? Optional.of(old.valueAt(left++)) : Optional.empty();
            Optional<Value> change = news.valueAt(right);
            if (change.isPresent()) {
                merged.put(id, merge.apply(before, change.get()));
            }
        }
        while (left < old.size()) {
            merged.put(old.idAt(left), old.valueAt(left++));
        }
        return new Document(merged.build());
    }
}
