package com.atlasco.atlas.postgres.write;

import com.atlasco.atlas.model.CanonicalJson;
import com.atlasco.atlas.model.Value;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** Merge patches inside attributes of type json (RFC 7396): objects are merged, all else is replaced. Thread-safe. */
final class MergePatch {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private MergePatch() {}

    /** What an attribute holds after a patch; a patch that is no JSON object replaces the value. */
    static Value apply(Optional<Value> stored, Value patch) {
        if (!(patch instanceof Value.JsonValue(String text)) || !text.startsWith("{")) {
            return patch;
        }
        JsonNode target = stored.filter(Value.JsonValue.class::isInstance)
                .map(Value.JsonValue.class::cast)
                .map(value -> read(value.json()))
                .orElseGet(JsonNodeFactory.instance::objectNode);
        return new Value.JsonValue(CanonicalJson.of(merge(target, read(text))));
    }

    private static JsonNode merge(JsonNode target, JsonNode patch) {
        if (!patch.isObject()) {
            return patch;
        }
        ObjectNode merged = target.isObject() ? target.deepCopy() : JsonNodeFactory.instance.objectNode();
        patch.properties().forEach(member -> {
            if (member.getValue().isNull()) {
                merged.remove(member.getKey());
            } else {
                merged.set(member.getKey(), merge(merged.path(member.getKey()), member.getValue()));
            }
        });
        return merged;
    }

    private static JsonNode read(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException impossible) {
            throw new IllegalArgumentException("a stored JSON value is not JSON: " + json, impossible);
        }
    }
}
