package com.atlasco.atlas.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Constraints as JSON, on the wire and in the registry: {@code enum}, {@code min}, {@code max}, {@code pattern}, {@code
 * max_length}, {@code required_for}. Thread-safe.
 */
public final class ConstraintsCodec {

    private static final Set<String> MEMBERS = Set.of("enum", "min", "max", "pattern", "max_length", "required_for");
    private static final int MAX_ALLOWED = 1_000;
    private static final int MAX_REQUIRED_FOR = 100;
    private static final int MAX_ENTITY_TYPE_LENGTH = 200;
    private static final int MAX_TEXT_LENGTH = 10_000_000;
    private static final int MAX_ENCODED_LENGTH = 65_536;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private ConstraintsCodec() {}

    /**
     * Reads and checks constraints. Members that are missing or null are no constraints.
     *
     * @throws AtlasException {@code invalid_constraint}, at a pointer such as {@code /constraints/min}
     */
    public static Constraints read(DataType dataType, JsonNode json) {
        if (json.isMissingNode() || json.isNull()) {
            return Constraints.none();
        }
        if (!json.isObject()) {
            throw refused("", "constraints are a JSON object", "Send \"constraints\": {\"min\": 0}.");
        }
        json.fieldNames().forEachRemaining(member -> {
            if (!MEMBERS.contains(member)) {
                throw refused(
                        "/" + member,
                        "there is no constraint '%s'".formatted(ValueParser.abbreviate(member)),
                        "Constraints are enum, min, max, pattern, max_length and required_for.");
            }
        });
        Constraints constraints = new Constraints(
                allowed(dataType, json.path("enum")),
                bound(dataType, json, "min"),
                bound(dataType, json, "max"),
                pattern(dataType, json.path("pattern")),
                maxLength(dataType, json.path("max_length")),
                requiredFor(json.path("required_for")));
        requireSense(constraints);
        if (encode(constraints).length() > MAX_ENCODED_LENGTH) {
            throw refused("", "the constraints are longer than 64 KiB", "Use fewer or shorter values.");
        }
        return constraints;
    }

    /** Reads what {@link #encode} wrote. */
    public static Constraints decode(DataType dataType, String json) {
        if (json.equals("{}")) {
            return Constraints.none();
        }
        try {
            return read(dataType, MAPPER.readTree(json));
        } catch (JsonProcessingException impossible) {
            throw new IllegalArgumentException("stored constraints are not JSON: " + json, impossible);
        }
    }

    public static String encode(Constraints constraints) {
        return write(constraints).toString();
    }

