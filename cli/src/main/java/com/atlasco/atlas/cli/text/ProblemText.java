package com.atlasco.atlas.cli.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/** Prints an RFC 9457 problem as people read it. */
public final class ProblemText {

    private ProblemText() {}

    /**
     * The problem in lines: what is wrong, the filter with a caret under the place, and what to do.
     *
     * @param problem a problem detail as the server sent it
     * @param filter the filter that was sent, if any
     */
    public static String of(JsonNode problem, Optional<String> filter) {
        StringBuilder text = new StringBuilder(headline(problem));
        JsonNode position = problem.path("position");
        if (filter.isPresent()
                && position.path("line").isInt()
                && position.path("column").isInt()) {
            text.append(caret(
                    filter.get(),
                    position.path("line").intValue(),
                    position.path("column").intValue()));
        } else if (problem.path("place").isTextual()) {
            text.append("\n  at ")
                    .append(DisplayText.oneLine(problem.path("place").textValue()));
        }
        if (problem.path("hint").isTextual()) {
            text.append("\n  hint: ")
                    .append(DisplayText.oneLine(problem.path("hint").textValue()));
        }
        return text.toString();
    }

    /** What is wrong, in one line. */
    public static String headline(JsonNode problem) {
        for (String member : List.of("detail", "title", "code")) {
            if (problem.path(member).isTextual()
                    && !problem.path(member).textValue().isBlank()) {
                return DisplayText.oneLine(problem.path(member).textValue());
            }
        }
        return "the server refused without saying why";
    }

    /** A line of the filter and a caret under a column; both from 1, the column in UTF-16 units. */
    public static String caret(String filter, int line, int column) {
        List<String> lines = filter.lines().toList();
        if (line < 1 || line > lines.size()) {
            return "";
        }
        String wanted = lines.get(line - 1);
        String before = wanted.substring(0, Math.clamp(column - 1L, 0, wanted.length()));
        return "\n  " + DisplayText.oneLine(wanted) + "\n  "
                + " ".repeat(DisplayText.width(DisplayText.oneLine(before))) + "^";
    }
}
