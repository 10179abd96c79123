package com.atlasco.atlas.query.interpret;

import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.query.filter.LikePattern;
import com.atlasco.atlas.query.filter.Property;
import com.atlasco.atlas.query.filter.Term;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/** Evaluates filters on entities in three-valued logic. Thread-safe. */
public final class FilterInterpreter {

    private static final Entity NOTHING = new Entity(1, "nothing", 1, Document.empty(), Instant.EPOCH);

    private FilterInterpreter() {}

    /** Whether the filter keeps the entity: whether it is true, neither false nor unknown. */
    public static boolean matches(Filter filter, Entity entity) {
        return evaluate(filter, entity).orElse(false);
    }

    /** The filter's truth for the entity; empty means unknown. */
    public static Optional<Boolean> evaluate(Filter filter, Entity entity) {
        return switch (filter) {
            case Filter.Constant(boolean value) -> Optional.of(value);
            case Filter.And(List<Filter> operands) -> connect(operands, entity, false);
            case Filter.Or(List<Filter> operands) -> connect(operands, entity, true);
            case Filter.Not(Filter operand) -> evaluate(operand, entity).map(truth -> !truth);
            case Filter.Comparison(Property property, Filter.Operator operator, Value value) ->
                test(entity, property, field -> compare(field, operator, Field.of(value)));
            case Filter.Between(Property property, Value low, Value high) ->
                test(
                        entity,
                        property,
                        field -> field.compareTo(Field.of(low)) >= 0 && field.compareTo(Field.of(high)) <= 0);
            case Filter.In(Property property, List<Value> values) ->
                test(entity, property, field -> values.stream().map(Field::of).anyMatch(field::equals));
            case Filter.Like(Property property, LikePattern pattern) ->
                test(entity, property, field -> field instanceof Field.Text(String text) && pattern.matches(text));
            case Filter.IsNull(Property property) ->
                Optional.of(Field.of(entity, property).isEmpty());
            case Filter.TermComparison(Term left, Filter.Operator operator, Term right) ->
                Terms.evaluate(left, entity)
                        .flatMap(field -> Terms.evaluate(right, entity).map(other -> compare(field, operator, other)));
            case Filter.TermIn(Term operand, List<Value> values) ->
                Terms.evaluate(operand, entity)
                        .map(field -> values.stream().map(Field::of).anyMatch(field::equals));
            case Filter.TermLike(Term operand, LikePattern pattern) ->
                Terms.evaluate(operand, entity)
                        .map(field -> field instanceof Field.Text(String text) && pattern.matches(text));
            case Filter.TermIsNull(Term operand) ->
                Optional.of(Terms.evaluate(operand, entity).isEmpty());
            case Filter.IsUnknown(Filter operand) ->
                Optional.of(evaluate(operand, entity).isEmpty());
            case Filter.ArrayContains(Term whole, Term part) ->
                arrays(whole, part, entity, (elements, others) -> elements.containsAll(others));
            case Filter.ArrayOverlaps(Term left, Term right) ->
                arrays(left, right, entity, (elements, others) -> !Collections.disjoint(elements, others));
        };
    }

    /** The truth of a filter that names no property; empty means unknown. */
    public static Optional<Boolean> evaluate(Filter constant) {
        return evaluate(constant, NOTHING);
    }

    private static Optional<Boolean> arrays(
            Term left, Term right, Entity entity, BiPredicate<Set<String>, Set<String>> predicate) {
        return Terms.elements(left, entity)
                .flatMap(elements -> Terms.elements(right, entity).map(others -> predicate.test(elements, others)));
    }

    /** One operand that decides decides all; else one that is unknown leaves all unknown. */
    private static Optional<Boolean> connect(List<Filter> operands, Entity entity, boolean decisive) {
        boolean unknown = false;
        for (Filter operand : operands) {
            Optional<Boolean> truth = evaluate(operand, entity);
            if (truth.isPresent() && truth.get() == decisive) {
                return Optional.of(decisive);
            }
            unknown |= truth.isEmpty();
        }
        return unknown ? Optional.empty() : Optional.of(!decisive);
    }

    private static Optional<Boolean> test(Entity entity, Property property, Predicate<Field> predicate) {
        return Field.of(entity, property).map(predicate::test);
    }

    private static boolean compare(Field field, Filter.Operator operator, Field literal) {
        int order = field.compareTo(literal);
        return switch (operator) {
            case EQUAL -> order == 0;
            case NOT_EQUAL -> order != 0;
            case LESS -> order < 0;
            case LESS_OR_EQUAL -> order <= 0;
            case GREATER -> order > 0;
            case GREATER_OR_EQUAL -> order >= 0;
        };
    }
}