    /** The constraints that there are; an empty object for none. */
    public static ObjectNode write(Constraints constraints) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        if (!constraints.allowed().isEmpty()) {
            ArrayNode allowed = json.putArray("enum");
            constraints.allowed().forEach(value -> allowed.add(node(value)));
        }
        constraints.min().ifPresent(min -> json.set("min", node(min)));
        constraints.max().ifPresent(max -> json.set("max", node(max)));
        constraints.pattern().ifPresent(pattern -> json.put("pattern", pattern.expression()));
        constraints.maxLength().ifPresent(length -> json.put("max_length", length));
        if (!constraints.requiredFor().isEmpty()) {
            ArrayNode types = json.putArray("required_for");
            constraints.requiredFor().forEach(types::add);
        }
        return json;
    }

    private static JsonNode node(Value value) {
        return switch (value) {
            case Value.NumberValue(double number) ->
                JsonNodeFactory.instance.numberNode(new java.math.BigDecimal(NumberText.of(number)));
            case Value.TextValue(String text) -> JsonNodeFactory.instance.textNode(text);
            case Value.TimestampValue timestamp ->
                JsonNodeFactory.instance.textNode(timestamp.instant().toString());
            case Value.BoolValue(boolean bool) -> JsonNodeFactory.instance.booleanNode(bool);
            case Value.JsonValue _ -> throw new IllegalArgumentException("values of type json are not constrained");
        };
    }

    private static Set<Value> allowed(DataType dataType, JsonNode json) {
        if (isAbsent(json)) {
            return Set.of();
        }
        if (dataType == DataType.JSON) {
            throw doesNotApply("enum", dataType, "number, text, ts and bool");
        }
        if (!json.isArray() || json.isEmpty() || json.size() > MAX_ALLOWED) {
            throw refused(
                    "/enum",
                    "enum is a list of 1 to %,d values".formatted(MAX_ALLOWED),
                    "Send \"enum\": [\"new\", \"used\"], or leave it out to allow any value.");
        }
        Set<Value> values = new LinkedHashSet<>();
        for (int i = 0; i < json.size(); i++) {
            values.add(value(dataType, json.get(i), "/enum/" + i));
        }
        return values;
    }

    private static Optional<Value> bound(DataType dataType, JsonNode json, String member) {
        JsonNode bound = json.path(member);
        if (isAbsent(bound)) {
            return Optional.empty();
        }
        if (dataType != DataType.NUMBER && dataType != DataType.TS) {
            throw doesNotApply(member, dataType, "number and ts");
        }
        return Optional.of(value(dataType, bound, "/" + member));
    }

    private static Optional<TextPattern> pattern(DataType dataType, JsonNode json) {
        if (isAbsent(json)) {
            return Optional.empty();
        }
        if (dataType != DataType.TEXT) {
            throw doesNotApply("pattern", dataType, "text");
        }
        String expression = text(json, "/pattern");
        try {
            return Optional.of(TextPattern.of(expression));
        } catch (IllegalArgumentException malformed) {
            throw refused(
                    "/pattern",
                    "'%s' is no regular expression that is taken here: %s"
                            .formatted(ValueParser.abbreviate(expression), malformed.getMessage()),
                    "Use the syntax of RE2: no backreferences, no lookaround; ^ and $ anchor it.");
        }
    }

    private static OptionalInt maxLength(DataType dataType, JsonNode json) {
        if (isAbsent(json)) {
            return OptionalInt.empty();
        }
        if (dataType != DataType.TEXT) {
            throw doesNotApply("max_length", dataType, "text");
        }
        if (!json.isIntegralNumber()
                || !json.canConvertToInt()
                || json.intValue() < 1
                || json.intValue() > MAX_TEXT_LENGTH) {
            throw refused(
                    "/max_length",
                    "max_length is a whole number of characters, 1 to %,d".formatted(MAX_TEXT_LENGTH),
                    "Send such a number, or leave it out.");
        }
        return OptionalInt.of(json.intValue());
    }

    private static SortedSet<String> requiredFor(JsonNode json) {
        SortedSet<String> types = new TreeSet<>();
        if (isAbsent(json)) {
            return types;
        }
        if (!json.isArray() || json.size() > MAX_REQUIRED_FOR) {
            throw refused(
                    "/required_for",
                    "required_for is a list of at most %d types of entities".formatted(MAX_REQUIRED_FOR),
                    "Send \"required_for\": [\"device\"].");
        }
        for (int i = 0; i < json.size(); i++) {
            String place = "/required_for/" + i;
            String type = text(json.get(i), place);
            if (type.isBlank() || type.codePointCount(0, type.length()) > MAX_ENTITY_TYPE_LENGTH) {
                throw refused(
                        place,
                        "an entity type has 1 to %d characters, not all blank".formatted(MAX_ENTITY_TYPE_LENGTH),
                        "Name a type of entities, such as \"device\".");
            }
            types.add(type);
        }
        return types;
    }

    private static void requireSense(Constraints constraints) {
        if (constraints.min().isPresent()
                && constraints.max().isPresent()
                && ConstraintCheck.compare(
                                constraints.min().get(), constraints.max().get())
                        > 0) {
            throw refused("/min", "min is greater than max, so no value could be written", "Swap them.");
        }
        Constraints others = new Constraints(
                Set.of(),
                constraints.min(),
                constraints.max(),
                constraints.pattern(),
                constraints.maxLength(),
                new TreeSet<>());
        int index = 0;
        for (Value value : constraints.allowed()) {
            Optional<ConstraintCheck.Violation> violation = ConstraintCheck.violation(others, value);
            if (violation.isPresent()) {
                throw refused(
                        "/enum/" + index,
                        "this value is allowed by enum, and refused by %s"
                                .formatted(violation.get().constraint()),
                        "Leave one of the two out.");
            }
            index++;
        }
    }

    private static Value value(DataType dataType, JsonNode json, String place) {
        AttributeType unconstrained =
                new AttributeType(1, "value", dataType, false, false, Optional.empty(), Optional.empty());
        try {
            if (!json.isNull()) {
                return ValueParser.parse(unconstrained, json);
            }
        } catch (AtlasException refused) {
            // Told below: the parser speaks of an entity's attribute.
        }
        throw refused(
                place,
                "%s is not a value of type %s".formatted(ValueParser.abbreviate(json.toString()), dataType.wireName()),
                "Constraints of a %s are values of type %s.".formatted(dataType.wireName(), dataType.wireName()));
    }

    private static String text(JsonNode json, String place) {
        try {
            if (json.isTextual()) {
                return ValueParser.checkText("constraints", json.textValue());
            }
        } catch (AtlasException refused) {
            // Told below, with the right place.
        }
        throw refused(
                place,
                "%s is not text".formatted(ValueParser.abbreviate(json.toString())),
                "Send a JSON string of valid Unicode without U+0000.");
    }

    private static boolean isAbsent(JsonNode json) {
        return json.isMissingNode() || json.isNull();
    }

    private static AtlasException doesNotApply(String member, DataType dataType, String types) {
        return refused(
                "/" + member,
                "%s applies to type %s; this attribute is of type %s".formatted(member, types, dataType.wireName()),
                "Leave it out.");
    }

    private static AtlasException refused(String place, String detail, String hint) {
        return Problem.of(ErrorCode.INVALID_CONSTRAINT, detail)
                .at("/constraints" + place)
                .hint(hint)
                .asException();
    }
}
