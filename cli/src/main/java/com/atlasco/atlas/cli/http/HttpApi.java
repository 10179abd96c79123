package com.atlasco.atlas.cli.http;

import com.atlasco.atlas.model.TenantId;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The HTTP API of one Atlas for one tenant. Thread-safe. */
public final class HttpApi implements AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration ANSWER_TIMEOUT = Duration.ofMinutes(5);
    private static final String JSON = "application/json";
    private static final String NDJSON = "application/x-ndjson";

    private final ApiAddress address;
    private final HttpClient client;
    private final ObjectMapper mapper = new ObjectMapper();

    public HttpApi(ApiAddress address) {
        this.address = address;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .build();
    }

    public URI base() {
        return address.base();
    }

    /** The tenant that requests name; empty when a key says whose they are. */
    public Optional<TenantId> tenant() {
        return address.tenant();
    }

    /**
     * Whose the data are that requests are about, without the key itself. What is the same of one server is the same
     * tenant's; for one tenant it may differ, when it is once named and once known by its keys.
     */
    public String owner() {
        return address.owner();
    }

    /**
     * Reads a path.
     *
     * @throws ProblemException when the server refuses
     * @throws UnreachableException when it does not answer
     */
    public Answer get(String path, Map<String, String> headers) {
        return served(send(request(path, headers).GET().build()));
    }

    /** As {@link #get}, but any status is an answer: a health check says 503 in a body of the same shape. */
    public Answer getAnyStatus(String path) {
        return send(request(path, Map.of()).GET().build());
    }

    /** Sends JSON to be worked on; errors as for {@link #get}. */
    public Answer post(String path, JsonNode body, Map<String, String> headers) {
        return served(send(request(path, headers)
                .header("Content-Type", JSON)
                .POST(json(body))
                .build()));
    }

    /** Sends JSON to be stored under a path; errors as for {@link #get}. */
    public Answer put(String path, JsonNode body) {
        return served(send(request(path, Map.of())
                .header("Content-Type", JSON)
                .PUT(json(body))
                .build()));
    }

    /** Sends a merge patch of what is under a path; errors as for {@link #get}. */
    public Answer patch(String path, JsonNode body) {
        return served(send(request(path, Map.of())
                .header("Content-Type", JSON)
                .method("PATCH", json(body))
                .build()));
    }

    /** Deletes what is under a path; errors as for {@link #get}. */
    public Answer delete(String path) {
        return served(send(request(path, Map.of()).DELETE().build()));
    }

    /**
     * Writes a batch.
     *
     * @param ndjson an item a line
     * @param results called with each result as it comes, in the order of the items
     * @return the token of the last transaction, when the answer's header carries it
     * @throws ProblemException when the server refuses the batch as a whole
     * @throws UnreachableException when the connection breaks; results that came before have been handed out
     */
    public Optional<String> writeBatch(byte[] ndjson, Consumer<JsonNode> results) {
        HttpRequest request = request("/api/v1/entities:batch", Map.of("Accept", NDJSON))
                .header("Content-Type", NDJSON)
                .POST(BodyPublishers.ofByteArray(ndjson))
                .build();
        return lines(request, results).firstValue("X-Consistency-Token");
    }

    /**
     * Sends JSON whose working on is answered line by line; errors as for {@link #get}.
     *
     * @param results called with each line as it comes; those that came before the connection broke have been handed out
     */
    public void postForLines(String path, JsonNode body, Consumer<JsonNode> results) {
        lines(
                request(path, Map.of("Accept", NDJSON))
                        .header("Content-Type", JSON)
                        .POST(json(body))
                        .build(),
                results);
    }

    private HttpHeaders lines(HttpRequest request, Consumer<JsonNode> results) {
        try {
            HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                if (response.statusCode() != 200) {
                    throw refused(response, parse(body.readAllBytes()));
                }
                try (MappingIterator<JsonNode> lines =
                        mapper.readerFor(JsonNode.class).readValues(body)) {
                    while (lines.hasNextValue()) {
                        results.accept(lines.nextValue());
                    }
                }
            }
            return response.headers();
        } catch (IOException exception) {
            throw broken(exception);
        } catch (InterruptedException exception) {
            throw interrupted(exception);
        }
    }

    /** A segment of a path, such as an attribute's name. */
    public static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private HttpRequest.Builder request(String path, Map<String, String> headers) {
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(address.resolve(path)).timeout(ANSWER_TIMEOUT);
        address.tenant().ifPresent(tenant -> builder.header("X-Tenant-Id", tenant.toString()));
        address.key().ifPresent(key -> builder.header("Authorization", "Bearer " + key));
        if (!headers.containsKey("Accept")) {
            builder.header("Accept", JSON + ", application/problem+json");
        }
        headers.forEach(builder::header);
        return builder;
    }

    private BodyPublisher json(JsonNode body) {
        try {
            return BodyPublishers.ofByteArray(mapper.writeValueAsBytes(body));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private Answer send(HttpRequest request) {
        try {
            HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), response.headers(), parse(response.body()));
        } catch (IOException exception) {
            throw broken(exception);
        } catch (InterruptedException exception) {
            throw interrupted(exception);
        }
    }

    private static Answer served(Answer answer) {
        if (answer.status() >= 200 && answer.status() < 300) {
            return answer;
        }
        throw refused(answer.status(), answer.headers().firstValue("Retry-After"), answer.body());
    }

    private static ProblemException refused(HttpResponse<?> response, JsonNode body) {
        return refused(response.statusCode(), response.headers().firstValue("Retry-After"), body);
    }

    private static ProblemException refused(int status, Optional<String> retryAfter, JsonNode body) {
        JsonNode problem = body.isObject() ? body : ProblemException.unexplained(status);
        return new ProblemException(
                status,
                problem,
                retryAfter
                        .filter(text -> text.matches("\\d{1,6}"))
                        .map(Long::parseLong)
                        .map(Duration::ofSeconds));
    }

    private JsonNode parse(byte[] body) {
        try {
            JsonNode node = mapper.readTree(body);
            return node == null ? MissingNode.getInstance() : node;
        } catch (IOException notJson) {
            return MissingNode.getInstance();
        }
    }

    private UnreachableException broken(IOException exception) {
        if (exception instanceof ConnectException || exception instanceof HttpConnectTimeoutException) {
            return new UnreachableException("cannot connect to " + address.base(), false, exception);
        }
        String reason = exception.getMessage() == null ? exception.getClass().getSimpleName() : exception.getMessage();
        return new UnreachableException(
                "the connection to " + address.base() + " broke (" + reason + ")", true, exception);
    }

    private UnreachableException interrupted(InterruptedException exception) {
        Thread.currentThread().interrupt();
        return new UnreachableException("interrupted while waiting for " + address.base(), true, exception);
    }

    /** Ends the connections; requests under way are cut off. */
    @Override
    public void close() {
        client.shutdownNow();
    }
}
