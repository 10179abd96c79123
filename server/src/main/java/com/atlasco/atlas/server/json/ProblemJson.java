package com.atlasco.atlas.server.json;

import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/** Writes problems as RFC 9457 problem details. Thread-safe. */
public final class ProblemJson {

    private ProblemJson() {}

    public static void write(JsonGenerator json, Problem problem) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", "urn:atlas:problem:" + problem.code().wireName());
        json.writeStringField("title", title(problem.code().wireName()));
        json.writeNumberField("status", problem.code().httpStatus());
        json.writeStringField("code", problem.code().wireName());
        json.writeStringField("detail", problem.detail());
        if (problem.place().isPresent()) {
            json.writeStringField("place", problem.place().get());
        }
        if (problem.position().isPresent()) {
            Problem.TextPosition position = problem.position().get();
            json.writeObjectFieldStart("position");
            json.writeNumberField("line", position.line());
            json.writeNumberField("column", position.column());
            json.writeNumberField("offset", position.offset());
            json.writeEndObject();
        }
        for (var figure : problem.figures().entrySet()) {
            json.writeNumberField(figure.getKey(), figure.getValue());
        }
        Optional<String> hint = problem.hint().or(() -> hint(problem.code()));
        if (hint.isPresent()) {
            json.writeStringField("hint", hint.get());
        }
        if (problem.retryAfter().isPresent()) {
            json.writeNumberField("retry_after_ms", problem.retryAfter().get().toMillis());
        }
        json.writeEndObject();
    }

    /** What helps with every problem of a kind, where the problem itself knows nothing better. */
    private static Optional<String> hint(ErrorCode code) {
        return switch (code) {
            case FILTER_SYNTAX ->
                Optional.of("A filter is CQL2 text, such as: status = 'active' AND country = 'US' AND score > 80");
            case INVALID_REQUEST, INVALID_VALUE -> Optional.of("GET /openapi.yaml describes what is taken here.");
            default -> Optional.empty();
        };
    }

    private static String title(String code) {
        String words = code.replace('_', ' ');
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }
}
