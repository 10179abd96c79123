package com.atlasco.atlas.query.interpret;

import com.atlasco.atlas.model.CanonicalJson;
import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.query.filter.ArithmeticOperator;
import com.atlasco.atlas.query.filter.Folding;
import com.atlasco.atlas.query.filter.Term;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** What terms are for an entity; empty is NULL. */
final class Terms {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Terms() {}

    static Optional<Field> evaluate(Term term, Entity entity) {
        return switch (term) {
            case Term.Reference(var property) -> Field.of(entity, property).map(Terms::asDouble);
            case Term.Literal(var value) -> Optional.of(Field.of(value));
            case Term.Calculation(ArithmeticOperator operator, Term left, Term right) ->
                number(left, entity)
                        .flatMap(x -> number(right, entity)
                                .flatMap(y ->
                                        operator.apply(x, y).stream().boxed().findFirst()))
                        .map(result -> new Field.Numeric(new BigDecimal(result)));
            case Term.Folded(Folding folding, Term operand) ->
                evaluate(operand, entity).map(field -> new Field.Text(folding.apply(((Field.Text) field).text())));
        };
    }

    private static Optional<Double> number(Term term, Entity entity) {
        return evaluate(term, entity)
                .map(field -> ((Field.Numeric) field).number().doubleValue());
    }

    /** An entity_id need not be a double. */
    private static Field asDouble(Field field) {
        return field instanceof Field.Numeric(BigDecimal number)
                ? new Field.Numeric(new BigDecimal(number.doubleValue()))
                : field;
    }

    /** The different elements of an array in canonical form; empty for what is missing and for what is no array. */
    static Optional<Set<String>> elements(Term term, Entity entity) {
        return evaluate(term, entity).flatMap(field -> elements(((Field.Json) field).json()));
    }

    private static Optional<Set<String>> elements(String json) {
        try {
            JsonNode node = MAPPER.readTree(json);
            if (!node.isArray()) {
                return Optional.empty();
            }
            Set<String> elements = new HashSet<>();
            node.forEach(element -> elements.add(CanonicalJson.of(element)));
            return Optional.of(elements);
        } catch (JsonProcessingException malformed) {
            throw new IllegalArgumentException("not JSON: " + json, malformed);
        }
    }
}
