package com.atlasco.atlas.postgres.write;

import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The writes of one entity applied in their order to what is stored: what is to be stored, and each write's result. */
final class EntityFold {

    private final long entityId;
    private final Optional<StoredEntity> stored;
    private final List<WriteResult> results = new ArrayList<>();
    private Optional<StoredEntity> current;
    private boolean deleted;
    private final boolean mayCreate;

    private EntityFold(long entityId, Optional<StoredEntity> stored, boolean mayCreate) {
        this.entityId = entityId;
        this.stored = stored;
        this.mayCreate = mayCreate;
        this.current = stored;
    }

    /** {@code mayCreate}: whether an entity that is not stored may come into being. */
    static EntityFold of(long entityId, Optional<StoredEntity> stored, List<EntityWrite> writes, boolean mayCreate) {
        EntityFold fold = new EntityFold(entityId, stored, mayCreate);
        writes.forEach(write -> fold.results.add(fold.apply(write)));
        return fold;
    }

    long entityId() {
        return entityId;
    }

    /** One result per write. */
    List<WriteResult> results() {
        return results;
    }

    Optional<StoredEntity> stored() {
        return stored;
    }

    /** What is to be stored; empty when the entity is not to be there. */
    Optional<StoredEntity> current() {
        return current;
    }

    /** Whether the stored row goes away, be it that another life of the entity begins. */
    boolean deletesStored() {
        return stored.isPresent() && deleted;
    }

    /** Whether a row appears that is not there, or no longer. */
    boolean inserts() {
        return current.isPresent() && (stored.isEmpty() || deleted);
    }

    /** Whether there is one entity more afterwards. */
    boolean creates() {
        return current.isPresent() && stored.isEmpty();
    }

    /** Whether the stored row goes on with another content. */
    boolean updates() {
        return current.isPresent() && stored.isPresent() && !deleted && !current.equals(stored);
    }

    /** The ids set, changed or removed: relative to the stored row, or to nothing for a row that appears. */
    SortedSet<Integer> changedAttributes() {
        Document before = inserts() ? Document.empty() : document(stored);
        Document after = document(current);
        TreeSet<Integer> changed = new TreeSet<>(before.values().keySet());
        changed.addAll(after.values().keySet());
        changed.removeIf(id -> before.find(id).equals(after.find(id)));
        return changed;
    }

    Document storedDocument() {
        return document(stored);
    }

    Document currentDocument() {
        return document(current);
    }

    private static Document document(Optional<StoredEntity> entity) {
        return entity.map(StoredEntity::document).orElse(Document.empty());
    }

    private WriteResult apply(EntityWrite write) {
        return switch (write) {
            case EntityWrite.Create(var _, String entityType, Document document) ->
                current.isPresent() ? exists() : store(entityType, document);
            case EntityWrite.Replace(var _, String entityType, Document document) -> store(entityType, document);
            case EntityWrite.Patch(var _, Optional<String> entityType, var changes) ->
                current.map(entity -> store(entityType.orElse(entity.entityType()), merged(entity.document(), changes)))
                        .orElseGet(this::notFound);
            case EntityWrite.Merge(var _, Optional<String> entityType, var changes) ->
                entityType
                        .or(() -> current.map(StoredEntity::entityType))
                        .map(type -> store(type, merged(document(current), changes)))
                        .orElseGet(this::typeMissing);
            case EntityWrite.Delete(var _) -> current.map(this::delete).orElseGet(this::notFound);
        };
    }

    private WriteResult store(String entityType, Document document) {
        if (stored.isEmpty() && !mayCreate) {
            return tooMany();
        }
        boolean created = current.isEmpty();
        StoredEntity next = current.map(entity -> entity.become(entityType, document))
                .orElseGet(() -> new StoredEntity(entityType, 1, document));
        current = Optional.of(next);
        return new WriteResult.Stored(entityId, next.version(), created);
    }

    private WriteResult delete(StoredEntity entity) {
        current = Optional.empty();
        deleted = true;
        return new WriteResult.Deleted(entityId, entity.version());
    }

    private static Document merged(Document document, Map<Integer, Optional<Value>> changes) {
        TreeMap<Integer, Value> values = new TreeMap<>(document.values());
        changes.forEach((id, value) -> value.ifPresentOrElse(
                present -> values.put(id, MergePatch.apply(Optional.ofNullable(values.get(id)), present)),
                () -> values.remove(id)));
        return new Document(values);
    }

    private WriteResult exists() {
        return new WriteResult.Refused(
                Problem.of(ErrorCode.ENTITY_EXISTS, "there is an entity %d already".formatted(entityId))
                        .at("/entity_id")
                        .hint("Replace or patch it, or leave entity_id out to be given a new one."));
    }

    private WriteResult tooMany() {
        return new WriteResult.Refused(
                Problem.of(ErrorCode.QUOTA_EXCEEDED, "the tenant may have no more entities (max_entities)")
                        .at("max_entities")
                        .hint("Delete entities, or ask the operator for a higher limit."));
    }

    private WriteResult notFound() {
        return new WriteResult.Refused(
                Problem.of(ErrorCode.ENTITY_NOT_FOUND, "there is no entity %d".formatted(entityId))
                        .at("/entity_id")
                        .hint("Create it first."));
    }

    private WriteResult typeMissing() {
        return new WriteResult.Refused(Problem.of(
                        ErrorCode.INVALID_REQUEST,
                        "entity %d is new, and a new entity needs an entity_type".formatted(entityId))
                .at("/entity_type")
                .hint("Send entity_type along."));
    }
}
