package com.atlasco.atlas.server.json;

import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.NumberText;
import com.atlasco.atlas.model.Registry;
import com.atlasco.atlas.model.Value;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Writes entities and values as JSON. Thread-safe. */
public final class EntityOutput {

    // 2026-01-31T12:00:00Z, with a fraction of up to six digits where there is one.
    private static final DateTimeFormatter TIMESTAMP = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
            .appendFraction(java.time.temporal.ChronoField.NANO_OF_SECOND, 0, 6, true)
            .appendOffsetId()
            .toFormatter()
            .withZone(ZoneOffset.UTC);

    private EntityOutput() {}

    /**
     * Writes an entity.
     *
     * @param only the attributes to write; empty means all
     */
    public static void write(JsonGenerator json, Entity entity, Registry registry, Optional<Set<String>> only)
            throws IOException {
        json.writeStartObject();
        json.writeNumberField("entity_id", entity.entityId());
        json.writeStringField("entity_type", entity.entityType());
        json.writeNumberField("version", entity.version());
        json.writeObjectFieldStart("attributes");
        for (Map.Entry<String, Value> attribute : byName(entity, registry).entrySet()) {
            if (only.isEmpty() || only.get().contains(attribute.getKey())) {
                json.writeFieldName(attribute.getKey());
                write(json, attribute.getValue());
            }
        }
        json.writeEndObject();
        json.writeStringField("updated_at", timestamp(entity.updatedAt()));
        json.writeEndObject();
    }

    /** Writes one value in its wire form. */
    public static void write(JsonGenerator json, Value value) throws IOException {
        switch (value) {
            case Value.NumberValue(double number) -> NumberText.write(json, number);
            case Value.TextValue(String text) -> json.writeString(text);
            case Value.BoolValue(boolean bool) -> json.writeBoolean(bool);
            case Value.TimestampValue timestamp -> json.writeString(timestamp(timestamp.instant()));
            case Value.JsonValue(String text) -> json.writeRawValue(text);
        }
    }

    /** An RFC 3339 timestamp in UTC, with microseconds where there are any. */
    public static String timestamp(Instant instant) {
        return TIMESTAMP.format(instant);
    }

    private static Map<String, Value> byName(Entity entity, Registry registry) {
        Map<String, Value> byName = new TreeMap<>();
        entity.document()
                .values()
                .forEach((attributeId, value) ->
                        registry.find(attributeId).ifPresent(type -> byName.put(type.name(), value)));
        return byName;
    }
}
