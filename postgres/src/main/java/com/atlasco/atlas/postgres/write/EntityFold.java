package com.atlasco.atlas.postgres.write;

import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.Registry;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.model.ValueParser;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** The writes of one entity applied in their order to what is stored: what is to be stored, and each write's result. */
final class EntityFold {

    private final Registry types;
    private final long entityId;
    private final Optional<StoredEntity> stored;
    private final Allowance allowance;
    private final int maxBytes;
    private Optional<StoredEntity> current;
    private long lastVersion;
    private boolean ended;

    /**
     * Begins with what is stored.
     *
     * @param lastVersion the last version of an earlier entity of this id; 0 when there was none
     * @param maxBytes what a document may take
     */
    EntityFold(
            Registry types,
            long entityId,
            Optional<StoredEntity> stored,
            long lastVersion,
            Allowance allowance,
            int maxBytes) {
        this.types = types;
        this.entityId = entityId;
        this.stored = stored;
        this.allowance = allowance;
        this.maxBytes = maxBytes;
        this.current = stored;
        this.lastVersion = stored.map(StoredEntity::version).orElse(lastVersion);
    }

    long entityId() {
        return entityId;
    }

    Optional<StoredEntity> stored() {
        return stored;
    }

    /** What is to be stored; empty when the entity is not to be there. */
    Optional<StoredEntity> current() {
        return current;
    }

    /** The greatest version that this entity or an earlier one of this id has had. */
    long lastVersion() {
        return lastVersion;
    }

    /** Whether the stored row goes away. One that is deleted and created again goes on: nobody sees the gap. */
    boolean deletesStored() {
        return stored.isPresent() && current.isEmpty();
    }

    /** Whether a row appears that is not there. */
    boolean inserts() {
        return stored.isEmpty() && current.isPresent();
    }

    /** Whether the stored row goes on with another content. */
    boolean updates() {
        return current.isPresent() && stored.isPresent() && !current.equals(stored);
    }

    /** Whether versions have been given to an entity that is not there before and not after. */
    boolean passes() {
        return stored.isEmpty() && current.isEmpty() && ended;
    }

