package com.atlasco.atlas.server.http;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.model.ValueParser;
import com.atlasco.atlas.postgres.tenant.QuotaChange;
import com.atlasco.atlas.postgres.tenant.Quotas;
import com.atlasco.atlas.postgres.tenant.Tenant;
import com.atlasco.atlas.server.TenantAdministration;
import com.atlasco.atlas.server.json.EntityOutput;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Tenants and their quotas over HTTP. */
final class TenantHandlers {

    private static final int LONGEST_NAME = 200;
    private static final int MOST = 1_000;

    private final TenantAdministration administration;

    TenantHandlers(TenantAdministration administration) {
        this.administration = administration;
    }

    Reply create(Exchange exchange) {
        JsonNode body = exchange.body();
        JsonNode id = body.path("tenant_id");
        Tenant tenant = administration.create(
                id.isMissingNode() || id.isNull()
                        ? Optional.empty()
                        : Optional.of(new TenantId(wholeNumber("/tenant_id", id, 1))),
                name(body),
                change("/quotas", body.path("quotas")).ofNone());
        return Reply.json(201, json -> write(json, tenant)).with("Location", "/api/v1/admin/tenants/" + tenant.id());
    }

    Reply list(Exchange exchange) {
        int limit = exchange.wholeNumber("limit", 1, MOST).orElse(100L).intValue();
        long after = exchange.wholeNumber("after", 0, Long.MAX_VALUE).orElse(0L);
        List<Tenant> tenants = administration.page(after, limit + 1);
        List<Tenant> page = tenants.subList(0, Math.min(limit, tenants.size()));
        return Reply.json(200, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("tenants");
            for (Tenant tenant : page) {
                write(json, tenant);
            }
            json.writeEndArray();
            json.writeFieldName("next_after");
            if (tenants.size() > limit) {
                json.writeNumber(page.getLast().id().value());
            } else {
                json.writeNull();
            }
            json.writeEndObject();
        });
    }

    Reply get(Exchange exchange) {
        Tenant tenant = administration.find(exchange.administeredTenant());
        return Reply.json(200, json -> write(json, tenant));
    }

    Reply delete(Exchange exchange) {
        Tenant tenant = administration.delete(exchange.administeredTenant());
        return Reply.json(202, json -> write(json, tenant));
    }

    Reply patchQuotas(Exchange exchange) {
        JsonNode body = exchange.body();
        Quotas quotas = administration.changeQuotas(exchange.administeredTenant(), change("", body));
        return Reply.json(200, json -> write(json, quotas));
    }

    /** 1 to 200 characters, none of them a control. */
    static String name(JsonNode body) {
        String name = ValueParser.checkText("name", body.path("name").asText());
        boolean control = name.codePoints().anyMatch(Character::isISOControl);
        if (name.isBlank() || control || name.codePointCount(0, name.length()) > LONGEST_NAME) {
            throw Problem.of(ErrorCode.INVALID_NAME, "a name has 1 to 200 characters, none of them a control")
                    .at("/name")
                    .hint("Choose another one.")
                    .asException();
        }
        return name;
    }

    /** What is given replaces what is known; null takes a limit away. */
    private static QuotaChange change(String place, JsonNode given) {
        return new QuotaChange(
                limit(place, given, "max_entities", 0),
                limit(place, given, "max_attribute_types", 0),
                limit(place, given, "max_writes_per_second", 1));
    }

    private static Optional<OptionalLong> limit(String place, JsonNode given, String member, long least) {
        JsonNode value = given.path(member);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        return Optional.of(
                value.isNull()
                        ? OptionalLong.empty()
                        : OptionalLong.of(wholeNumber(place + "/" + member, value, least)));
    }

    private static long wholeNumber(String place, JsonNode value, long least) {
        if (value.isIntegralNumber() && value.canConvertToLong() && value.longValue() >= least) {
            return value.longValue();
        }
        throw invalid(place, value, least);
    }

    private static AtlasException invalid(String place, JsonNode value, long least) {
        return Problem.of(ErrorCode.INVALID_REQUEST, "%s cannot be %s".formatted(place.substring(1), value))
                .at(place)
                .hint("It is a whole number from %d to %d.".formatted(least, Long.MAX_VALUE))
                .asException();
    }

    private static void write(JsonGenerator json, Tenant tenant) throws IOException {
        json.writeStartObject();
        json.writeNumberField("tenant_id", tenant.id().value());
        json.writeStringField("name", tenant.name());
        json.writeStringField("state", tenant.state().wireName());
        json.writeStringField("created_at", EntityOutput.timestamp(tenant.createdAt()));
        json.writeFieldName("quotas");
        write(json, tenant.quotas());
        if (tenant.deletion().isPresent()) {
            Tenant.Deletion deletion = tenant.deletion().get();
            json.writeObjectFieldStart("deletion");
            json.writeStringField("requested_at", EntityOutput.timestamp(deletion.requestedAt()));
            json.writeStringField("phase", deletion.phase());
            write(json, "entities", deletion.entitiesDone(), deletion.entitiesTotal());
            write(json, "rows", deletion.rowsDone(), deletion.rowsTotal());
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, String name, long done, long total) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeNumberField("done", done);
        json.writeNumberField("total", total);
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Quotas quotas) throws IOException {
        json.writeStartObject();
        write(json, "max_entities", quotas.maxEntities());
        write(json, "max_attribute_types", quotas.maxAttributeTypes());
        write(json, "max_writes_per_second", quotas.maxWritesPerSecond());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, String name, OptionalLong limit) throws IOException {
        json.writeFieldName(name);
        if (limit.isPresent()) {
            json.writeNumber(limit.getAsLong());
        } else {
            json.writeNull();
        }
    }
}
