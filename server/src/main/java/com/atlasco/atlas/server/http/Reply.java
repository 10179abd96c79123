package com.atlasco.atlas.server.http;

import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.server.json.Json;
import com.atlasco.atlas.server.json.ProblemJson;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What a request is answered with. */
record Reply(int status, String contentType, Map<String, String> headers, Buffer body) {

    /** For what says itself only that it passes, such as a source that is too stale. */
    private static final Duration SOON = Duration.ofSeconds(1);

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
        return problem.retryAfter()
                .or(() -> problem.code().retriable() ? Optional.of(SOON) : Optional.empty())
                .map(pause -> reply.with("Retry-After", seconds(pause)))
                .orElse(reply);
    }

    /** The header takes whole seconds; zero would be an invitation to try at once. */
    private static String seconds(Duration pause) {
        return Long.toString(Math.max(1, Math.ceilDiv(pause.toMillis(), 1_000L)));
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
