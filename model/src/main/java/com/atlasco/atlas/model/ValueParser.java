package com.atlasco.atlas.model;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Pattern;

/** Turns JSON input into a checked value of a registered type. Thread-safe. */
public final class ValueParser {

    /** How many arrays and objects may stand in each other in a JSON value: far fewer than any reader of it bears. */
    public static final int MAX_JSON_DEPTH = 200;

    private static final long EXACT = 1L << 53;
    private static final BigDecimal EXACT_INTEGERS = BigDecimal.valueOf(EXACT);
    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
    /** Refuses what has a member twice, of which a tree would keep one. */
    private static final ObjectReader TREES =
            new ObjectMapper().reader().with(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

    private ValueParser() {}

    /**
     * Checks a JSON value against the attribute's type and constraints.
     *
     * @param node not JSON null
     * @throws AtlasException {@code invalid_value} that says what was given, what is wanted, and the attribute; {@code
     *     constraint_violated} that also says which constraint
     */
    public static Value parse(AttributeType type, JsonNode node) {
        return ConstraintCheck.checked(type, typed(type, node));
    }

    private static Value typed(AttributeType type, JsonNode node) {
        return switch (type.dataType()) {
            case NUMBER -> {
                if (!node.isNumber()) {
                    throw mismatch(type, node, "a JSON number, such as 12.5");
                }
                yield number(type, node);
            }
            case TEXT -> {
                if (!node.isTextual()) {
                    throw mismatch(type, node, "a JSON string");
                }
                yield new Value.TextValue(checkText(type.name(), node.textValue()));
            }
            case BOOL -> {
                if (!node.isBoolean()) {
                    throw mismatch(type, node, "true or false");
                }
                yield new Value.BoolValue(node.booleanValue());
            }
            case TS -> {
                if (!node.isTextual()) {
                    throw mismatch(type, node, "an RFC 3339 timestamp, such as \"2026-01-31T12:00:00Z\"");
                }
                try {
                    yield timestamp(node.textValue());
                } catch (DateTimeException malformed) {
                    throw mismatch(type, node, "an RFC 3339 timestamp, such as \"2026-01-31T12:00:00Z\"");
                }
            }
            case JSON -> {
                checkJson(type, node, 0);
                yield new Value.JsonValue(CanonicalJson.of(node));
            }
        };
    }

    /**
     * Reads the value at a parser's token as {@link #parse} would read its tree, in a fraction of the time.
     *
     * @return empty for what is rare or wrong: {@link #parse} then finds the value, or the words for what is wrong. The
     *     parser then stands inside the value.
     * @throws AtlasException as {@link #parse}, for values of type json
     */
    public static Optional<Value> read(AttributeType type, JsonParser parser) throws IOException {
        return typed(type, parser).map(value -> ConstraintCheck.checked(type, value));
    }

    private static Optional<Value> typed(AttributeType type, JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        return switch (type.dataType()) {
            case NUMBER ->
                switch (token) {
                    case VALUE_NUMBER_INT -> {
                        if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
                            yield Optional.empty();
                        }
                        long number = parser.getLongValue();
                        yield -EXACT <= number && number <= EXACT
                                ? Optional.of(new Value.NumberValue(number))
                                : Optional.empty();
                    }
                    case VALUE_NUMBER_FLOAT -> {
                        double number = parser.getDoubleValue();
                        yield Double.isFinite(number) ? Optional.of(new Value.NumberValue(number)) : Optional.empty();
                    }
                    default -> Optional.empty();
                };
            case TEXT ->
                token == JsonToken.VALUE_STRING
                        ? Optional.of(new Value.TextValue(checkText(type.name(), parser.getText())))
                        : Optional.empty();
            case BOOL ->
                token.isBoolean() ? Optional.of(new Value.BoolValue(token == JsonToken.VALUE_TRUE)) : Optional.empty();
            case TS -> token == JsonToken.VALUE_STRING ? TimestampText.read(parser) : Optional.empty();
            case JSON -> Optional.of(parse(type, TREES.readTree(parser)));
        };
    }

