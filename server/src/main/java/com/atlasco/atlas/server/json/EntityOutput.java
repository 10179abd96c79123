package com.atlasco.atlas.server.json;

import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.NumberText;
import com.atlasco.atlas.model.Registry;
import com.atlasco.atlas.model.Value;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
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

    // Between these years the digits are written one by one: pages have hundreds of timestamps.
    private static final long SECONDS_OF_DAY = 86_400;
    private static final long YEAR_0 = LocalDate.of(0, 1, 1).toEpochDay() * SECONDS_OF_DAY;
    private static final long YEAR_10000 = LocalDate.of(10_000, 1, 1).toEpochDay() * SECONDS_OF_DAY;

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
        long seconds = instant.getEpochSecond();
        if (seconds < YEAR_0 || seconds >= YEAR_10000) {
            return TIMESTAMP.format(instant);
        }
        LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(seconds, SECONDS_OF_DAY));
        int time = (int) Math.floorMod(seconds, SECONDS_OF_DAY);
        char[] text = "0000-00-00T00:00:00.000000Z".toCharArray();
        digits(text, 4, date.getYear());
        digits(text, 7, date.getMonthValue());
        digits(text, 10, date.getDayOfMonth());
        digits(text, 13, time / 3_600);
        digits(text, 16, time / 60 % 60);
        digits(text, 19, time % 60);
        int length = 19;
        int micros = instant.getNano() / 1_000;
        if (micros != 0) {
            length = 26;
            digits(text, length, micros);
            while (text[length - 1] == '0') {
                length--;
            }
        }
        text[length] = 'Z';
        return new String(text, 0, length + 1);
    }

    /** Puts the digits of a number before this place. */
    private static void digits(char[] text, int end, int number) {
        int place = end;
        for (int left = number; left > 0; left /= 10) {
            text[--place] = (char) ('0' + left % 10);
        }
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
