package com.atlasco.atlas.server.json;

import com.atlasco.atlas.model.Problem;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Locale;

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
        if (problem.hint().isPresent()) {
            json.writeStringField("hint", problem.hint().get());
        }
        json.writeEndObject();
    }

    private static String title(String code) {
        String words = code.replace('_', ' ');
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }
}
