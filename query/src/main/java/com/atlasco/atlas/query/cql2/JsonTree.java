package com.atlasco.atlas.query.cql2;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.Problem.TextPosition;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** JSON with the place of each value; numbers stay as they are written. */
sealed interface JsonTree {

    /** Far beyond what a filter of the deepest nesting needs. */
    int MAX_DEPTH = 5 * FilterParser.MAX_NESTING;

    TextPosition position();

    record Fields(Map<String, JsonTree> members, TextPosition position) implements JsonTree {}

    record Items(List<JsonTree> elements, TextPosition position) implements JsonTree {}

    record Text(String text, TextPosition position) implements JsonTree {}

    record Numeral(String text, TextPosition position) implements JsonTree {}

    record Bool(boolean bool, TextPosition position) implements JsonTree {}

    record Null(TextPosition position) implements JsonTree {}

    /** What it is, for people. */
    default String describe() {
        return switch (this) {
            case Fields _ -> "an object";
            case Items _ -> "an array";
            case Text(String text, var _) -> "the text '" + Quoting.abbreviate(text) + "'";
            case Numeral(String text, var _) -> "the number " + Quoting.abbreviate(text);
            case Bool(boolean bool, var _) -> bool ? "true" : "false";
            case Null _ -> "null";
        };
    }

    /** The JSON pointer of the value that begins there. */
    default Optional<String> pointer(int offset) {
        if (position().offset() == offset) {
            return Optional.of("");
        }
        return switch (this) {
            case Fields(var members, var _) ->
                members.entrySet().stream()
                        .flatMap(member -> member
                                .getValue()
                                .pointer(offset)
                                .map(rest ->
                                        "/" + member.getKey().replace("~", "~0").replace("/", "~1") + rest)
                                .stream())
                        .findFirst();
            case Items(var elements, var _) -> {
                for (int i = 0; i < elements.size(); i++) {
                    Optional<String> rest = elements.get(i).pointer(offset);
                    if (rest.isPresent()) {
                        yield Optional.of("/" + i + rest.get());
                    }
                }
                yield Optional.empty();
            }
            case Text _, Numeral _, Bool _, Null _ -> Optional.empty();
        };
    }

    /**
     * Reads one JSON value.
     *
     * @throws AtlasException {@code filter_syntax} when the text is none, {@code filter_too_large} when it is nested too
     *     deeply
     */
    static JsonTree read(SourceText source) {
        if (source.text().isBlank()) {
            throw SyntaxErrors.empty(source.position(source.text().length()));
        }
        try (JsonParser parser = Reader.FACTORY.createParser(source.text())) {
            Reader reader = new Reader(parser, source);
            parser.nextToken();
            JsonTree tree = reader.value();
            if (parser.nextToken() != null) {
                throw Operands.syntax("expected the end of the filter, found more JSON", reader.position());
            }
            return tree;
        } catch (StreamConstraintsException tooMuch) {
            throw Problem.of(ErrorCode.FILTER_TOO_LARGE, "the filter is nested too deeply, or a part of it is too long")
                    .at(source.position(offset(tooMuch)))
                    .hint("Ask in several requests.")
                    .asException();
        } catch (JsonProcessingException malformed) {
            throw Problem.of(ErrorCode.FILTER_SYNTAX, "the filter is not valid JSON: " + reason(malformed))
                    .at(source.position(
                            Math.min(offset(malformed), source.text().length())))
                    .hint("For a filter in text, leave filter-lang out or send filter-lang=cql2-text.")
                    .asException();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static int offset(JsonProcessingException error) {
        JsonLocation location = error.getLocation();
        return location == null ? 0 : (int) Math.max(0, location.getCharOffset());
    }

    /** The parser's words without the settings it names. */
    private static String reason(JsonProcessingException malformed) {
        String message = malformed.getOriginalMessage();
        int end = message.indexOf('\n');
        return Quoting.abbreviate(end < 0 ? message : message.substring(0, end), 160);
    }

    /** Recurses no deeper than the parser lets it. */
    final class Reader {

        private static final JsonFactory FACTORY = JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxNumberLength(FilterParser.MAX_JSON_LENGTH)
                        .maxNameLength(FilterParser.MAX_JSON_LENGTH)
                        .maxStringLength(FilterParser.MAX_JSON_LENGTH)
                        .build())
                .build();

        private final JsonParser parser;
        private final SourceText source;

        private Reader(JsonParser parser, SourceText source) {
            this.parser = parser;
            this.source = source;
        }

        private JsonTree value() throws IOException {
            TextPosition position = position();
            return switch (parser.currentToken()) {
                case START_OBJECT -> {
                    Map<String, JsonTree> members = new LinkedHashMap<>();
                    while (parser.nextToken() == JsonToken.FIELD_NAME) {
                        String name = parser.currentName();
                        parser.nextToken();
                        members.put(name, value());
                    }
                    yield new Fields(members, position);
                }
                case START_ARRAY -> {
                    List<JsonTree> elements = new ArrayList<>();
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        elements.add(value());
                    }
                    yield new Items(elements, position);
                }
                case VALUE_STRING -> new Text(text(position), position);
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Numeral(parser.getText(), position);
                case VALUE_TRUE -> new Bool(true, position);
                case VALUE_FALSE -> new Bool(false, position);
                default -> new Null(position);
            };
        }

        private String text(TextPosition position) throws IOException {
            String text = parser.getText();
            if (text.codePoints().anyMatch(point -> point == 0 || Character.getType(point) == Character.SURROGATE)) {
                throw Operands.syntax("the text holds a NUL or a lone surrogate", position);
            }
            return text;
        }

        private TextPosition position() {
            return source.position((int) parser.currentTokenLocation().getCharOffset());
        }
    }
}
