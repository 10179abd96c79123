package com.atlasco.atlas.model;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** One text per JSON value: keys sorted, no white space, numbers as {@link NumberText} writes them. Thread-safe. */
public final class CanonicalJson {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** String's own order is by UTF-16 units, which puts what lies beyond U+FFFF before U+E000. */
    private static final Comparator<String> BY_CODE_POINT =
            Comparator.comparing(text -> text.codePoints().toArray(), Arrays::compare);

    private CanonicalJson() {}

    public static String of(JsonNode node) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = MAPPER.getFactory().createGenerator(text)) {
            write(generator, node);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }

    /**
     * The canonical form of a JSON text.
     *
     * @throws IllegalArgumentException when the text is not JSON
     */
    public static String of(String json) {
        try {
            return of(MAPPER.readTree(json));
        } catch (JsonProcessingException malformed) {
            throw new IllegalArgumentException("not JSON: " + json, malformed);
        }
    }

    private static void write(JsonGenerator generator, JsonNode node) throws IOException {
        switch (node.getNodeType()) {
            case OBJECT -> {
                List<Map.Entry<String, JsonNode>> members = new ArrayList<>();
                members.addAll(node.properties());
                members.sort(Map.Entry.comparingByKey(BY_CODE_POINT));
                generator.writeStartObject();
                for (Map.Entry<String, JsonNode> member : members) {
                    generator.writeFieldName(member.getKey());
                    write(generator, member.getValue());
                }
                generator.writeEndObject();
            }
            case ARRAY -> {
                generator.writeStartArray();
                for (JsonNode element : node) {
                    write(generator, element);
                }
                generator.writeEndArray();
            }
            case NUMBER -> NumberText.write(generator, node.doubleValue());
            case STRING -> generator.writeString(node.textValue());
            case BOOLEAN -> generator.writeBoolean(node.booleanValue());
            default -> generator.writeNull();
        }
    }
}
