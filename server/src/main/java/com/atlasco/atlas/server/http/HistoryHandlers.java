package com.atlasco.atlas.server.http;

import com.atlasco.atlas.freshness.FreshnessClass;
import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.Registry;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.query.history.HistoryEntry;
import com.atlasco.atlas.query.history.HistoryEntry.Event;
import com.atlasco.atlas.query.history.HistoryPage;
import com.atlasco.atlas.query.history.HistoryPlace;
import com.atlasco.atlas.query.history.HistoryQuery;
import com.atlasco.atlas.server.Tenants;
import com.atlasco.atlas.server.json.EntityInput;
import com.atlasco.atlas.server.json.EntityOutput;
import com.atlasco.atlas.server.read.Answer;
import com.atlasco.atlas.server.read.ReadService;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;

/** What became of an entity, over HTTP. */
final class HistoryHandlers {

    private static final int DEFAULT_LIMIT = 100;

    private final Tenants tenants;
    private final ReadService reads;
    private final Moments moments;

    HistoryHandlers(Tenants tenants, ReadService reads, Moments moments) {
        this.tenants = tenants;
        this.reads = reads;
        this.moments = moments;
    }

    Reply history(Exchange exchange) {
        TenantId tenant = exchange.tenant();
        Registry registry = tenants.registry(tenant);
        long entityId = EntityInput.entityId(exchange.path("entity_id"));
        HistoryQuery query = new HistoryQuery(
                entityId,
                exchange.query("attribute")
                        .map(name -> OptionalInt.of(
                                EntityHandlers.attribute(registry, name).attributeId()))
                        .orElse(OptionalInt.empty()),
                moments.parameter(exchange, "from"),
                moments.parameter(exchange, "to"),
                exchange.wholeNumber("limit", 1, HistoryQuery.MAX_LIMIT)
                        .map(Long::intValue)
                        .orElse(DEFAULT_LIMIT),
                exchange.query("cursor").map(text -> HistoryPlace.decode(text, tenant, entityId)));
        Answer<HistoryPage> answer =
                reads.past(exchange.readOptions(FreshnessClass.ANALYTICAL), history -> history.history(tenant, query));
        return Reply.json(200, json -> write(json, tenant, entityId, registry, answer.value()))
                .with(answer.headers());
    }

    private static void write(JsonGenerator json, TenantId tenant, long entityId, Registry registry, HistoryPage page)
            throws IOException {
        json.writeStartObject();
        json.writeNumberField("entity_id", entityId);
        json.writeArrayFieldStart("changes");
        for (HistoryEntry entry : page.entries()) {
            write(json, registry, entry);
        }
        json.writeEndArray();
        json.writeFieldName("next_cursor");
        if (page.next().isPresent()) {
            json.writeString(page.next().get().encode(tenant, entityId));
        } else {
            json.writeNull();
        }
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Registry registry, HistoryEntry entry) throws IOException {
        json.writeStartObject();
        json.writeStringField("event", entry.event().wireName());
        json.writeStringField("committed_at", EntityOutput.timestamp(entry.committedAt()));
        switch (entry.event()) {
            case Event.ValueSet set -> {
                writeAttribute(json, registry, set.attributeId());
                json.writeFieldName("value");
                EntityOutput.write(json, set.value());
                write(json, set.version());
            }
            case Event.ValueRemoved removed -> {
                writeAttribute(json, registry, removed.attributeId());
                write(json, removed.version());
            }
            case Event.Touched touched -> write(json, touched.version());
            case Event.Deleted _ -> {}
        }
        json.writeEndObject();
    }

    /** By the name it has now; null when this node has yet to learn of it. */
    private static void writeAttribute(JsonGenerator json, Registry registry, int attributeId) throws IOException {
        Optional<String> name = registry.find(attributeId).map(AttributeType::name);
        json.writeFieldName("attribute");
        if (name.isPresent()) {
            json.writeString(name.get());
        } else {
            json.writeNull();
        }
    }

    private static void write(JsonGenerator json, HistoryEntry.Version version) throws IOException {
        json.writeNumberField("version", version.number());
        json.writeStringField("entity_type", version.entityType());
        json.writeStringField("updated_at", EntityOutput.timestamp(version.updatedAt()));
    }
}
