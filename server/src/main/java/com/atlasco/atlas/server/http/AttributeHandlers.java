package com.atlasco.atlas.server.http;

import com.atlasco.atlas.freshness.ConsistencyToken;
import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.Registry;
import com.atlasco.atlas.model.ValueParser;
import com.atlasco.atlas.postgres.registry.AttributeDefinition;
import com.atlasco.atlas.postgres.registry.RegistrationOutcome;
import com.atlasco.atlas.server.Tenants;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Optional;

/** The registry over HTTP. */
final class AttributeHandlers {

    private final Tenants tenants;

    AttributeHandlers(Tenants tenants) {
        this.tenants = tenants;
    }

    Reply list(Exchange exchange) {
        Registry registry = tenants.registry(exchange.tenant());
        return Reply.json(200, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("attributes");
            for (AttributeType type : registry.types()) {
                write(json, type);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    Reply get(Exchange exchange) {
        Registry registry = tenants.registry(exchange.tenant());
        String name = exchange.path("name");
        AttributeType type = registry.find(name)
                .orElseThrow(
                        () -> Problem.of(ErrorCode.ATTRIBUTE_NOT_FOUND, "there is no attribute '%s'".formatted(name))
                                .at("name")
                                .hint(registry.nearestName(name)
                                        .map("Did you mean '%s'?"::formatted)
                                        .orElse("GET /api/v1/attributes lists them."))
                                .asException());
        return Reply.json(200, json -> write(json, type));
    }

    Reply put(Exchange exchange) {
        JsonNode body = exchange.body();
        AttributeDefinition definition = new AttributeDefinition(
                exchange.path("name"),
                DataType.ofWireName(body.path("data_type").asText())
                        .orElseThrow(() -> Problem.of(ErrorCode.INVALID_REQUEST, "data_type is missing or unknown")
                                .at("/data_type")
                                .hint("It is one of number, text, ts, bool, json.")
                                .asException()),
                body.path("filterable").asBoolean(true),
                body.path("hot").asBoolean(false),
                text(body, "unit"),
                text(body, "description"));
        RegistrationOutcome outcome = tenants.register(exchange.tenant(), definition);
        return Reply.json(outcome.created() ? 201 : 200, json -> write(json, outcome.type()))
                .with("X-Consistency-Token", new ConsistencyToken(outcome.position()).encode());
    }

    private static Optional<String> text(JsonNode body, String member) {
        return Optional.ofNullable(body.path(member).textValue()).map(text -> ValueParser.checkText(member, text));
    }

    private static void write(JsonGenerator json, AttributeType type) throws IOException {
        json.writeStartObject();
        json.writeNumberField("attribute_id", type.attributeId());
        json.writeStringField("name", type.name());
        json.writeStringField("data_type", type.dataType().wireName());
        json.writeBooleanField("filterable", type.filterable());
        json.writeBooleanField("hot", type.hot());
        if (type.unit().isPresent()) {
            json.writeStringField("unit", type.unit().get());
        }
        if (type.description().isPresent()) {
            json.writeStringField("description", type.description().get());
        }
        json.writeEndObject();
    }
}
