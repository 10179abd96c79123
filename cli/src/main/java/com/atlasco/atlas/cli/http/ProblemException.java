package com.atlasco.atlas.cli.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.util.Optional;

/** The server refused a request. */
public final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient JsonNode problem;
    private final transient Optional<Duration> retryAfter;

    ProblemException(int status, JsonNode problem, Optional<Duration> retryAfter) {
        super(problem.path("detail").asText("HTTP " + status));
        this.status = status;
        this.problem = problem;
        this.retryAfter = retryAfter;
    }

    /** For answers that are not problem details, such as those of a proxy. */
    static JsonNode unexplained(int status) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("status", status)
                .put("detail", "the server answered HTTP " + status + " without saying why")
                .put("hint", "Check that --url is the address of an Atlas.");
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The problem detail as it was sent. */
    public JsonNode problem() {
        return problem;
    }

    /** When the server said to come back. */
    public Optional<Duration> retryAfter() {
        return retryAfter;
    }
}
