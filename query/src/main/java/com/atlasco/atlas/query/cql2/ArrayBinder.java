package com.atlasco.atlas.query.cql2;

import com.atlasco.atlas.model.CanonicalJson;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.query.cql2.Expression.PropertyName;
import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.query.filter.Property;
import com.atlasco.atlas.query.filter.Term;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;

/**
 * Types the functions on arrays. To be equal is to contain each other, to be contained to contain with the sides
 * exchanged.
 */
final class ArrayBinder {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final TermBinder terms;

    ArrayBinder(TermBinder terms) {
        this.terms = terms;
    }

    Filter bind(Expression.StandardCall call) {
        Term left = array(call, call.left());
        Term right = array(call, call.right());
        return switch (call.function()) {
            case "A_CONTAINS" -> contains(left, right);
            case "A_CONTAINEDBY" -> contains(right, left);
            case "A_EQUALS" -> Comparisons.and(List.of(contains(left, right), contains(right, left)));
            case "A_OVERLAPS" -> Comparisons.decided(new Filter.ArrayOverlaps(left, right));
            default -> throw TypeErrors.unsupported(call);
        };
    }

    private static Filter contains(Term whole, Term part) {
        return Comparisons.decided(new Filter.ArrayContains(whole, part));
    }

    private Term array(Expression.StandardCall call, Expression operand) {
        if (operand instanceof PropertyName name) {
            Property property = terms.resolve(name);
            if (property.dataType() != DataType.JSON) {
                throw TypeErrors.wrongType(operand, property.dataType(), call.function(), DataType.JSON);
            }
            return new Term.Reference(property);
        }
        if (!(operand instanceof Expression.ArrayLiteral array)) {
            throw TypeErrors.unsupported(operand);
        }
        if (array.elements().size() > FilterParser.MAX_IN_VALUES) {
            throw TypeErrors.tooLarge(
                    "the array has %,d elements; at most %,d are taken"
                            .formatted(array.elements().size(), FilterParser.MAX_IN_VALUES),
                    array.elements().get(FilterParser.MAX_IN_VALUES).position());
        }
        return new Term.Literal(new Value.JsonValue(CanonicalJson.of(elements(array))));
    }

    private JsonNode elements(Expression.ArrayLiteral array) {
        ArrayNode elements = JSON.arrayNode();
        array.elements().forEach(element -> elements.add(element(element)));
        return elements;
    }

    private JsonNode element(Expression element) {
        if (element instanceof Expression.ArrayLiteral nested) {
            return elements(nested);
        }
        if (element instanceof Expression.InstantLiteral) {
            throw TypeErrors.of(
                    "JSON has no instants: %s is no element of an array".formatted(element.describe()),
                    element.position(),
                    "Write it as the text that the arrays hold, such as '2026-01-31'.");
        }
        if (element instanceof PropertyName || !(terms.term(element) instanceof Term.Literal(Value value))) {
            throw TypeErrors.of(
                    "the elements of an array are literals; %s is none".formatted(element.describe()),
                    element.position(),
                    "Write text in single quotes, numbers, TRUE, FALSE, and arrays of these.");
        }
        return switch (value) {
            case Value.NumberValue(double number) -> JSON.numberNode(number);
            case Value.TextValue(String text) -> JSON.textNode(text);
            case Value.BoolValue(boolean bool) -> JSON.booleanNode(bool);
            case Value.TimestampValue _, Value.JsonValue _ -> throw TypeErrors.unsupported(element);
        };
    }
}
