package com.atlasco.atlas.server.http;

import com.atlasco.atlas.freshness.ConsistencyToken;
import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.ConstraintsCodec;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.Registry;
import com.atlasco.atlas.postgres.registry.AttributeStatus;
import com.atlasco.atlas.postgres.registry.PivotProgress;
import com.atlasco.atlas.postgres.registry.RegistrationOutcome;
import com.atlasco.atlas.server.Tenants;
import com.atlasco.atlas.server.json.AttributeInput;
import com.atlasco.atlas.server.json.EntityOutput;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The registry over HTTP. */
final class AttributeHandlers {

    private final Tenants tenants;

    AttributeHandlers(Tenants tenants) {
        this.tenants = tenants;
    }

    Reply list(Exchange exchange) {
        Registry registry = tenants.registryOrEmpty(exchange.tenant());
        return Reply.json(200, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("attributes");
            for (AttributeType type : registry.types()) {
                json.writeStartObject();
                write(json, type);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    Reply get(Exchange exchange) {
        Registry registry = tenants.registry(exchange.tenant());
        AttributeStatus status = tenants.attribute(exchange.tenant(), known(registry, exchange.path("name")));
        return Reply.json(200, json -> {
            json.writeStartObject();
            write(json, status.type());
            write(json, status.progress());
            json.writeEndObject();
        });
    }

    Reply put(Exchange exchange) {
        RegistrationOutcome outcome =
                tenants.register(exchange.tenant(), AttributeInput.definition(exchange.path("name"), exchange.body()));
        return changed(outcome.created() ? 201 : 200, outcome);
    }

    Reply putAll(Exchange exchange) {
        List<RegistrationOutcome> outcomes =
                tenants.registerAll(exchange.tenant(), AttributeInput.definitions(exchange.body()));
        return Reply.json(200, json -> {
                    json.writeStartObject();
                    json.writeArrayFieldStart("attributes");
                    for (RegistrationOutcome outcome : outcomes) {
                        json.writeStartObject();
                        write(json, outcome.type());
                        json.writeBooleanField("created", outcome.created());
                        json.writeEndObject();
                    }
                    json.writeEndArray();
                    json.writeEndObject();
                })
                .with("X-Consistency-Token", token(outcomes.getFirst()));
    }

    Reply rename(Exchange exchange) {
        return changed(
                200, tenants.rename(exchange.tenant(), exchange.path("name"), AttributeInput.name(exchange.body())));
    }

    Reply retire(Exchange exchange) {
        return changed(200, tenants.retire(exchange.tenant(), exchange.path("name")));
    }

    Reply restore(Exchange exchange) {
        return changed(200, tenants.restore(exchange.tenant(), exchange.path("name")));
    }

    private static String known(Registry registry, String name) {
        if (registry.find(name).isEmpty()) {
            throw Problem.of(ErrorCode.ATTRIBUTE_NOT_FOUND, "there is no attribute '%s'".formatted(name))
                    .at("name")
                    .hint(registry.nearestName(name)
                            .map("Did you mean '%s'?"::formatted)
                            .orElse("GET /api/v1/attributes lists them."))
                    .asException();
        }
        return name;
    }

    private static Reply changed(int status, RegistrationOutcome outcome) {
        return Reply.json(status, json -> {
                    json.writeStartObject();
                    write(json, outcome.type());
                    json.writeEndObject();
                })
                .with("X-Consistency-Token", token(outcome));
    }

    private static String token(RegistrationOutcome outcome) {
        return new ConsistencyToken(outcome.position()).encode();
    }

    /** The members of an attribute. */
    private static void write(JsonGenerator json, AttributeType type) throws IOException {
        json.writeNumberField("attribute_id", type.attributeId());
        json.writeStringField("name", type.name());
        json.writeStringField("data_type", type.dataType().wireName());
        json.writeBooleanField("filterable", type.filterable());
        json.writeStringField("pivot_state", type.pivotState().wireName());
        json.writeBooleanField("hot", type.hot());
        json.writeBooleanField("retired", type.retired());
        if (type.unit().isPresent()) {
            json.writeStringField("unit", type.unit().get());
        }
        if (type.description().isPresent()) {
            json.writeStringField("description", type.description().get());
        }
        if (!type.constraints().isEmpty()) {
            json.writeFieldName("constraints");
            json.writeRawValue(ConstraintsCodec.encode(type.constraints()));
        }
    }

    private static void write(JsonGenerator json, Optional<PivotProgress> progress) throws IOException {
        if (progress.isPresent()) {
            json.writeObjectFieldStart("pivot_progress");
            json.writeNumberField("rows_done", progress.get().rowsDone());
            json.writeNumberField("rows_total", progress.get().rowsTotal());
            json.writeStringField(
                    "started_at", EntityOutput.timestamp(progress.get().startedAt()));
            json.writeEndObject();
        }
    }
}
