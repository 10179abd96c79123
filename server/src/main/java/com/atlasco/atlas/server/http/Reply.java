package com.atlasco.atlas.server.http;

import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.server.json.Json;
import com.atlasco.atlas.server.json.ProblemJson;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a request is answered with. */
record Reply(int status, String contentType, Map<String, String> headers, Buffer body) {

    static Reply json(int status, Json.Writer writer) {
        return new Reply(status, "application/json", Map.of(), Buffer.buffer(Json.bytes(writer)));
    }

    static Reply noContent() {
        return new Reply(204, "", Map.of(), Buffer.buffer());
    }

    static Reply notModified() {
        return new Reply(304, "", Map.of(), Buffer.buffer());
    }

    static Reply problem(Problem problem) {
        Reply reply = new Reply(
                problem.code().httpStatus(),
                "application/problem+json",
                Map.of(),
                Buffer.buffer(Json.bytes(json -> ProblemJson.write(json, problem))));
        if (problem.code() == ErrorCode.UNAUTHENTICATED) {
            return reply.with("WWW-Authenticate", "Bearer realm=\"atlas\"");
        }
        if (problem.retryAfter().isEmpty() && !problem.code().retriable()) {
            return reply;
        }
        return reply.with(
                "Retry-After",
                Long.toString(problem.retryAfter().map(Reply::wholeSeconds).orElse(1L)));
    }

    /** The header knows no fractions: rounded up, and at least one. */
    private static long wholeSeconds(Duration wait) {
        return Math.max(1, wait.plusNanos(999_999_999).toSeconds());
    }

    Reply with(String header, String value) {
        return with(Map.of(header, value));
    }

    Reply with(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.putAll(more);
        return new Reply(status, contentType, all, body);
    }
}
