package com.atlasco.atlas.cli.load;

import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.ValueParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads a cell of a CSV file as a value of a type. Thread-safe. */
final class CellText {

    // No leading zeros: 007 and 01234 are codes, and a number would lose their zeros.
    private static final Pattern NUMBER = Pattern.compile("[+-]?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d{1,4})?");
    private static final Pattern TIMESTAMP_START = Pattern.compile("\\d{4}-\\d{2}-\\d{2}([Tt].*)?");

    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build()
            .reader();

    private CellText() {}

    /** The value, or empty when the cell is none of that type. */
    static Optional<JsonNode> as(DataType type, String cell) {
        String stripped = cell.strip();
        return switch (type) {
            case TEXT -> Optional.of(JsonNodeFactory.instance.textNode(cell));
            case NUMBER -> number(stripped);
            case BOOL -> bool(stripped);
            case TS ->
                isTimestamp(stripped) ? Optional.of(JsonNodeFactory.instance.textNode(stripped)) : Optional.empty();
            case JSON -> json(stripped);
        };
    }

    private static Optional<JsonNode> number(String text) {
        if (!NUMBER.matcher(text).matches()) {
            return Optional.empty();
        }
        BigDecimal exact = new BigDecimal(text);
        double number = exact.doubleValue();
        // A whole number that a double would change is an identifier, and stays text.
        boolean whole = exact.stripTrailingZeros().scale() <= 0;
        if (!Double.isFinite(number) || (whole && new BigDecimal(number).compareTo(exact) != 0)) {
            return Optional.empty();
        }
        return Optional.of(
                whole && Math.abs(number) < 1e15
                        ? JsonNodeFactory.instance.numberNode(exact.longValueExact())
                        : JsonNodeFactory.instance.numberNode(number));
    }

    private static Optional<JsonNode> bool(String text) {
        if (text.equalsIgnoreCase("true")) {
            return Optional.of(BooleanNode.TRUE);
        }
        return text.equalsIgnoreCase("false") ? Optional.of(BooleanNode.FALSE) : Optional.empty();
    }

    /** Whether the text is what a timestamp attribute takes. */
    static boolean isTimestamp(String text) {
        if (!TIMESTAMP_START.matcher(text).matches()) {
            return false;
        }
        try {
            ValueParser.timestamp(text);
            return true;
        } catch (DateTimeException none) {
            return false;
        }
    }

    private static Optional<JsonNode> json(String text) {
        if (!text.startsWith("{") && !text.startsWith("[")) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readTree(text));
        } catch (JsonProcessingException none) {
            return Optional.empty();
        }
    }
}
