package com.atlasco.atlas.query.interpret;

import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.query.filter.LikePattern;
import com.atlasco.atlas.query.filter.LikePattern.Part;
import com.atlasco.atlas.query.filter.Property;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Evaluates filters on entities in three-valued logic. Thread-safe. */
public final class FilterInterpreter {

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
                test(entity, property, field -> field instanceof Field.Text(String text) && like(text, pattern));
            case Filter.IsNull(Property property) ->
                Optional.of(Field.of(entity, property).isEmpty());
        };
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

    /** {@code reached[i]} says whether the parts so far can match exactly the first i code points. */
    private static boolean like(String text, LikePattern pattern) {
        int[] codePoints = text.codePoints().toArray();
        boolean[] reached = new boolean[codePoints.length + 1];
        reached[0] = true;
        for (Part part : pattern.parts()) {
            boolean[] next = new boolean[reached.length];
            switch (part) {
                case Part.AnyRun() -> {
                    boolean any = false;
                    for (int i = 0; i < reached.length; i++) {
                        any |= reached[i];
                        next[i] = any;
                    }
                }
                case Part.AnyOne() -> System.arraycopy(reached, 0, next, 1, reached.length - 1);
                case Part.Text(String literal) -> {
                    int[] wanted = literal.codePoints().toArray();
                    for (int i = 0; i + wanted.length < reached.length; i++) {
                        next[i + wanted.length] = reached[i] && startsWith(codePoints, i, wanted);
                    }
                }
            }
            reached = next;
        }
        return reached[codePoints.length];
    }

    private static boolean startsWith(int[] codePoints, int from, int[] wanted) {
        for (int i = 0; i < wanted.length; i++) {
            if (codePoints[from + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }
}
