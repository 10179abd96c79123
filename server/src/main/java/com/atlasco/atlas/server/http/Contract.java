package com.atlasco.atlas.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** The OpenAPI document, from the class path. */
final class Contract {

    private static final String RESOURCE = "/com/atlasco/atlas/server/openapi.yaml";
    private static final String BATCH_PATH = "/api/v1/entities:batch";
    private static final String DELETE_PATH = "/api/v1/entities:delete";
    private static final String DEFAULT_URL = "http://127.0.0.1:8080";
    private static final String JSON = "application/json";

    private Contract() {}

    /** The document as it is served at this base URL. */
    static byte[] asYaml(String url) {
        return new String(asYaml(), StandardCharsets.UTF_8)
                .replace(DEFAULT_URL, url)
                .getBytes(StandardCharsets.UTF_8);
    }

    private static final Set<String> CHECKED_BY_THEMSELVES = Set.of("createEntity", "replaceEntity", "patchEntity");

    private static byte[] asYaml() {
        try (InputStream stream = Contract.class.getResourceAsStream(RESOURCE)) {
            if (stream == null) {
                throw new IllegalStateException("missing from the class path: " + RESOURCE);
            }
            return stream.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /**
     * The same document as far as requests are validated against it: the validator knows no media types but JSON's, and
     * answers are not validated. The batch and the deletion are not its business: a colon in a path would stand for a
     * parameter.
     */
    static JsonObject forValidation() {
        try {
            JsonNode document = new ObjectMapper(new YAMLFactory()).readTree(asYaml());
            ((ObjectNode) document.path("paths")).remove(List.of(BATCH_PATH, DELETE_PATH));
            // Who may do what is settled before the validator sees a request.
            ((ObjectNode) document).remove("security");
            ((ObjectNode) document.path("components")).remove("securitySchemes");
            document.path("paths").forEach(path -> path.forEach(Contract::keepJsonRequests));
            document.path("components")
                    .path("responses")
                    .forEach(response -> ((ObjectNode) response).remove("content"));
            return new JsonObject(new ObjectMapper().writeValueAsString(document));
        } catch (IOException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }

    private static void keepJsonRequests(JsonNode operation) {
        // The validator reads parameters as JSON, and chokes on a quote or a line break; the handlers check them all.
        ((ObjectNode) operation).remove("parameters");
        ((ObjectNode) operation).remove("security");
        // The validator copies all schemas for every body: 300 µs of CPU for each write of an entity. What is read of
        // such a body is checked by itself, and more strictly.
        if (CHECKED_BY_THEMSELVES.contains(operation.path("operationId").asText())) {
            ((ObjectNode) operation).remove("requestBody");
        }
        operation.path("responses").forEach(response -> ((ObjectNode) response).remove("content"));
        JsonNode content = operation.path("requestBody").path("content");
        if (content instanceof ObjectNode media) {
            media.retain(JSON);
        }
    }
}
