package com.atlasco.atlas.query.cql2;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.Problem.TextPosition;
import com.atlasco.atlas.query.cql2.Expression.TextLiteral;
import com.atlasco.atlas.query.filter.Filter.Operator;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Turns CQL2's JSON into expressions, after the standard's cql2.json. Members that the schema does not name are refused,
 * since they are mostly misspelt. Recurses no deeper than the tree was let to be.
 */
final class JsonReader {

    private static final Set<String> ARITHMETIC = Set.of("+", "-", "*", "/", "^", "%", "div");
    private static final String WANTED = "an object with \"op\" and \"args\"";

    private JsonReader() {}

    /**
     * Reads a condition.
     *
     * @throws AtlasException {@code filter_syntax} or, nested too deeply, {@code filter_too_large}
     */
    static Expression read(JsonTree tree) {
        return Nesting.check(condition(tree));
    }

    private static Expression condition(JsonTree tree) {
        Expression expression = expression(tree);
        if (!expression.isCondition()) {
            throw expected("a condition", expression.describe(), tree.position())
                    .hint("A condition compares, as in {\"op\": \">\", \"args\": [{\"property\": \"score\"}, 5]}.")
                    .asException();
        }
        return expression;
    }

    private static Expression expression(JsonTree tree) {
        return switch (tree) {
            case JsonTree.Text(String text, TextPosition position) -> new TextLiteral(text, position);
            case JsonTree.Numeral(String text, TextPosition position) ->
                new Expression.NumberLiteral(Numerals.canonical(text), position);
            case JsonTree.Bool(boolean bool, TextPosition position) -> new Expression.BooleanLiteral(bool, position);
            case JsonTree.Items(var elements, TextPosition position) ->
                new Expression.ArrayLiteral(
                        elements.stream().map(JsonReader::expression).toList(), position);
            case JsonTree.Null(TextPosition position) ->
                throw expected("a value", "null", position)
                        .hint(
                                "Ask for a missing value with {\"op\": \"isNull\", \"args\": [{\"property\": \"name\"}]}.")
                        .asException();
            case JsonTree.Fields fields -> object(fields);
        };
    }

    private static Expression object(JsonTree.Fields object) {
        TextPosition position = object.position();
        if (object.members().containsKey("op")) {
            only(object, "op", "args");
            return operation(object);
        }
        if (object.members().containsKey("property")) {
            only(object, "property");
            TextLiteral name = text(object, "property");
            return new Expression.PropertyName(name.text(), true, name.position());
        }
        if (object.members().containsKey("date")) {
            only(object, "date");
            return new Expression.InstantLiteral(Instants.date(text(object, "date")), true, position);
        }
        if (object.members().containsKey("timestamp")) {
            only(object, "timestamp");
            return new Expression.InstantLiteral(Instants.timestamp(text(object, "timestamp")), false, position);
        }
        if (object.members().containsKey("interval")) {
            only(object, "interval");
            return interval(object);
        }
        if (object.members().containsKey("type") || object.members().containsKey("bbox")) {
            return new Expression.Geometry(GeoJsonReader.read(object), position);
        }
        throw expected(
                        "\"op\", \"property\", \"date\", \"timestamp\", \"interval\", \"type\" or \"bbox\"",
                        names(object),
                        position)
                .hint("An operation is %s, a property {\"property\": \"name\"}.".formatted(WANTED))
                .asException();
    }

    private static Expression.IntervalLiteral interval(JsonTree.Fields object) {
        JsonTree bounds = member(object, "interval");
        if (!(bounds instanceof JsonTree.Items(var elements, var _)) || elements.size() != 2) {
            throw expected("an array of a start and an end", bounds.describe(), bounds.position())
                    .hint("Write {\"interval\": [\"2026-01-31\", \"..\"]}.")
                    .asException();
        }
        return new Expression.IntervalLiteral(bound(elements.getFirst()), bound(elements.getLast()), object.position());
    }

    private static Expression bound(JsonTree tree) {
        return switch (expression(tree)) {
            case TextLiteral text -> Instants.bound(text);
            case Expression.InstantLiteral instant -> new TextLiteral(Instants.text(instant), instant.position());
            case Expression.PropertyName name -> name;
            case Expression.FunctionCall call -> call;
            case Expression other ->
                throw expected(
                                "a date, a timestamp, \"..\", a property or a function",
                                other.describe(),
                                tree.position())
                        .asException();
        };
    }

    private static Expression operation(JsonTree.Fields object) {
        TextLiteral operator = text(object, "op");
        TextPosition position = object.position();
        List<JsonTree> arguments = arguments(object);
        return switch (operator.text()) {
            case "and", "or" -> {
                if (arguments.size() < 2) {
                    throw count(operator, "at least 2 arguments", arguments);
                }
                yield Expression.connect(
                        operator.text().equals("and"),
                        arguments.stream().map(JsonReader::condition).toList(),
                        position);
            }
            case "not" ->
                new Expression.Negation(
                        condition(exactly(1, operator, arguments).getFirst()), position);
            case "like" -> {
                List<JsonTree> both = exactly(2, operator, arguments);
                yield new Expression.Like(scalar(both.getFirst()), pattern(both.getLast()), position);
            }
            case "between" -> {
                List<JsonTree> all = exactly(3, operator, arguments);
                yield new Expression.Between(scalar(all.get(0)), scalar(all.get(1)), scalar(all.get(2)), position);
            }
            case "in" -> inList(exactly(2, operator, arguments), position);
            case "isNull" ->
                new Expression.IsNull(
                        Operands.nullable(
                                expression(exactly(1, operator, arguments).getFirst())),
                        position);
            case "casei", "accenti" ->
                new Expression.Folded(
                        operator.text().toUpperCase(Locale.ROOT),
                        Operands.character(
                                expression(exactly(1, operator, arguments).getFirst())),
                        position);
            default -> call(operator, arguments, position);
        };
    }

