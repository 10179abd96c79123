package com.atlasco.atlas.server.http;

import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.tenant.ApiKey;
import com.atlasco.atlas.postgres.tenant.Scope;
import com.atlasco.atlas.server.TenantAdministration;
import com.atlasco.atlas.server.json.EntityOutput;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** The keys of tenants over HTTP. */
final class KeyHandlers {

    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    private final TenantAdministration administration;

    KeyHandlers(TenantAdministration administration) {
        this.administration = administration;
    }

    Reply create(Exchange exchange) {
        TenantId tenant = exchange.administeredTenant();
        JsonNode body = exchange.body();
        TenantAdministration.CreatedKey created =
                administration.createKey(tenant, TenantHandlers.name(body), scopes(body), expiresAt(body));
        return Reply.json(201, json -> {
                    json.writeStartObject();
                    json.writeStringField("key", created.secret().text());
                    members(json, created.key());
                    json.writeEndObject();
                })
                // Nobody between here and there is to keep it.
                .with("Cache-Control", "no-store");
    }

    Reply list(Exchange exchange) {
        var keys = administration.keys(exchange.administeredTenant());
        return Reply.json(200, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("keys");
            for (ApiKey key : keys) {
                json.writeStartObject();
                members(json, key);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    Reply revoke(Exchange exchange) {
        administration.revoke(exchange.administeredTenant(), exchange.path("key_id"));
        return Reply.noContent();
    }

    private static Set<Scope> scopes(JsonNode body) {
        JsonNode names = body.path("scopes");
        if (names.isMissingNode()) {
            return Set.of(Scope.READ, Scope.WRITE);
        }
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        for (JsonNode name : names) {
            scopes.add(Scope.ofWireName(name.asText())
                    .orElseThrow(() -> Problem.of(ErrorCode.INVALID_REQUEST, "there is no scope " + name)
                            .at("/scopes")
                            .hint("It is one of read, write, admin.")
                            .asException()));
        }
        if (scopes.isEmpty()) {
            throw Problem.of(ErrorCode.INVALID_REQUEST, "a key without scopes is good for nothing")
                    .at("/scopes")
                    .hint("Give at least one of read, write, admin.")
                    .asException();
        }
        return scopes;
    }

    private static Optional<Instant> expiresAt(JsonNode body) {
        JsonNode text = body.path("expires_at");
        if (text.isMissingNode() || text.isNull()) {
            return Optional.empty();
        }
        try {
            Instant expiresAt = OffsetDateTime.parse(text.asText()).toInstant();
            if (expiresAt.isAfter(Instant.EPOCH) && !expiresAt.isAfter(LATEST)) {
                return Optional.of(expiresAt);
            }
        } catch (DateTimeException malformed) {
            // Answered below, like an instant out of range.
        }
        throw Problem.of(ErrorCode.INVALID_REQUEST, "expires_at cannot be %s".formatted(text))
                .at("/expires_at")
                .hint("It is an RFC 3339 timestamp of the years 1970 to 9999, such as 2027-01-31T00:00:00Z.")
                .asException();
    }

    private static void members(JsonGenerator json, ApiKey key) throws IOException {
        json.writeStringField("key_id", key.keyId());
        json.writeNumberField("tenant_id", key.tenant().value());
        json.writeStringField("name", key.name());
        json.writeArrayFieldStart("scopes");
        for (Scope scope : key.scopes().stream().sorted().toList()) {
            json.writeString(scope.wireName());
        }
        json.writeEndArray();
        json.writeStringField("created_at", EntityOutput.timestamp(key.createdAt()));
        write(json, "expires_at", key.expiresAt());
        write(json, "last_used_at", key.lastUsedAt());
        write(json, "revoked_at", key.revokedAt());
    }

    private static void write(JsonGenerator json, String name, Optional<Instant> instant) throws IOException {
        if (instant.isPresent()) {
            json.writeStringField(name, EntityOutput.timestamp(instant.get()));
        } else {
            json.writeNullField(name);
        }
    }
}
