package com.atlasco.atlas.model;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The attribute types of one tenant at one moment. Immutable and safe to share among threads.
 *
 * <p>{@link #with} shares what stays the same: recent changes lie in small maps before the large ones and are merged into
 * them now and then, so that registering n types one by one costs about n·(n / {@value #MERGE_AT}) copied entries and
 * not n².
 */
public final class Registry {

    private static final int MERGE_AT = 128;
    private static final Registry EMPTY = new Registry(Index.EMPTY, Index.EMPTY, 0, Map.of());

    private final Index base;
    private final Index recent;
    private final int size;
    // Of the types that entities of some type have to have: seldom many.
    private final Map<Integer, AttributeType> required;

    private record Index(Map<String, AttributeType> byName, Map<Integer, AttributeType> byId) {
        private static final Index EMPTY = new Index(Map.of(), Map.of());
    }

    private Registry(Index base, Index recent, int size, Map<Integer, AttributeType> required) {
        this.base = base;
        this.recent = recent;
        this.size = size;
        this.required = required;
    }

    public static Registry empty() {
        return EMPTY;
    }

    /** A registry of these types; names and ids are unique among them. */
    public static Registry of(Collection<AttributeType> types) {
        Index index = new Index(HashMap.newHashMap(types.size()), HashMap.newHashMap(types.size()));
        Map<Integer, AttributeType> required = new TreeMap<>();
        for (AttributeType type : types) {
            if (index.byName().put(type.name(), type) != null || index.byId().put(type.attributeId(), type) != null) {
                throw new IllegalArgumentException("attribute type given twice: " + type);
            }
            if (isRequired(type)) {
                required.put(type.attributeId(), type);
            }
        }
        return new Registry(index, Index.EMPTY, index.byId().size(), required);
    }

    /** This with types added and, where the id is known, replaced; a replaced one may have another name. */
    public Registry with(Collection<AttributeType> changed) {
        if (changed.isEmpty()) {
            return this;
        }
        if (recent.byId().size() + changed.size() > MERGE_AT) {
            Map<Integer, AttributeType> all = new HashMap<>(base.byId());
            all.putAll(recent.byId());
            changed.forEach(type -> all.put(type.attributeId(), type));
            return of(all.values());
        }
        Index next = new Index(new HashMap<>(recent.byName()), new HashMap<>(recent.byId()));
        int nextSize = size;
        for (AttributeType type : changed) {
            Optional<AttributeType> before = Optional.ofNullable(next.byId().put(type.attributeId(), type));
            before.ifPresent(old -> next.byName().remove(old.name(), old));
            nextSize += before.isPresent() || base.byId().containsKey(type.attributeId()) ? 0 : 1;
        }
        // After all: of two that exchange their names, one would otherwise remove the other.
        changed.forEach(type -> next.byName().put(type.name(), type));
        return new Registry(base, next, nextSize, requiredWith(changed));
    }

    private Map<Integer, AttributeType> requiredWith(Collection<AttributeType> changed) {
        if (changed.stream().noneMatch(type -> isRequired(type) || required.containsKey(type.attributeId()))) {
            return required;
        }
        Map<Integer, AttributeType> next = new TreeMap<>(required);
        for (AttributeType type : changed) {
            if (isRequired(type)) {
                next.put(type.attributeId(), type);
            } else {
                next.remove(type.attributeId());
            }
        }
        return next;
    }

    private static boolean isRequired(AttributeType type) {
        return !type.retired() && !type.constraints().requiredFor().isEmpty();
    }

    public Optional<AttributeType> find(String name) {
        AttributeType changed = recent.byName().get(name);
        if (changed != null) {
            return Optional.of(changed);
        }
        // One that has changed, and has no longer this name.
        return Optional.ofNullable(base.byName().get(name))
                .filter(type -> !recent.byId().containsKey(type.attributeId()));
    }

    public Optional<AttributeType> find(int attributeId) {
        AttributeType changed = recent.byId().get(attributeId);
        return changed != null
                ? Optional.of(changed)
                : Optional.ofNullable(base.byId().get(attributeId));
    }

    /** All types, by name; sorted at each call. */
    public Collection<AttributeType> types() {
        return all().sorted(Comparator.comparing(AttributeType::name)).toList();
    }

    public int size() {
        return size;
    }

    /** The registered name most like this one, when one is like enough to be meant; retired ones are not. */
    public Optional<String> nearestName(String name) {
        return NearestName.among(
                all().filter(type -> !type.retired()).map(AttributeType::name).toList(), name);
    }

    private Stream<AttributeType> all() {
        return Stream.concat(
                recent.byId().values().stream(),
                base.byId().values().stream().filter(type -> !recent.byId().containsKey(type.attributeId())));
    }

    /**
     * Why an entity cannot be stored so: {@code constraint_violated} when it lacks attributes that entities of its type
     * have to have.
     */
    public Optional<Problem> missing(String entityType, Document document) {
        if (required.isEmpty()) {
            return Optional.empty();
        }
        List<String> missing = required.values().stream()
                .filter(type -> type.constraints().requiredFor().contains(entityType)
                        && !document.values().containsKey(type.attributeId()))
                .map(AttributeType::name)
                .toList();
        if (missing.isEmpty()) {
            return Optional.empty();
        }
        String names = String.join("', '", missing.subList(0, Math.min(10, missing.size())));
        return Optional.of(Problem.of(
                        ErrorCode.CONSTRAINT_VIOLATED,
                        "an entity of type '%s' has to have the attribute%s '%s'%s (constraint required_for)"
                                .formatted(
                                        entityType,
                                        missing.size() == 1 ? "" : "s",
                                        names,
                                        missing.size() > 10 ? " and %d more".formatted(missing.size() - 10) : ""))
                .at(ValueParser.pointer(missing.getFirst()))
                .hint("Send a value along, or take '%s' out of the attribute's required_for with PUT"
                        .formatted(entityType)
                        .concat(" /api/v1/attributes/{name}.")));
    }
}