    /** The ids set, changed or removed. */
    SortedSet<Integer> changedAttributes() {
        Document before = storedDocument();
        Document after = currentDocument();
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

    /** Applies one write; a refused one leaves everything as it is. */
    WriteResult apply(WriteRequest request) {
        WriteCondition condition = request.condition();
        return switch (request.write()) {
            case EntityWrite.Create(var _, String entityType, Document document) ->
                current.isPresent() ? exists() : store(condition, entityType, document);
            case EntityWrite.Replace(var _, String entityType, Document document) ->
                store(condition, entityType, document);
            case EntityWrite.Patch(var _, Optional<String> entityType, var changes) ->
                current.map(entity -> store(
                                condition, entityType.orElse(entity.entityType()), merged(entity.document(), changes)))
                        .orElseGet(this::notFound);
            case EntityWrite.Merge(var _, Optional<String> entityType, var changes) ->
                entityType
                        .or(() -> current.map(StoredEntity::entityType))
                        .map(type -> store(condition, type, merged(currentDocument(), changes)))
                        .orElseGet(this::typeMissing);
            case EntityWrite.SetAttribute(var _, int attributeId, Value value) ->
                current.map(entity -> store(
                                condition,
                                entity.entityType(),
                                with(entity.document(), attributeId, Optional.of(value))))
                        .orElseGet(this::notFound);
            case EntityWrite.RemoveAttribute(var _, int attributeId) ->
                current.map(entity -> entity.document().find(attributeId).isEmpty()
                                ? valueNotFound()
                                : store(
                                        condition,
                                        entity.entityType(),
                                        with(entity.document(), attributeId, Optional.empty())))
                        .orElseGet(this::notFound);
            case EntityWrite.Delete(var _) ->
                current.map(entity -> delete(condition, entity)).orElseGet(this::notFound);
        };
    }

    private WriteResult store(WriteCondition condition, String entityType, Document document) {
        Optional<Problem> problem = unmet(condition)
                .or(() -> types.missing(entityType, document))
                .or(() -> tooLarge(document))
                .or(() -> tooDeep(document));
        if (problem.isPresent()) {
            return new WriteResult.Refused(problem.get());
        }
        boolean created = current.isEmpty();
        if (created && !allowance.take()) {
            return quotaExceeded();
        }
        StoredEntity next = current.map(entity -> entity.become(entityType, document))
                .orElseGet(() -> new StoredEntity(entityType, lastVersion + 1, document));
        current = Optional.of(next);
        lastVersion = next.version();
        return new WriteResult.Stored(entityId, next.version(), created);
    }

    private WriteResult delete(WriteCondition condition, StoredEntity entity) {
        Optional<Problem> problem = unmet(condition);
        if (problem.isPresent()) {
            return new WriteResult.Refused(problem.get());
        }
        current = Optional.empty();
        ended = true;
        allowance.giveBack();
        return new WriteResult.Deleted(entityId, entity.version());
    }

    private Optional<Problem> unmet(WriteCondition condition) {
        return switch (condition) {
            case WriteCondition.Always() -> Optional.empty();
            case WriteCondition.VersionIs(var versions) ->
                current.filter(entity -> versions.contains(entity.version())).isPresent()
                        ? Optional.empty()
                        : Optional.of(versionMismatch());
            case WriteCondition.Exists() -> current.isPresent() ? Optional.empty() : Optional.of(versionMismatch());
            case WriteCondition.Absent() -> current.isEmpty() ? Optional.empty() : Optional.of(versionMismatch());
        };
    }

    private Problem versionMismatch() {
        return current.map(entity -> Problem.of(
                                ErrorCode.VERSION_MISMATCH,
                                "entity %d is there in version %d".formatted(entityId, entity.version()))
                        .figure("current_version", entity.version())
                        .hint("Read the entity, decide again, and send the write with the version that was read."))
                .orElseGet(() -> Problem.of(
                                ErrorCode.VERSION_MISMATCH, "there is no entity %d in any version".formatted(entityId))
                        .hint("Create it, or send the write without the condition."))
                .at("/if_version");
    }

    private Optional<Problem> tooLarge(Document document) {
        int bytes = DocumentSize.atMost(document, maxBytes);
        return bytes <= maxBytes
                ? Optional.empty()
                : Optional.of(Problem.of(
                                ErrorCode.ENTITY_TOO_LARGE,
                                "entity %d would take %d bytes, and one takes at most %d"
                                        .formatted(entityId, bytes, maxBytes))
                        .at("/attributes")
                        .figure("size_bytes", bytes)
                        .figure("limit_bytes", maxBytes)
                        .hint("Keep long texts elsewhere and store where they are, or split the entity."));
    }

    private static Optional<Problem> tooDeep(Document document) {
        return JsonDepth.isWithinLimit(document)
                ? Optional.empty()
                : Optional.of(Problem.of(
                                ErrorCode.INVALID_VALUE,
                                "JSON has at most %d levels".formatted(ValueParser.MAX_JSON_DEPTH))
                        .at("/attributes")
                        .hint("Flatten it, or send it as text."));
    }

    private static Document merged(Document document, Map<Integer, Optional<Value>> changes) {
        return document.with(changes, MergePatch::apply);
    }

    private static Document with(Document document, int attributeId, Optional<Value> value) {
        return document.with(Map.of(attributeId, value), (stored, given) -> given);
    }

    private WriteResult exists() {
        return new WriteResult.Refused(
                Problem.of(ErrorCode.ENTITY_EXISTS, "there is an entity %d already".formatted(entityId))
                        .at("/entity_id")
                        .hint("Replace or patch it, or leave entity_id out to be given a new one."));
    }

    private WriteResult notFound() {
        return new WriteResult.Refused(
                Problem.of(ErrorCode.ENTITY_NOT_FOUND, "there is no entity %d".formatted(entityId))
                        .at("/entity_id")
                        .hint("Create it first."));
    }

    private WriteResult valueNotFound() {
        return new WriteResult.Refused(Problem.of(
                        ErrorCode.ATTRIBUTE_NOT_FOUND, "entity %d has no value of this attribute".formatted(entityId))
                .at("attribute")
                .hint("There is nothing to delete."));
    }

    private WriteResult typeMissing() {
        return new WriteResult.Refused(Problem.of(
                        ErrorCode.INVALID_REQUEST,
                        "entity %d is new, and a new entity needs an entity_type".formatted(entityId))
                .at("/entity_type")
                .hint("Send entity_type along."));
    }

    private WriteResult quotaExceeded() {
        return new WriteResult.Refused(
                Problem.of(ErrorCode.QUOTA_EXCEEDED, "the tenant has as many entities as it may have")
                        .at("/entity_id")
                        .hint("Delete entities that are no longer needed, or have the quota raised."));
    }
}
