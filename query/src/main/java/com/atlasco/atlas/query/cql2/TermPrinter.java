package com.atlasco.atlas.query.cql2;

import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.query.filter.ArithmeticOperator;
import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.query.filter.Folding;
import com.atlasco.atlas.query.filter.LikePattern;
import com.atlasco.atlas.query.filter.Property;
import com.atlasco.atlas.query.filter.Term;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Writes terms, and filters that are made of them, as CQL2 text. */
final class TermPrinter {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private TermPrinter() {}

    static String comparison(Term left, Filter.Operator operator, Term right) {
        return "%s %s %s".formatted(text(left), operator.symbol(), text(right));
    }

    static String in(Term operand, List<Value> values) {
        return values.stream()
                .map(FilterPrinter::literal)
                .collect(Collectors.joining(", ", text(operand) + " IN (", ")"));
    }

    static String like(Term operand, LikePattern pattern) {
        return "%s LIKE %s".formatted(text(operand), Quoting.quoteText(pattern.toSql()));
    }

    static String isNull(Term operand) {
        return text(operand) + " IS NULL";
    }

    static String call(String function, Term left, Term right) {
        return "%s(%s, %s)".formatted(function, text(left), text(right));
    }

    private static String text(Term term) {
        return switch (term) {
            case Term.Reference(Property property) -> Quoting.quoteName(property.wireName());
            case Term.Literal(Value.JsonValue(String json)) -> array(json);
            case Term.Literal(Value value) -> FilterPrinter.literal(value);
            case Term.Calculation(ArithmeticOperator operator, Term left, Term right) ->
                "(%s %s %s)".formatted(text(left), operator.symbol(), text(right));
            case Term.Folded(Folding folding, Term operand) -> "%s(%s)".formatted(folding.function(), text(operand));
        };
    }

    private static String array(String json) {
        try {
            return element(MAPPER.readTree(json));
        } catch (JsonProcessingException malformed) {
            throw new IllegalArgumentException("not JSON: " + json, malformed);
        }
    }

    private static String element(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY ->
                StreamSupport.stream(node.spliterator(), false)
                        .map(TermPrinter::element)
                        .collect(Collectors.joining(", ", "(", ")"));
            case NUMBER -> FilterPrinter.literal(new Value.NumberValue(node.doubleValue()));
            case STRING -> Quoting.quoteText(node.textValue());
            case BOOLEAN -> node.booleanValue() ? "TRUE" : "FALSE";
            default -> throw new IllegalArgumentException("no literal array holds " + node);
        };
    }
}
