package com.atlasco.atlas.it.filter;

import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.query.filter.Property;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/** Random filters as people would write them, in CQL2 text: every operator and function, in every combination. */
final class RandomText {

    private static final List<String> COMPARISONS = List.of("=", "<>", "<", "<=", ">", ">=");
    private static final List<String> EQUALITIES = List.of("=", "<>");
    private static final List<String> ARITHMETIC = List.of("+", "-", "*", "/", "%", "div", "^");
    private static final List<String> OF_INSTANTS =
            List.of("T_AFTER", "T_BEFORE", "T_DISJOINT", "T_EQUALS", "T_INTERSECTS");
    private static final List<String> OF_INTERVALS = List.of(
            "T_CONTAINS",
            "T_DURING",
            "T_FINISHEDBY",
            "T_FINISHES",
            "T_MEETS",
            "T_METBY",
            "T_OVERLAPPEDBY",
            "T_OVERLAPS",
            "T_STARTEDBY",
            "T_STARTS");
    private static final List<String> OF_ARRAYS = List.of("A_EQUALS", "A_CONTAINS", "A_CONTAINEDBY", "A_OVERLAPS");
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Random random;
    private final RandomWorld world;
    private final List<Property> properties = new ArrayList<>(List.of(Property.Intrinsic.values()));

    RandomText(Random random, RandomWorld world, List<AttributeType> types) {
        this.random = random;
        this.world = world;
        types.forEach(type -> properties.add(new Property.Attribute(type)));
    }

    String filter(int depth) {
        return switch (random.nextInt(depth == 0 ? 20 : 30)) {
            case 20, 21, 22 -> operands(depth, " AND ");
            case 23, 24, 25 -> operands(depth, " OR ");
            case 26, 27, 28 -> "NOT (" + filter(depth - 1) + ")";
            case 29 -> "(" + condition(depth - 1) + ") IS " + not() + "NULL";
            default -> predicate();
        };
    }

    /** No property alone: in parentheses that is a value. */
    private String condition(int depth) {
        return depth > 0 ? operands(depth, " OR ") : comparison();
    }

    private String operands(int depth, String word) {
        return IntStream.range(0, 2 + random.nextInt(2))
                .mapToObj(i -> "(" + filter(depth - 1) + ")")
                .collect(Collectors.joining(word));
    }

    private String predicate() {
        return switch (random.nextInt(18)) {
            case 0, 1, 2, 3 -> comparison();
            case 4, 5 -> number(2) + " " + world.pick(COMPARISONS) + " " + number(3);
            case 6 -> textual(2) + " " + world.pick(COMPARISONS) + " " + textual(2);
            case 7 -> between();
            case 8 -> in();
            case 9, 10 -> textual(random.nextInt(3)) + " " + not() + "LIKE " + pattern(random.nextInt(3));
            case 11 -> isNull();
            case 12, 13, 14 -> temporal();
            case 15, 16 -> world.pick(OF_ARRAYS) + "(" + array() + ", " + array() + ")";
            default ->
                random.nextInt(3) == 0
                        ? world.pick(List.of("TRUE", "FALSE"))
                        : name(DataType.BOOL).orElse("TRUE");
        };
    }

    private String comparison() {
        DataType type = world.pick(List.of(DataType.NUMBER, DataType.TEXT, DataType.TS, DataType.BOOL));
        String left = value(type);
        return left + " " + world.pick(type == DataType.BOOL ? EQUALITIES : COMPARISONS) + " " + likeLeft(left, type);
    }

    /** Whole numbers are compared with whole numbers. */
    private String likeLeft(String left, DataType type) {
        boolean intrinsic = left.equals("entity_id") || left.equals("version");
        return intrinsic && random.nextInt(4) > 0 ? Integer.toString(random.nextInt(130)) : value(type);
    }

    private String between() {
        DataType type = world.pick(List.of(DataType.NUMBER, DataType.TEXT, DataType.TS));
        Supplier<String> part = () -> type == DataType.NUMBER ? number(1) : value(type);
        return part.get() + " " + not() + "BETWEEN " + part.get() + " AND " + part.get();
    }

    private String in() {
        DataType type = world.pick(List.of(DataType.NUMBER, DataType.TEXT, DataType.TS, DataType.BOOL));
        boolean simple = random.nextBoolean();
        Supplier<String> part = () -> switch (type) {
            case NUMBER -> simple ? literal(type) : number(1);
            case TEXT -> simple ? literal(type) : textual(1);
            default -> value(type);
        };
        String operand = type == DataType.TEXT ? textual(random.nextInt(2)) : value(type);
        return operand + " " + not() + "IN ("
                + IntStream.rangeClosed(0, random.nextInt(random.nextInt(10) == 0 ? 30 : 4))
                        .mapToObj(i -> likeLeftIn(operand, part))
                        .collect(Collectors.joining(", "))
                + ")";
    }

    private String likeLeftIn(String left, Supplier<String> part) {
        return left.equals("entity_id") || left.equals("version") ? Integer.toString(random.nextInt(130)) : part.get();
    }

    private String isNull() {
        String operand = switch (random.nextInt(4)) {
            case 0 -> number(2);
            case 1 -> textual(2);
            default -> name(world.pick(List.of(DataType.values()))).orElse("version");
        };
        return operand + " IS " + not() + "NULL";
    }

