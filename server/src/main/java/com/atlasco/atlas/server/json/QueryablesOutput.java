package com.atlasco.atlas.server.json;

import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.Constraints;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Registry;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.model.TextPattern;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.query.filter.Property;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Optional;

/**
 * Writes what a tenant's filters may name as a JSON Schema (2020-12). Thread-safe.
 *
 * <p>Beyond JSON Schema: {@code x-ogc-unit}, {@code formatMinimum} and {@code formatMaximum} for timestamps, as validators
 * know them, and {@code x-atlas-filterable}, without which only the analytics store filters by an attribute.
 */
public final class QueryablesOutput {

    private QueryablesOutput() {}

    /**
     * Writes the schema. Retired attributes are left out.
     *
     * @param id the URL of the schema itself
     */
    public static void write(JsonGenerator json, String id, TenantId tenant, Registry registry) throws IOException {
        json.writeStartObject();
        json.writeStringField("$schema", "https://json-schema.org/draft/2020-12/schema");
        json.writeStringField("$id", id);
        json.writeStringField("type", "object");
        json.writeStringField("title", "What filters of tenant %s may name".formatted(tenant));
        json.writeObjectFieldStart("properties");
        for (Property.Intrinsic property : Property.Intrinsic.values()) {
            intrinsic(json, property);
        }
        for (AttributeType type : registry.types()) {
            if (!type.retired()) {
                attribute(json, type);
            }
        }
        json.writeEndObject();
        json.writeBooleanField("additionalProperties", false);
        json.writeEndObject();
    }

    private static void intrinsic(JsonGenerator json, Property.Intrinsic property) throws IOException {
        json.writeObjectFieldStart(property.wireName());
        json.writeStringField("title", property.wireName());
        json.writeStringField(
                "description",
                switch (property) {
                    case ENTITY_ID -> "The entity's id, unique in its tenant";
                    case ENTITY_TYPE -> "What the entity is";
                    case VERSION -> "How many times the entity has been written";
                    case UPDATED_AT -> "When the entity was last written";
                });
        if (property.dataType() == DataType.NUMBER) {
            json.writeStringField("type", "integer");
        } else {
            type(json, property.dataType());
        }
        json.writeBooleanField("x-atlas-filterable", true);
        json.writeEndObject();
    }

    private static void attribute(JsonGenerator json, AttributeType type) throws IOException {
        json.writeObjectFieldStart(type.name());
        json.writeStringField("title", type.name());
        if (type.description().isPresent()) {
            json.writeStringField("description", type.description().get());
        }
        type(json, type.dataType());
        constraints(json, type.constraints(), type.dataType());
        if (type.unit().isPresent()) {
            json.writeStringField("x-ogc-unit", type.unit().get());
        }
        json.writeBooleanField("x-atlas-filterable", type.filterable());
        json.writeEndObject();
    }

    /** A value of type json may be anything. */
    private static void type(JsonGenerator json, DataType dataType) throws IOException {
        switch (dataType) {
            case NUMBER -> json.writeStringField("type", "number");
            case TEXT -> json.writeStringField("type", "string");
            case BOOL -> json.writeStringField("type", "boolean");
            case TS -> {
                json.writeStringField("type", "string");
                json.writeStringField("format", "date-time");
            }
            case JSON -> {}
        }
    }

    private static void constraints(JsonGenerator json, Constraints constraints, DataType dataType) throws IOException {
        if (!constraints.allowed().isEmpty()) {
            json.writeArrayFieldStart("enum");
            for (Value value : constraints.allowed()) {
                EntityOutput.write(json, value);
            }
            json.writeEndArray();
        }
        boolean number = dataType == DataType.NUMBER;
        limit(json, number ? "minimum" : "formatMinimum", constraints.min());
        limit(json, number ? "maximum" : "formatMaximum", constraints.max());
        Optional<TextPattern> pattern = constraints.pattern();
        if (pattern.isPresent()) {
            json.writeStringField("pattern", pattern.get().expression());
        }
        if (constraints.maxLength().isPresent()) {
            json.writeNumberField("maxLength", constraints.maxLength().getAsInt());
        }
    }

    private static void limit(JsonGenerator json, String keyword, Optional<Value> value) throws IOException {
        if (value.isPresent()) {
            json.writeFieldName(keyword);
            EntityOutput.write(json, value.get());
        }
    }
}
