package com.atlasco.atlas.server.http;

import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.server.Resync;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** Fills the analytics store anew. */
final class ResyncHandlers {

    private final Resync resync;

    ResyncHandlers(Resync resync) {
        this.resync = resync;
    }

    /** Answers when it has begun. */
    Reply begin(Exchange exchange) {
        JsonNode body = exchange.body();
        Optional<TenantId> tenant = body.hasNonNull("tenant_id")
                ? Optional.of(new TenantId(body.path("tenant_id").asLong()))
                : Optional.empty();
        resync.begin(tenant, body.path("take_over").asBoolean());
        return Reply.json(202, json -> {
            json.writeStartObject();
            json.writeStringField("status", "begun");
            json.writeEndObject();
        });
    }
}
