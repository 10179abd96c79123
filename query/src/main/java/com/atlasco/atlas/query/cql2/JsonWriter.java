package com.atlasco.atlas.query.cql2;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;

/**
 * Writes expressions as CQL2 JSON on one line, after the standard's cql2.json: {@link JsonReader} reads an equal
 * expression back. Recurses as deep as the expression is.
 */
final class JsonWriter {

    private static final JsonFactory FACTORY = new JsonFactory();

    private final JsonGenerator json;

    private JsonWriter(JsonGenerator json) {
        this.json = json;
    }

    static String write(Expression expression) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = FACTORY.createGenerator(text)) {
            new JsonWriter(generator).value(expression);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }

    private void value(Expression expression) throws IOException {
        switch (expression) {
            case Expression.Connective(boolean conjunction, var operands, var _) ->
                operation(conjunction ? "and" : "or", operands);
            case Expression.Negation(var operand, var _) -> operation("not", List.of(operand));
            case Expression.Comparison(var left, var operator, var right, var _) ->
                operation(operator.symbol(), List.of(left, right));
            case Expression.Between(var operand, var low, var high, var _) ->
                operation("between", List.of(operand, low, high));
            case Expression.InList(var operand, var values, var position) ->
                operation("in", List.of(operand, new Expression.ArrayLiteral(values, position)));
            case Expression.Like(var operand, var pattern, var _) -> operation("like", List.of(operand, pattern));
            case Expression.IsNull(var operand, var _) -> operation("isNull", List.of(operand));
            case Expression.PropertyName(String name, var _, var _) -> member("property", name);
            case Expression.TextLiteral(String text, var _) -> json.writeString(text);
            case Expression.NumberLiteral(String number, var _) -> json.writeNumber(number);
            case Expression.BooleanLiteral(boolean bool, var _) -> json.writeBoolean(bool);
            case Expression.InstantLiteral instant ->
                member(instant.date() ? "date" : "timestamp", Instants.text(instant));
            case Expression.IntervalLiteral(var start, var end, var _) -> {
                json.writeStartObject();
                json.writeFieldName("interval");
                array(List.of(start, end));
                json.writeEndObject();
            }
            case Expression.Geometry(Shape shape, var _) -> geometry(shape);
            case Expression.ArrayLiteral(var elements, var _) -> array(elements);
            case Expression.Arithmetic(var left, String operator, var right, var _) ->
                operation(operator.toLowerCase(Locale.ROOT), List.of(left, right));
            case Expression.Minus(var operand, var position) ->
                operation("*", List.of(new Expression.NumberLiteral("-1", position), operand));
            case Expression.Folded(String function, var operand, var _) ->
                operation(function.toLowerCase(Locale.ROOT), List.of(operand));
            case Expression.StandardCall(String function, var left, var right, var _) ->
                operation(FunctionNames.inJson(function), List.of(left, right));
            case Expression.FunctionCall(String function, var arguments, var _) -> operation(function, arguments);
        }
    }

    private void operation(String operator, List<Expression> arguments) throws IOException {
        json.writeStartObject();
        json.writeStringField("op", operator);
        json.writeFieldName("args");
        array(arguments);
        json.writeEndObject();
    }

    private void array(List<Expression> elements) throws IOException {
        json.writeStartArray();
        for (Expression element : elements) {
            value(element);
        }
        json.writeEndArray();
    }

    private void member(String name, String text) throws IOException {
        json.writeStartObject();
        json.writeStringField(name, text);
        json.writeEndObject();
    }

    private void geometry(Shape shape) throws IOException {
        json.writeStartObject();
        switch (shape) {
            case Shape.Simple(Shape.Kind kind, Shape.Coordinates coordinates) -> {
                json.writeStringField("type", kind.typeName());
                json.writeFieldName("coordinates");
                coordinates(coordinates);
            }
            case Shape.Collection(var members) -> {
                json.writeStringField("type", "GeometryCollection");
                json.writeArrayFieldStart("geometries");
                for (Shape member : members) {
                    geometry(member);
                }
                json.writeEndArray();
            }
            case Shape.Box(var bounds) -> {
                json.writeFieldName("bbox");
                numbers(bounds);
            }
        }
        json.writeEndObject();
    }

    private void coordinates(Shape.Coordinates coordinates) throws IOException {
        switch (coordinates) {
            case Shape.Coordinates.Position(var numbers) -> numbers(numbers);
            case Shape.Coordinates.Group(var members) -> {
                json.writeStartArray();
                for (Shape.Coordinates member : members) {
                    coordinates(member);
                }
                json.writeEndArray();
            }
        }
    }

    private void numbers(List<String> numbers) throws IOException {
        json.writeStartArray();
        for (String number : numbers) {
            json.writeNumber(number);
        }
        json.writeEndArray();
    }
}