    /**
     * Reads an RFC 3339 timestamp with an offset, or a date (its first instant in UTC). Digits beyond microseconds are
     * cut off.
     *
     * @throws DateTimeException when the text is neither, or lies outside the years 0001 to 9999
     */
    public static Value.TimestampValue timestamp(String text) {
        Instant instant = DATE.matcher(text).matches()
                ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
                : OffsetDateTime.parse(text).toInstant();
        if (instant.isBefore(EARLIEST) || instant.isAfter(LATEST)) {
            throw new DateTimeException("outside the years 0001 to 9999: " + text);
        }
        return Value.TimestampValue.of(instant);
    }

    private static Value number(AttributeType type, JsonNode node) {
        double number = node.doubleValue();
        if (!Double.isFinite(number)) {
            throw Problem.of(
                            ErrorCode.INVALID_VALUE,
                            "attribute '%s' takes finite numbers up to 1.797e308, not %s"
                                    .formatted(type.name(), abbreviate(node.asText())))
                    .at(pointer(type.name()))
                    .hint("Send a number in the range of an IEEE 754 double, or leave the attribute out.")
                    .asException();
        }
        if (node.isIntegralNumber()
                && node.decimalValue().abs().compareTo(EXACT_INTEGERS) > 0
                && new BigDecimal(number).compareTo(node.decimalValue()) != 0) {
            throw Problem.of(
                            ErrorCode.INVALID_VALUE,
                            "attribute '%s' would not keep the integer %s exactly: numbers are IEEE 754 doubles, exact up to 2^53"
                                    .formatted(type.name(), abbreviate(node.asText())))
                    .at(pointer(type.name()))
                    .hint("Register the attribute as text to keep long identifiers digit by digit.")
                    .asException();
        }
        return new Value.NumberValue(number);
    }

    /**
     * Checks that text can be stored on every tier.
     *
     * @throws AtlasException {@code invalid_value} for NUL and for lone surrogates
     */
    public static String checkText(String attribute, String text) {
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            boolean paired = Character.isHighSurrogate(unit)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (unit == 0 || (Character.isSurrogate(unit) && !paired)) {
                throw Problem.of(
                                ErrorCode.INVALID_VALUE,
                                "attribute '%s' holds %s at character %d"
                                        .formatted(
                                                attribute,
                                                unit == 0 ? "a NUL" : "the lone surrogate U+%04X".formatted((int) unit),
                                                i + 1))
                        .at(pointer(attribute))
                        .hint("Send valid Unicode text without U+0000.")
                        .asException();
            }
            if (paired) {
                i++;
            }
        }
        return text;
    }

    private static void checkJson(AttributeType type, JsonNode node, int depth) {
        if (node.isContainerNode() && depth == MAX_JSON_DEPTH) {
            throw Problem.of(
                            ErrorCode.INVALID_VALUE,
                            "attribute '%s' takes JSON of at most %d levels".formatted(type.name(), MAX_JSON_DEPTH))
                    .at(pointer(type.name()))
                    .hint("Flatten it, or send it as text.")
                    .asException();
        }
        if (node.isTextual()) {
            checkText(type.name(), node.textValue());
        } else if (node.isNumber()) {
            number(type, node);
        }
        node.properties().forEach(member -> {
            checkText(type.name(), member.getKey());
            checkJson(type, member.getValue(), depth + 1);
        });
        if (node.isArray()) {
            node.forEach(element -> checkJson(type, element, depth + 1));
        }
    }

    private static AtlasException mismatch(AttributeType type, JsonNode node, String wanted) {
        return Problem.of(
                        ErrorCode.INVALID_VALUE,
                        "attribute '%s' is of type %s and takes %s, not %s"
                                .formatted(
                                        type.name(), type.dataType().wireName(), wanted, abbreviate(node.toString())))
                .at(pointer(type.name()))
                .hint("Send %s.".formatted(wanted))
                .asException();
    }

    /** A JSON pointer as RFC 6901 has it. */
    static String pointer(String attribute) {
        return "/attributes/" + attribute.replace("~", "~0").replace("/", "~1");
    }

    /** At most 60 characters for people; never half of a surrogate pair, which no UTF-8 answer could hold. */
    static String abbreviate(String text) {
        String whole = text.codePoints()
                .map(codePoint -> Character.getType(codePoint) == Character.SURROGATE ? 0xFFFD : codePoint)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        if (whole.length() <= 60) {
            return whole;
        }
        return whole.substring(0, Character.isHighSurrogate(whole.charAt(56)) ? 56 : 57) + "...";
    }
}
