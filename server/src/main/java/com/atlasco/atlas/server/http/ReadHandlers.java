package com.atlasco.atlas.server.http;

import com.atlasco.atlas.freshness.FreshnessClass;
import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.Registry;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.query.CursorCodec;
import com.atlasco.atlas.query.EntityCount;
import com.atlasco.atlas.query.EntityPage;
import com.atlasco.atlas.query.EntityQuery;
import com.atlasco.atlas.query.Explanation;
import com.atlasco.atlas.server.Tenants;
import com.atlasco.atlas.server.json.EntityInput;
import com.atlasco.atlas.server.json.EntityOutput;
import com.atlasco.atlas.server.read.Answer;
import com.atlasco.atlas.server.read.ReadOptions;
import com.atlasco.atlas.server.read.ReadService;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** Reading entities over HTTP. */
final class ReadHandlers {

    private final Tenants tenants;
    private final ReadService reads;
    private final Moments moments;

    ReadHandlers(Tenants tenants, ReadService reads, Moments moments) {
        this.tenants = tenants;
        this.reads = reads;
        this.moments = moments;
    }

    Reply get(Exchange exchange) {
        Registry registry = tenants.registry(exchange.tenant());
        Answer<Entity> answer = entity(exchange);
        Entity entity = answer.value();
        return unlessKnown(
                exchange,
                answer,
                () -> Reply.json(200, json -> EntityOutput.write(json, entity, registry, Optional.empty())));
    }

    Reply getAttribute(Exchange exchange) {
        Registry registry = tenants.registry(exchange.tenant());
        String name = exchange.path("attribute");
        int attributeId = EntityHandlers.attribute(registry, name).attributeId();
        Answer<Entity> answer = entity(exchange);
        Entity entity = answer.value();
        Value value = entity.document()
                .find(attributeId)
                .orElseThrow(() -> Problem.of(
                                ErrorCode.ATTRIBUTE_NOT_FOUND,
                                "entity %d has no attribute '%s'".formatted(entity.entityId(), name))
                        .at("attribute")
                        .hint("The attribute is registered, but this entity has no value of it.")
                        .asException());
        return unlessKnown(
                exchange,
                answer,
                () -> Reply.json(200, json -> {
                    json.writeStartObject();
                    json.writeNumberField("entity_id", entity.entityId());
                    json.writeStringField("attribute", name);
                    json.writeFieldName("value");
                    EntityOutput.write(json, value);
                    json.writeNumberField("version", entity.version());
                    json.writeEndObject();
                }));
    }

    /** The reply with the version as its tag; a caller who has that version already is told no more. */
    private static Reply unlessKnown(Exchange exchange, Answer<Entity> answer, Supplier<Reply> reply) {
        long version = answer.value().version();
        return (exchange.has(version) ? Reply.notModified() : reply.get())
                .with(answer.headers())
                .with("ETag", EntityTag.of(version));
    }

    Reply find(Exchange exchange) {
        return find(exchange, FindRequest.ofParameters(exchange));
    }

    Reply search(Exchange exchange) {
        return find(exchange, FindRequest.ofBody(exchange.body()));
    }

    private Reply find(Exchange exchange, FindRequest request) {
        TenantId tenant = exchange.tenant();
        Registry registry = tenants.registry(tenant);
        FindRequest.Bound bound = request.bind(tenant, registry);
        if (request.explain()) {
            return explain(exchange, bound.query(), false);
        }
        ReadOptions options = exchange.readOptions(FreshnessClass.INTERACTIVE);
        Answer<CountedPage> answer = reads.find(options, reader -> {
            EntityPage page = reader.find(tenant, bound.query());
            return new CountedPage(
                    page,
                    request.count()
                            .map(wanted -> reader.count(tenant, bound.query().filter(), wanted)));
        });
        EntityPage page = answer.value().page();
        return Reply.json(200, json -> {
                    json.writeStartObject();
                    json.writeArrayFieldStart("entities");
                    for (Entity entity : page.entities()) {
                        EntityOutput.write(json, entity, registry, bound.properties());
                    }
                    json.writeEndArray();
                    json.writeFieldName("next_cursor");
                    if (page.next().isPresent()) {
                        json.writeString(CursorCodec.encode(page.next().get(), bound.fingerprint()));
                    } else {
                        json.writeNull();
                    }
                    json.writeFieldName("count");
                    if (answer.value().count().isPresent()) {
                        EntityCount count = answer.value().count().get();
                        json.writeStartObject();
                        json.writeNumberField("value", count.value());
                        json.writeStringField("method", count.method().wireName());
                        json.writeEndObject();
                    } else {
                        json.writeNull();
                    }
                    json.writeEndObject();
                })
                .with(answer.headers());
    }

    /** How a search would be served, and on demand what it really reads. */
    Reply explain(Exchange exchange) {
        JsonNode body = exchange.body();
        TenantId tenant = exchange.tenant();
        return explain(
                exchange,
                FindRequest.ofBody(body).bind(tenant, tenants.registry(tenant)).query(),
                body.path("analyze").asBoolean(false));
    }

    private Reply explain(Exchange exchange, EntityQuery query, boolean analyze) {
        TenantId tenant = exchange.tenant();
        Answer<Explanation> answer = reads.find(
                exchange.readOptions(FreshnessClass.INTERACTIVE), reader -> reader.explain(tenant, query, analyze));
        return Reply.json(200, json -> ExplanationOutput.write(json, answer.value(), answer.headers()))
                .with(answer.headers());
    }

    private record CountedPage(EntityPage page, Optional<EntityCount> count) {}

    private Answer<Entity> entity(Exchange exchange) {
        TenantId tenant = exchange.tenant();
        long entityId = EntityInput.entityId(exchange.path("entity_id"));
        Optional<Instant> asOf = moments.asOf(exchange.query(Moments.AS_OF));
        Answer<Optional<Entity>> answer = asOf.isPresent()
                ? reads.past(
                        exchange.readOptions(FreshnessClass.ANALYTICAL),
                        history -> history.get(tenant, entityId, asOf.get()))
                : reads.get(exchange.readOptions(FreshnessClass.INTERACTIVE), tenant, entityId);
        if (answer.value().isEmpty()) {
            throw new ReadRefused(
                    asOf.map(then -> Problem.of(
                                            ErrorCode.ENTITY_NOT_FOUND,
                                            "there was no entity %d at %s".formatted(entityId, then))
                                    .at("entity_id")
                                    .hint("GET its history to see when there was one."))
                            .orElseGet(
                                    () -> Problem.of(ErrorCode.ENTITY_NOT_FOUND, "there is no entity " + entityId)
                                            .at("entity_id")
                                            .hint(
                                                    "If it was just written, send the write's X-Consistency-Token with the read.")),
                    answer.headers());
        }
        return new Answer<>(answer.value().get(), answer.headers());
    }
}
