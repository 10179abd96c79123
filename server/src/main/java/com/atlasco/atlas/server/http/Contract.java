package com.atlasco.atlas.server.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/** The OpenAPI document, from the class path. */
final class Contract {

    private static final String RESOURCE = "/com/atlasco/atlas/server/openapi.yaml";

    private Contract() {}

    static byte[] asYaml() {
        try (InputStream stream = Contract.class.getResourceAsStream(RESOURCE)) {
            if (stream == null) {
                throw new IllegalStateException("missing from the class path: " + RESOURCE);
            }
            return stream.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @SuppressWarnings("unchecked")
    static JsonObject asJson() {
        try {
            Map<String, Object> document = new ObjectMapper(new YAMLFactory()).readValue(asYaml(), Map.class);
            return new JsonObject(document);
        } catch (IOException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }
}
