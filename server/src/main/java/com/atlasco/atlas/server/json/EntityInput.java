package com.atlasco.atlas.server.json;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.Registry;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.model.ValueParser;
import com.atlasco.atlas.postgres.write.EntityWrite;
import com.atlasco.atlas.postgres.write.IdempotencyKey;
import com.atlasco.atlas.postgres.write.WriteCondition;
import com.atlasco.atlas.postgres.write.WriteRequest;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Turns the JSON of entities into writes, checked against the registry. Thread-safe. */
public final class EntityInput {

    private static final int MAX_TYPE_LENGTH = 200;
    private static final Set<String> ITEM_MEMBERS =
            Set.of("op", "entity_id", "entity_type", "attributes", "if_version", "idempotency_key");

    private static final Set<String> WHOLE_MEMBERS = Set.of("entity_id", "entity_type", "attributes");
    private static final Set<String> PATCH_MEMBERS = Set.of("entity_type", "attributes");

    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,19}");

    private final Registry registry;

    public EntityInput(Registry registry) {
        this.registry = registry;
    }

    public EntityWrite create(JsonNode body) {
        requireObject(body);
        return new EntityWrite.Create(entityId(body), requiredType(body), document(body));
    }

    public EntityWrite replace(long entityId, JsonNode body) {
        requireObject(body);
        entityId(body).filter(given -> given != entityId).ifPresent(given -> {
            throw Problem.of(
                            ErrorCode.INVALID_REQUEST,
                            "the body speaks of entity %d, the path of entity %d".formatted(given, entityId))
                    .at("/entity_id")
                    .hint("Leave entity_id out of the body, or make both the same.")
                    .asException();
        });
        return new EntityWrite.Replace(entityId, requiredType(body), document(body));
    }

    public EntityWrite patch(long entityId, JsonNode body) {
        requireObject(body);
        return new EntityWrite.Patch(entityId, type(body), changes(body));
    }

    /** One attribute of an entity, given as {@code {"value": …}}. */
    public static EntityWrite attribute(long entityId, AttributeType type, JsonNode body) {
        JsonNode value = body.path("value");
        if (value.isMissingNode() || value.isNull()) {
            throw Problem.of(ErrorCode.INVALID_VALUE, "there is no value")
                    .at("/value")
                    .hint("Send {\"value\": 12.5}; DELETE takes an attribute away.")
                    .asException();
        }
        try {
            return new EntityWrite.SetAttribute(entityId, type.attributeId(), ValueParser.parse(type, value));
        } catch (AtlasException refused) {
            throw refused.problem().at("/value").asException();
        }
    }

    /** The body of a single write of a whole entity; refused when it has a member that an entity has not. */
    public static JsonNode whole(JsonNode body) {
        return withMembers(body, WHOLE_MEMBERS);
    }

    /** The body of a single patch; refused when it has a member that a patch has not. */
    public static JsonNode partial(JsonNode body) {
        return withMembers(body, PATCH_MEMBERS);
    }

    private static JsonNode withMembers(JsonNode body, Set<String> members) {
        requireObject(body);
        for (var member : body.properties()) {
            if (!members.contains(member.getKey())) {
                throw Problem.of(
                                ErrorCode.INVALID_REQUEST,
                                "there is no member '%s' here".formatted(abbreviate(member.getKey())))
                        .at("/" + abbreviate(member.getKey()))
                        .hint("The members are %s; attributes go inside \"attributes\"."
                                .formatted(String.join(", ", new TreeSet<>(members))))
                        .asException();
            }
        }
        return body;
    }

    /**
     * One item of a batch.
     *
     * @throws AtlasException when the item cannot be written as it is
     */
    public EntityWrite batchItem(JsonNode item) {
        requireObject(item);
        item.fieldNames().forEachRemaining(member -> {
            if (!ITEM_MEMBERS.contains(member)) {
                throw Problem.of(ErrorCode.INVALID_REQUEST, "an item has no member '%s'".formatted(abbreviate(member)))
                        .at("/" + abbreviate(member))
                        .hint("An item is {\"entity_id\", \"entity_type\", \"attributes\": {name: value}} and may have"
                                + " \"op\"; attributes go inside \"attributes\".")
                        .asException();
            }
        });
        String operation = text(item, "op").orElse("merge");
        Optional<Long> entityId = entityId(item);
        return switch (operation) {
            case "create" -> create(item);
            case "merge" ->
                entityId.<EntityWrite>map(id -> new EntityWrite.Merge(id, type(item), changes(item)))
                        .orElseGet(() -> create(item));
            case "replace" -> replace(required(entityId), item);
            case "patch" -> patch(required(entityId), item);
            case "delete" -> new EntityWrite.Delete(required(entityId));
            default ->
                throw Problem.of(ErrorCode.INVALID_REQUEST, "there is no op '%s'".formatted(abbreviate(operation)))
                        .at("/op")
                        .hint("op is one of merge, create, replace, patch, delete.")
                        .asException();
        };
    }

    /**
     * One item of a batch, with its condition and its key.
     *
     * @throws AtlasException when the item cannot be written as it is
     */
    public WriteRequest batchRequest(JsonNode item) {
        EntityWrite write = batchItem(item);
        return new WriteRequest(
                write,
                ifVersion(item),
                text(item, "idempotency_key").map(key -> IdempotencyKey.of(key, "/idempotency_key")));
    }

    private static WriteCondition ifVersion(JsonNode item) {
        JsonNode node = item.path("if_version");
        if (node.isMissingNode() || node.isNull()) {
            return new WriteCondition.Always();
        }
        if (node.isIntegralNumber() && node.canConvertToLong() && node.longValue() > 0) {
            return new WriteCondition.VersionIs(Set.of(node.longValue()));
        }
        throw Problem.of(ErrorCode.INVALID_VALUE, "%s is not a version".formatted(abbreviate(node.toString())))
                .at("/if_version")
                .hint("A version is a whole number from 1, as an earlier answer gave it.")
                .asException();
    }

    /** The entity id of a path. */
    public static long entityId(String text) {
        // Long.parseLong alone also takes a sign and the digits of other scripts.
        if (DIGITS.matcher(text).matches()) {
            try {
                long entityId = Long.parseLong(text);
                if (entityId > 0) {
                    return entityId;
                }
            } catch (NumberFormatException beyondLong) {
                // Answered below, like everything else that is no id.
            }
        }
        throw Problem.of(ErrorCode.INVALID_VALUE, "'%s' is not an entity id".formatted(abbreviate(text)))
                .at("entity_id")
                .hint("An entity id is a whole number from 1 to 9223372036854775807.")
                .asException();
    }

    private static Optional<Long> entityId(JsonNode body) {
        JsonNode node = body.path("entity_id");
        if (node.isMissingNode() || node.isNull()) {
            return Optional.empty();
        }
        if (node.isIntegralNumber() && node.canConvertToLong() && node.longValue() > 0) {
            return Optional.of(node.longValue());
        }
        throw Problem.of(ErrorCode.INVALID_VALUE, "%s is not an entity id".formatted(abbreviate(node.toString())))
                .at("/entity_id")
                .hint("An entity id is a whole number from 1 to 9223372036854775807, or absent to be given one.")
                .asException();
    }

    private static long required(Optional<Long> entityId) {
        return entityId.orElseThrow(() -> Problem.of(ErrorCode.INVALID_REQUEST, "this op needs an entity_id")
                .at("/entity_id")
                .hint("Say which entity is meant.")
                .asException());
    }

    private static String requiredType(JsonNode body) {
        return type(body)
                .orElseThrow(() -> Problem.of(ErrorCode.INVALID_REQUEST, "entity_type is missing")
                        .at("/entity_type")
                        .hint("Say what kind of thing the entity is, such as \"entity_type\": \"device\".")
                        .asException());
    }

    private static Optional<String> type(JsonNode body) {
        return text(body, "entity_type").map(type -> {
            ValueParser.checkText("entity_type", type);
            if (!isType(type)) {
                throw Problem.of(ErrorCode.INVALID_VALUE, "entity_type has 1 to 200 characters, not all blank")
                        .at("/entity_type")
                        .hint("Name the kind of thing in a word, such as \"device\".")
                        .asException();
            }
            return type;
        });
    }

    /** Whether this text without NUL and lone surrogates is a type's name. */
    static boolean isType(String text) {
        return !text.isBlank() && text.codePointCount(0, text.length()) <= MAX_TYPE_LENGTH;
    }

    private static Optional<String> text(JsonNode body, String member) {
        JsonNode node = body.path(member);
        if (node.isMissingNode() || node.isNull()) {
            return Optional.empty();
        }
        if (!node.isTextual()) {
            throw Problem.of(
                            ErrorCode.INVALID_VALUE,
                            "%s is a JSON string, not %s".formatted(member, abbreviate(node.toString())))
                    .at("/" + member)
                    .asException();
        }
        return Optional.of(node.textValue());
    }

    private Document document(JsonNode body) {
        return Document.empty().with(changes(body), (absent, given) -> given);
    }

    private Map<Integer, Optional<Value>> changes(JsonNode body) {
        JsonNode attributes = body.path("attributes");
        if (attributes.isMissingNode()) {
            return Map.of();
        }
        if (!attributes.isObject()) {
            throw Problem.of(ErrorCode.INVALID_VALUE, "attributes is an object of names and values")
                    .at("/attributes")
                    .hint("Send \"attributes\": {\"score\": 12.5}.")
                    .asException();
        }
        Map<Integer, Optional<Value>> changes = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> member : attributes.properties()) {
            AttributeType type = registry.find(member.getKey()).orElseThrow(() -> unknown(member.getKey()));
            requireInUse(type, member.getValue());
            changes.put(
                    type.attributeId(),
                    member.getValue().isNull()
                            ? Optional.empty()
                            : Optional.of(ValueParser.parse(type, member.getValue())));
        }
        return changes;
    }

    /** A value of a retired attribute can be removed, and not be written. */
    private static void requireInUse(AttributeType type, JsonNode value) {
        if (type.retired() && !value.isNull()) {
            throw Problem.of(
                            ErrorCode.ATTRIBUTE_RETIRED,
                            "attribute '%s' is retired and takes no values".formatted(abbreviate(type.name())))
                    .at("/attributes/" + type.name())
                    .hint("Leave it out or set it to null, or bring it back with"
                            + " POST /api/v1/attributes/{name}/restore.")
                    .asException();
        }
    }

    private AtlasException unknown(String name) {
        Problem problem = Problem.of(
                        ErrorCode.UNKNOWN_ATTRIBUTE,
                        "there is no attribute '%s' in this tenant".formatted(abbreviate(name)))
                .at("/attributes/" + abbreviate(name));
        return problem.hint(registry.nearestName(name)
                        .map("Did you mean '%s'? "::formatted)
                        .orElse("")
                        .concat("Register it with PUT /api/v1/attributes/{name}."))
                .asException();
    }

    private static void requireObject(JsonNode body) {
        if (!body.isObject()) {
            throw Problem.of(
                            ErrorCode.INVALID_REQUEST,
                            "an entity is a JSON object, not %s".formatted(abbreviate(body.toString())))
                    .hint("Send {\"entity_id\", \"entity_type\", \"attributes\": {name: value}}.")
                    .asException();
        }
    }

    /** So much of a caller's text as an answer repeats: a chunk of a batch keeps the problems of all its items. */
    private static String abbreviate(String text) {
        return text.length() <= 60 ? text : text.substring(0, 57) + "...";
    }
}
