package com.atlasco.atlas.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;

/**
 * The stored form of a document: a JSON object keyed by attribute id that tells each value's type by itself, so that
 * whoever reads it needs no registry.
 *
 * <pre>{@code {"3": 12.5, "7": "text", "9": true, "12": {"ts": 1700000000000000}, "15": {"json": [1, 2]}}}</pre>
 *
 * A number is a JSON number, text a string, a boolean a boolean; a timestamp is an object with its microseconds since
 * the epoch, a JSON value an object that wraps it. Thread-safe.
 */
public final class DocumentCodec {

    /** The member that wraps a timestamp's microseconds. */
    public static final String TIMESTAMP_MEMBER = "ts";

    /** The member that wraps a JSON value. */
    public static final String JSON_MEMBER = "json";

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final JsonFactory FACTORY = MAPPER.getFactory();

    private DocumentCodec() {}

    /** The stored form as text. */
    public static String encode(Document document) {
        JsonBytes text = new JsonBytes(32 * (document.values().size() + 1));
        encode(document, text);
        return text.toString();
    }

    /** Appends the stored form. */
    public static void encode(Document document, JsonBytes text) {
        AttributeMap<Value> values = AttributeMap.copyOf(document.values());
        text.put('{');
        for (int place = 0; place < values.size(); place++) {
            if (place > 0) {
                text.put(',');
            }
            text.put('"').number(values.idAt(place)).put('"').put(':');
            write(text, values.valueAt(place));
        }
        text.put('}');
    }

    private static void write(JsonBytes text, Value value) {
        switch (value) {
            case Value.NumberValue(double number) -> text.number(number);
            case Value.TextValue(String string) -> text.string(string);
            case Value.BoolValue(boolean bool) -> text.raw(bool ? "true" : "false");
            case Value.TimestampValue(long micros) ->
                text.raw("{\"" + TIMESTAMP_MEMBER + "\":").number(micros).put('}');
            case Value.JsonValue(String json) ->
                text.raw("{\"" + JSON_MEMBER + "\":").raw(json).put('}');
        }
    }

    /**
     * Reads what {@link #encode} wrote, in any spacing and order of members.
     *
     * @throws IllegalArgumentException when the text is not such a document
     */
    public static Document decode(String text) {
        return decode(text, false);
    }

    /**
     * As {@link #decode}, of attributes that were picked from a stored document: one that it lacks may be null.
     *
     * @throws IllegalArgumentException when the text is not such a document
     */
    public static Document decodePicked(String text) {
        return decode(text, true);
    }

    private static Document decode(String text, boolean nulls) {
        AttributeMap.Builder<Value> values = new AttributeMap.Builder<>(16);
        try (JsonParser parser = FACTORY.createParser(text)) {
            expect(parser.nextToken(), JsonToken.START_OBJECT, text);
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                int attributeId = Integer.parseInt(parser.currentName());
                if (parser.nextToken() != JsonToken.VALUE_NULL || !nulls) {
                    values.put(attributeId, read(parser, text));
                }
            }
            expect(parser.currentToken(), JsonToken.END_OBJECT, text);
            if (parser.nextToken() != null) {
                throw new IllegalArgumentException("not a stored document: " + text);
            }
        } catch (IOException malformed) {
            throw new IllegalArgumentException("not a stored document: " + text, malformed);
        }
        return new Document(values.build());
    }

    private static Value read(JsonParser parser, String text) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Value.NumberValue(parser.getDoubleValue());
            case VALUE_STRING -> new Value.TextValue(parser.getText());
            case VALUE_TRUE -> new Value.BoolValue(true);
            case VALUE_FALSE -> new Value.BoolValue(false);
            case START_OBJECT -> {
                expect(parser.nextToken(), JsonToken.FIELD_NAME, text);
                String member = parser.currentName();
                parser.nextToken();
                Value value = switch (member) {
                    case TIMESTAMP_MEMBER -> new Value.TimestampValue(parser.getLongValue());
                    case JSON_MEMBER -> new Value.JsonValue(CanonicalJson.of(MAPPER.<JsonNode>readTree(parser)));
                    default -> throw new IllegalArgumentException("not a stored document: " + text);
                };
                expect(parser.nextToken(), JsonToken.END_OBJECT, text);
                yield value;
            }
            default -> throw new IllegalArgumentException("not a stored document: " + text);
        };
    }

    private static void expect(JsonToken actual, JsonToken expected, String text) {
        if (actual != expected) {
            throw new IllegalArgumentException("not a stored document: " + text);
        }
    }
}