    private static Expression call(TextLiteral operator, List<JsonTree> arguments, TextPosition position) {
        Optional<Operator> comparison = Arrays.stream(Operator.values())
                .filter(known -> known.symbol().equals(operator.text()))
                .findFirst();
        if (comparison.isPresent()) {
            List<JsonTree> both = exactly(2, operator, arguments);
            return new Expression.Comparison(
                    scalar(both.getFirst()), comparison.get(), scalar(both.getLast()), position);
        }
        if (ARITHMETIC.contains(operator.text())) {
            List<JsonTree> both = exactly(2, operator, arguments);
            return Expression.arithmetic(
                    Operands.numeric(expression(both.getFirst())),
                    operator.text().toUpperCase(Locale.ROOT),
                    Operands.numeric(expression(both.getLast())),
                    position);
        }
        Optional<String> standard = FunctionNames.standard(operator.text());
        if (standard.isPresent()) {
            List<JsonTree> both = exactly(2, operator, arguments);
            return new Expression.StandardCall(
                    standard.get(),
                    Operands.of(standard.get(), expression(both.getFirst())),
                    Operands.of(standard.get(), expression(both.getLast())),
                    position);
        }
        FunctionNames.checkInJson(operator.text(), operator.position());
        return new Expression.FunctionCall(
                operator.text(), arguments.stream().map(JsonReader::expression).toList(), position);
    }

    private static Expression inList(List<JsonTree> arguments, TextPosition position) {
        JsonTree list = arguments.getLast();
        if (!(list instanceof JsonTree.Items(var values, var _)) || values.isEmpty()) {
            throw expected(
                            "an array of at least one value",
                            list instanceof JsonTree.Items ? "an empty one" : list.describe(),
                            list.position())
                    .hint("Write {\"op\": \"in\", \"args\": [{\"property\": \"name\"}, [1, 2]]}.")
                    .asException();
        }
        return new Expression.InList(
                scalar(arguments.getFirst()),
                values.stream().map(JsonReader::scalar).toList(),
                position);
    }

    private static Expression pattern(JsonTree tree) {
        if (tree instanceof JsonTree.Fields object
                && object.members().get("op") instanceof JsonTree.Text(String operator, var _)
                && (operator.equals("casei") || operator.equals("accenti"))) {
            only(object, "op", "args");
            JsonTree inner = exactly(1, text(object, "op"), arguments(object)).getFirst();
            return new Expression.Folded(operator.toUpperCase(Locale.ROOT), pattern(inner), object.position());
        }
        Expression pattern = expression(tree);
        if (!(pattern instanceof TextLiteral)) {
            throw expected("a pattern in text", pattern.describe(), tree.position())
                    .asException();
        }
        return pattern;
    }

    private static Expression scalar(JsonTree tree) {
        return Operands.scalar(expression(tree));
    }

    private static List<JsonTree> arguments(JsonTree.Fields object) {
        JsonTree arguments = member(object, "args");
        if (!(arguments instanceof JsonTree.Items(var elements, var _))) {
            throw expected("an array", arguments.describe(), arguments.position())
                    .asException();
        }
        return elements;
    }

    private static List<JsonTree> exactly(int wanted, TextLiteral operator, List<JsonTree> arguments) {
        if (arguments.size() != wanted) {
            throw count(operator, wanted == 1 ? "1 argument" : wanted + " arguments", arguments);
        }
        return arguments;
    }

    private static AtlasException count(TextLiteral operator, String wanted, List<JsonTree> arguments) {
        return expected(
                        wanted + " of '" + operator.text() + "'",
                        Integer.toString(arguments.size()),
                        operator.position())
                .asException();
    }

    /** Refuses what else an object holds. */
    static void only(JsonTree.Fields object, String... known) {
        object.members().forEach((name, value) -> {
            if (!Arrays.asList(known).contains(name)) {
                throw expected(
                                "no more than " + String.join(" and ", known),
                                "the member '" + Quoting.abbreviate(name) + "'",
                                value.position())
                        .asException();
            }
        });
    }

    static JsonTree member(JsonTree.Fields object, String name) {
        JsonTree value = object.members().get(name);
        if (value == null) {
            throw expected("the member \"" + name + "\"", names(object), object.position())
                    .asException();
        }
        return value;
    }

    private static TextLiteral text(JsonTree.Fields object, String name) {
        JsonTree value = member(object, name);
        if (!(value instanceof JsonTree.Text(String text, TextPosition position))) {
            throw expected("text", value.describe(), value.position()).asException();
        }
        return new TextLiteral(text, position);
    }

    private static String names(JsonTree.Fields object) {
        return object.members().isEmpty()
                ? "an empty object"
                : "an object with \""
                        + Quoting.abbreviate(
                                String.join("\", \"", object.members().keySet())) + "\"";
    }

    static Problem expected(String wanted, String found, TextPosition position) {
        return Problem.of(ErrorCode.FILTER_SYNTAX, "expected %s, found %s".formatted(wanted, found))
                .at(position);
    }
}
