package com.atlasco.atlas.cli.query;

import com.atlasco.atlas.cli.UsageException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A figure, as it is written on the command line: {@code count}, {@code avg(score)}. */
record MetricOption(String operation, Optional<String> attribute) {

    /**
     * Reads a figure.
     *
     * @throws UsageException when it is none
     */
    static MetricOption parse(String text) {
        Matcher parts = Pattern.compile("(count|count_distinct|sum|avg|min|max)(?:\\((.+)\\))?")
                .matcher(text.strip());
        Optional<String> attribute =
                parts.matches() ? Optional.ofNullable(parts.group(2)).map(String::strip) : Optional.empty();
        if (!parts.matches() || (attribute.isEmpty() && !parts.group(1).equals("count"))) {
            throw new UsageException(
                    ("--metric '%s' is not understood. Write count, or count_distinct, sum, avg, min or max with an"
                                    + " attribute: 'avg(score)'.")
                            .formatted(text));
        }
        return new MetricOption(parts.group(1), attribute);
    }

    /** Its name in the answer. */
    String name() {
        return attribute.map(on -> operation + "(" + on + ")").orElse(operation);
    }

    /** What the request says. */
    ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("op", operation);
        attribute.ifPresent(on -> json.put("attribute", on));
        return json;
    }
}
