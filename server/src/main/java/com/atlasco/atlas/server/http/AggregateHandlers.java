package com.atlasco.atlas.server.http;

import com.atlasco.atlas.freshness.FreshnessClass;
import com.atlasco.atlas.freshness.ReadRequest.Shape;
import com.atlasco.atlas.model.NumberText;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.query.aggregate.AggregateQuery;
import com.atlasco.atlas.query.aggregate.AggregateResult;
import com.atlasco.atlas.query.aggregate.GroupKey;
import com.atlasco.atlas.server.Tenants;
import com.atlasco.atlas.server.json.EntityOutput;
import com.atlasco.atlas.server.read.Answer;
import com.atlasco.atlas.server.read.ReadOptions;
import com.atlasco.atlas.server.read.ReadService;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/** Aggregates over HTTP. */
final class AggregateHandlers {

    private final Tenants tenants;
    private final ReadService reads;
    private final Moments moments;

    AggregateHandlers(Tenants tenants, ReadService reads, Moments moments) {
        this.tenants = tenants;
        this.reads = reads;
        this.moments = moments;
    }

    Reply aggregate(Exchange exchange) {
        TenantId tenant = exchange.tenant();
        AggregateQuery query = new AggregateRequest(tenants.registry(tenant)).read(exchange.body());
        ReadOptions options = exchange.readOptions(FreshnessClass.ANALYTICAL);
        Optional<Instant> asOf = moments.asOf(
                Optional.ofNullable(exchange.body().path(Moments.AS_OF).textValue()));
        Answer<AggregateResult> answer = asOf.isPresent()
                ? reads.past(options, history -> history.aggregate(tenant, query, asOf.get()))
                : reads.read(options, Shape.AGGREGATE, reader -> reader.aggregate(tenant, query));
        return Reply.json(200, json -> write(json, query, answer.value())).with(answer.headers());
    }

    private static void write(JsonGenerator json, AggregateQuery query, AggregateResult result) throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("groups");
        for (AggregateResult.Group group : result.groups()) {
            json.writeStartObject();
            json.writeObjectFieldStart("key");
            for (int i = 0; i < query.groupBy().size(); i++) {
                GroupKey part = query.groupBy().get(i);
                json.writeFieldName(part.property().wireName());
                writeKey(json, part, group.key().get(i));
            }
            json.writeEndObject();
            json.writeObjectFieldStart("metrics");
            for (int i = 0; i < query.metrics().size(); i++) {
                json.writeFieldName(query.metrics().get(i).name());
                writeOptional(json, group.metrics().get(i));
            }
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeBooleanField("truncated", result.truncated());
        json.writeEndObject();
    }

    private static void writeKey(JsonGenerator json, GroupKey part, Optional<Value> key) throws IOException {
        if (part instanceof GroupKey.Histogram histogram
                && key.isPresent()
                && key.get() instanceof Value.NumberValue(double number)) {
            int bucket = (int) number;
            json.writeStartObject();
            json.writeNumberField("bucket", bucket);
            json.writeFieldName("from");
            if (bucket == 0) {
                json.writeNull();
            } else {
                NumberText.write(json, histogram.from(bucket));
            }
            json.writeFieldName("to");
            if (bucket > histogram.buckets()) {
                json.writeNull();
            } else {
                NumberText.write(json, histogram.from(bucket + 1));
            }
            json.writeEndObject();
        } else {
            writeOptional(json, key);
        }
    }

    private static void writeOptional(JsonGenerator json, Optional<Value> value) throws IOException {
        if (value.isPresent()) {
            EntityOutput.write(json, value.get());
        } else {
            json.writeNull();
        }
    }
}
