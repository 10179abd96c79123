package com.atlasco.atlas.server.http;

import com.atlasco.atlas.model.Registry;
import com.atlasco.atlas.query.cql2.ConformanceClass;
import com.atlasco.atlas.server.Tenants;
import com.atlasco.atlas.server.json.Json;
import com.atlasco.atlas.server.json.QueryablesOutput;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Supplier;

/** What filters may say and name, over HTTP. */
final class DescriptionHandlers {

    private static final int TAG_BYTES = 8;

    private final Tenants tenants;
    private final Supplier<String> url;

    DescriptionHandlers(Tenants tenants, Supplier<String> url) {
        this.tenants = tenants;
        this.url = url;
    }

    Reply conformance(Exchange exchange) {
        return Reply.json(200, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("conformsTo");
            for (ConformanceClass met : ConformanceClass.values()) {
                json.writeString(met.uri());
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    /** The schema, with a tag of what it holds; a caller who has it already is told no more. */
    Reply queryables(Exchange exchange) {
        Registry registry = tenants.registryOrEmpty(exchange.tenant());
        String id = url.get() + "/api/v1/queryables";
        byte[] schema = Json.bytes(json -> QueryablesOutput.write(json, id, exchange.tenant(), registry));
        String tag = tag(schema);
        Reply reply = exchange.has(tag)
                ? Reply.notModified()
                : new Reply(200, "application/schema+json", Map.of(), Buffer.buffer(schema));
        return reply.with("ETag", "\"" + tag + "\"").with("Cache-Control", "no-cache");
    }

    private static String tag(byte[] content) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
            return HexFormat.of()
                    .toHexDigits(ByteBuffer.wrap(hash, 0, TAG_BYTES).getLong());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