    private String not() {
        return random.nextInt(3) == 0 ? "NOT " : "";
    }

    private Optional<String> name(DataType type) {
        List<Property> fitting =
                properties.stream().filter(each -> each.dataType() == type).toList();
        return fitting.isEmpty() ? Optional.empty() : Optional.of(quoted(world.pick(fitting)));
    }

    private static String quoted(Property property) {
        return property instanceof Property.Intrinsic
                ? property.wireName()
                : "\"" + property.wireName().replace("\"", "\"\"") + "\"";
    }

    private String value(DataType type) {
        return random.nextInt(3) > 0 ? name(type).orElseGet(() -> literal(type)) : literal(type);
    }

    private String literal(DataType type) {
        return switch (world.value(type)) {
            case Value.NumberValue(double number) ->
                random.nextInt(4) == 0 ? Integer.toString(random.nextInt(130)) : Double.toString(number);
            case Value.TextValue(String text) -> text(text);
            case Value.TimestampValue timestamp -> instant(timestamp);
            case Value.BoolValue(boolean bool) -> bool ? "TRUE" : "FALSE";
            case Value.JsonValue _ -> array();
        };
    }

    private String instant(Value.TimestampValue timestamp) {
        String instant = timestamp.instant().toString();
        return random.nextBoolean()
                ? "TIMESTAMP('" + instant + "')"
                : "DATE('" + instant.substring(0, instant.indexOf('T')) + "')";
    }

    /** Backslashes before a quote are halved, and quotes doubled. */
    private static String text(String text) {
        return "'" + text.replaceAll("(\\\\+)('|$)", "$1$1$2").replace("'", "''") + "'";
    }

    private String number(int depth) {
        return switch (random.nextInt(depth == 0 ? 3 : 6)) {
            case 0, 1 -> name(DataType.NUMBER).orElse("version");
            case 2 -> literal(DataType.NUMBER);
            case 3 -> "-(" + number(depth - 1) + ")";
            default -> "(" + number(depth - 1) + " " + world.pick(ARITHMETIC) + " " + number(depth - 1) + ")";
        };
    }

    private String textual(int depth) {
        return switch (depth == 0 ? 0 : random.nextInt(3)) {
            case 1 -> "CASEI(" + textual(depth - 1) + ")";
            case 2 -> "ACCENTI(" + textual(depth - 1) + ")";
            default -> value(DataType.TEXT);
        };
    }

    private String pattern(int depth) {
        return switch (depth == 0 ? 0 : random.nextInt(3)) {
            case 1 -> "CASEI(" + pattern(depth - 1) + ")";
            case 2 -> "ACCENTI(" + pattern(depth - 1) + ")";
            default -> {
                String text = world.text();
                int points = text.codePointCount(0, text.length());
                int from = text.offsetByCodePoints(0, random.nextInt(points + 1));
                String literal = text.substring(random.nextBoolean() ? 0 : from)
                        .replace("\\", "\\\\")
                        .replace("%", random.nextBoolean() ? "%" : "\\%")
                        .replace("_", random.nextBoolean() ? "_" : "\\_");
                yield text(world.pick(List.of("", "", "%", "_", "%_"))
                        + literal
                        + world.pick(List.of("", "%", "%", "_", "%a%", "%b_%", "%e%i%")));
            }
        };
    }

    private String temporal() {
        if (random.nextInt(3) > 0) {
            return world.pick(OF_INSTANTS) + "(" + extent() + ", " + extent() + ")";
        }
        return world.pick(OF_INTERVALS) + "(" + interval() + ", " + interval() + ")";
    }

    private String extent() {
        return switch (random.nextInt(3)) {
            case 0 -> interval();
            case 1 -> name(DataType.TS).orElse("updated_at");
            default -> literal(DataType.TS);
        };
    }

    private String interval() {
        long one = world.micros();
        long other = world.micros();
        return "INTERVAL(" + bound(Math.min(one, other)) + ", " + bound(Math.max(one, other)) + ")";
    }

    private String bound(long micros) {
        return switch (random.nextInt(6)) {
            case 0 -> "'..'";
            case 1, 2 -> name(DataType.TS).orElse("updated_at");
            case 3 ->
                "'" + new Value.TimestampValue(micros).instant().toString().substring(0, 10) + "'";
            default -> "'" + new Value.TimestampValue(micros).instant() + "'";
        };
    }

    private String array() {
        if (random.nextInt(5) > 1) {
            return name(DataType.JSON).orElse("()");
        }
        try {
            return element(MAPPER.readTree(((Value.JsonValue) world.value(DataType.JSON)).json()))
                    .filter(array -> array.startsWith("("))
                    .orElse("(1)");
        } catch (JsonProcessingException malformed) {
            throw new IllegalStateException(malformed);
        }
    }

    /** JSON as a literal; empty for what is none. */
    private static Optional<String> element(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY ->
                Optional.of(StreamSupport.stream(node.spliterator(), false)
                        .flatMap(element -> element(element).stream())
                        .collect(Collectors.joining(", ", "(", ")")));
            case NUMBER -> Optional.of(Double.toString(node.doubleValue()));
            case STRING -> Optional.of(text(node.textValue()));
            case BOOLEAN -> Optional.of(node.booleanValue() ? "TRUE" : "FALSE");
            default -> Optional.empty();
        };
    }
}
