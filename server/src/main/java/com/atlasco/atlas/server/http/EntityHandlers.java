package com.atlasco.atlas.server.http;

import com.atlasco.atlas.freshness.ConsistencyToken;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.write.EntityWrite;
import com.atlasco.atlas.postgres.write.GroupCommit;
import com.atlasco.atlas.postgres.write.WriteRequest;
import com.atlasco.atlas.postgres.write.WriteResult;
import com.atlasco.atlas.server.Tenants;
import com.atlasco.atlas.server.Writes;
import com.atlasco.atlas.server.json.EntityInput;

/** Writing single entities over HTTP. */
final class EntityHandlers {

    private final Tenants tenants;
    private final Writes writes;

    EntityHandlers(Tenants tenants, Writes writes) {
        this.tenants = tenants;
        this.writes = writes;
    }

    Reply create(Exchange exchange) {
        TenantId tenant = exchange.tenant();
        exchange.refuseConditions();
        return write(
                tenant, new EntityInput(tenants.registryOrEmpty(tenant)).create(exchange.body()), exchange.bodyBytes());
    }

    Reply replace(Exchange exchange) {
        TenantId tenant = exchange.tenant();
        long entityId = EntityInput.entityId(exchange.path("entity_id"));
        exchange.refuseConditions();
        return write(
                tenant,
                new EntityInput(tenants.registryOrEmpty(tenant)).replace(entityId, exchange.body()),
                exchange.bodyBytes());
    }

    Reply patch(Exchange exchange) {
        TenantId tenant = exchange.tenant();
        long entityId = EntityInput.entityId(exchange.path("entity_id"));
        exchange.refuseConditions();
        return write(
                tenant,
                new EntityInput(tenants.registry(tenant)).patch(entityId, exchange.body()),
                exchange.bodyBytes());
    }

    Reply delete(Exchange exchange) {
        TenantId tenant = exchange.tenant();
        exchange.refuseConditions();
        tenants.registry(tenant);
        return write(tenant, new EntityWrite.Delete(EntityInput.entityId(exchange.path("entity_id"))), 0);
    }

    private Reply write(TenantId tenant, EntityWrite write, int bytes) {
        tenants.createIfMissing(tenant);
        GroupCommit.Written written = writes.writeOne(tenant, WriteRequest.of(write), bytes);
        return reply(written.result(), new ConsistencyToken(written.position()).encode());
    }

    private static Reply reply(WriteResult result, String token) {
        return switch (result) {
            case WriteResult.Stored(long entityId, long version, boolean created) ->
                Reply.json(created ? 201 : 200, json -> {
                            json.writeStartObject();
                            json.writeNumberField("entity_id", entityId);
                            json.writeNumberField("version", version);
                            json.writeEndObject();
                        })
                        .with("X-Consistency-Token", token)
                        .with("ETag", "\"" + version + "\"")
                        .with("Location", "/api/v1/entities/" + entityId);
            case WriteResult.Deleted deleted -> Reply.noContent().with("X-Consistency-Token", token);
            case WriteResult.Replayed(WriteResult.Done first) ->
                reply(first, token).with("Idempotency-Replayed", "true");
            case WriteResult.Refused(var problem) -> throw problem.asException();
        };
    }
}
