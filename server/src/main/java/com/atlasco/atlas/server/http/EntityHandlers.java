package com.atlasco.atlas.server.http;

import com.atlasco.atlas.freshness.ConsistencyToken;
import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.Registry;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.write.EntityWrite;
import com.atlasco.atlas.postgres.write.GroupCommit;
import com.atlasco.atlas.postgres.write.IdempotencyKey;
import com.atlasco.atlas.postgres.write.WriteCondition;
import com.atlasco.atlas.postgres.write.WriteRequest;
import com.atlasco.atlas.postgres.write.WriteResult;
import com.atlasco.atlas.server.Tenants;
import com.atlasco.atlas.server.Writes;
import com.atlasco.atlas.server.json.EntityInput;
import com.atlasco.atlas.server.json.ItemReader;
import java.util.Optional;

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
        exchange.refuseConditions("A POST only ever creates; PUT replaces what is there.");
        Optional<IdempotencyKey> key = exchange.idempotencyKey();
        EntityWrite write = new ItemReader(tenants.registryOrEmpty(tenant)).create(exchange.bodyArray());
        return answer(write(tenant, exchange, new WriteRequest(write, new WriteCondition.Always(), key)));
    }

    Reply replace(Exchange exchange) {
        TenantId tenant = exchange.tenant();
        long entityId = entityId(exchange);
        ItemReader input = new ItemReader(tenants.registryOrEmpty(tenant));
        return answer(write(tenant, exchange, request(exchange, input.replace(entityId, exchange.bodyArray()))));
    }

    Reply patch(Exchange exchange) {
        TenantId tenant = exchange.tenant();
        long entityId = entityId(exchange);
        ItemReader input = new ItemReader(tenants.registry(tenant));
        return answer(write(tenant, exchange, request(exchange, input.patch(entityId, exchange.bodyArray()))));
    }

    Reply delete(Exchange exchange) {
        TenantId tenant = exchange.tenant();
        long entityId = entityId(exchange);
        tenants.registry(tenant);
        return answer(write(tenant, exchange, request(exchange, new EntityWrite.Delete(entityId))));
    }

    Reply setAttribute(Exchange exchange) {
        TenantId tenant = exchange.tenant();
        long entityId = entityId(exchange);
        AttributeType type = attribute(tenants.registry(tenant), exchange.path("attribute"));
        EntityWrite write = EntityInput.attribute(entityId, type, exchange.body());
        return answer(write(tenant, exchange, request(exchange, write)));
    }

    Reply deleteAttribute(Exchange exchange) {
        TenantId tenant = exchange.tenant();
        long entityId = entityId(exchange);
        AttributeType type = attribute(tenants.registry(tenant), exchange.path("attribute"));
        EntityWrite write = new EntityWrite.RemoveAttribute(entityId, type.attributeId());
        return withoutBody(answer(write(tenant, exchange, request(exchange, write))));
    }

    /** The attribute that a path names. */
    static AttributeType attribute(Registry registry, String name) {
        return registry.find(name)
                .orElseThrow(
                        () -> Problem.of(ErrorCode.ATTRIBUTE_NOT_FOUND, "there is no attribute '%s'".formatted(name))
                                .at("attribute")
                                .hint(registry.nearestName(name)
                                        .map("Did you mean '%s'?"::formatted)
                                        .orElse("GET /api/v1/attributes lists them."))
                                .asException());
    }

    private static long entityId(Exchange exchange) {
        return EntityInput.entityId(exchange.path("entity_id"));
    }

    private static WriteRequest request(Exchange exchange, EntityWrite write) {
        return new WriteRequest(write, exchange.condition(), exchange.idempotencyKey());
    }

    /** What became of a write, and the token behind it. */
    private record Written(WriteResult result, String token) {}

    private Written write(TenantId tenant, Exchange exchange, WriteRequest request) {
        tenants.createIfMissing(tenant);
        GroupCommit.Written written = writes.writeOne(tenant, request, exchange.bodyBytes());
        return new Written(written.result(), new ConsistencyToken(written.position()).encode());
    }

    private static Reply answer(Written written) {
        return switch (written.result()) {
            case WriteResult.Done done -> done(done).with("X-Consistency-Token", written.token());
            case WriteResult.Replayed(WriteResult.Done first) ->
                done(first).with("X-Consistency-Token", written.token()).with("Idempotency-Replayed", "true");
            case WriteResult.Refused(Problem problem) -> refused(problem);
        };
    }

    private static Reply done(WriteResult.Done done) {
        return switch (done) {
            case WriteResult.Stored(long entityId, long version, boolean created) ->
                Reply.json(created ? 201 : 200, json -> {
                            json.writeStartObject();
                            json.writeNumberField("entity_id", entityId);
                            json.writeNumberField("version", version);
                            json.writeEndObject();
                        })
                        .with("ETag", EntityTag.of(version))
                        .with("Location", "/api/v1/entities/" + entityId);
            case WriteResult.Deleted _ -> Reply.noContent();
        };
    }

    private static Reply refused(Problem problem) {
        return switch (problem.code()) {
            case VERSION_MISMATCH -> {
                Reply reply = Reply.problem(problem.at(Exchange.IF_MATCH));
                yield Optional.ofNullable(problem.figures().get("current_version"))
                        .map(version -> reply.with("ETag", EntityTag.of(version)))
                        .orElse(reply);
            }
            case IDEMPOTENCY_KEY_REUSED -> Reply.problem(problem.at("Idempotency-Key"));
            default -> throw problem.asException();
        };
    }

    private static Reply withoutBody(Reply reply) {
        return reply.status() == 200 ? Reply.noContent().with(reply.headers()) : reply;
    }
}
