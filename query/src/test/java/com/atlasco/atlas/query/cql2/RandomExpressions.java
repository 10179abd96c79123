package com.atlasco.atlas.query.cql2;

import com.atlasco.atlas.model.Problem.TextPosition;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.query.filter.Filter;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Random syntax trees of all of the language, as the readers build them. */
final class RandomExpressions {

    private static final TextPosition NOWHERE = new TextPosition(1, 1, 0);
    private static final List<String> NAMES = List.of(
            "score",
            "eo:cloud_cover",
            "a.b",
            "not",
            "NULL",
            "date",
            "point",
            "div",
            "z",
            "casei",
            "Größe",
            "",
            " ",
            "say \"hi\"",
            "it's",
            "\\",
            "1st",
            "😀",
            "a_contains",
            "-x",
            "a,b");
    private static final List<String> TEXTS = List.of(
            "", "a", "it's", "''", "\\", "\\'", "%_\\%", "Straße", "😀", "\n\t", "\"", "2026-01-31", "..", "TRUE");
    private static final List<String> NUMBERS =
            List.of("0", "5", "-5", "1.50", "-0.25", "1e9", "-2.5E-7", "12345678901234567890.125", "-1", "1e999");
    private static final List<String> SPATIAL = List.of("S_INTERSECTS", "S_WITHIN", "S_CONTAINS", "S_TOUCHES");
    private static final List<String> TEMPORAL = List.of("T_AFTER", "T_FINISHEDBY", "T_METBY", "T_OVERLAPPEDBY");
    private static final List<String> ARRAY = List.of("A_EQUALS", "A_CONTAINS", "A_CONTAINEDBY", "A_OVERLAPS");
    private static final List<String> FUNCTIONS = List.of("avg", "Buffer", "empty", "z", "ns:f.g", "größe");

    private final Random random;

    RandomExpressions(Random random) {
        this.random = random;
    }

    Expression condition(int depth) {
        if (depth == 0) {
            return random.nextBoolean() ? property() : new Expression.BooleanLiteral(random.nextBoolean(), NOWHERE);
        }
        int inner = depth - 1;
        return switch (random.nextInt(14)) {
            case 0, 1 -> Expression.connect(random.nextBoolean(), list(2, 3, () -> condition(inner)), NOWHERE);
            case 2, 3 -> new Expression.Negation(condition(inner), NOWHERE);
            case 4, 5 ->
                new Expression.Comparison(
                        scalar(inner), pick(List.of(Filter.Operator.values())), scalar(inner), NOWHERE);
            case 6 -> new Expression.Between(scalar(inner), scalar(inner), scalar(inner), NOWHERE);
            case 7 -> new Expression.InList(scalar(inner), list(1, 3, () -> scalar(inner)), NOWHERE);
            case 8 -> new Expression.Like(scalar(inner), pattern(inner), NOWHERE);
            case 9 -> new Expression.IsNull(random.nextBoolean() ? condition(inner) : operand(inner), NOWHERE);
            case 10 -> call(pick(SPATIAL), () -> geometry());
            case 11 -> call(pick(TEMPORAL), () -> random.nextBoolean() ? instant() : interval(inner));
            case 12 -> call(pick(ARRAY), () -> array(inner));
            default -> function(inner);
        };
    }

    private Expression call(String name, Supplier<Expression> literal) {
        Supplier<Expression> operand = () -> switch (random.nextInt(4)) {
            case 0 -> property();
            case 1 -> function(0);
            default -> literal.get();
        };
        return new Expression.StandardCall(name, operand.get(), operand.get(), NOWHERE);
    }

    /** What an array, a function and IS NULL take, but arrays. */
    private Expression operand(int depth) {
        return switch (random.nextInt(6)) {
            case 0 -> geometry();
            case 1 -> interval(depth);
            case 2 -> condition(depth);
            default -> scalar(depth);
        };
    }

    private Expression argument(int depth) {
        return random.nextInt(4) == 0 ? array(depth) : operand(depth);
    }

    private Expression scalar(int depth) {
        return switch (random.nextInt(8)) {
            case 0, 1 -> property();
            case 2 -> text();
            case 3 -> instant();
            case 4 -> new Expression.BooleanLiteral(random.nextBoolean(), NOWHERE);
            case 5 -> character(depth);
            default -> numeric(depth);
        };
    }

    private Expression numeric(int depth) {
        if (depth == 0) {
            return random.nextBoolean() ? number() : property();
        }
        return switch (random.nextInt(6)) {
            case 0 -> number();
            case 1 -> property();
            case 2 -> function(depth - 1);
            case 3 -> {
                Expression operand = numeric(depth - 1);
                yield operand instanceof Expression.NumberLiteral ? operand : new Expression.Minus(operand, NOWHERE);
            }
            default ->
                Expression.arithmetic(
                        numeric(depth - 1),
                        pick(List.of("+", "-", "*", "/", "%", "DIV", "^")),
                        numeric(depth - 1),
                        NOWHERE);
        };
    }

    private Expression character(int depth) {
        Expression operand = switch (random.nextInt(4)) {
            case 0 -> property();
            case 1 -> function(0);
            default -> depth == 0 || random.nextBoolean() ? text() : character(depth - 1);
        };
        return new Expression.Folded(random.nextBoolean() ? "CASEI" : "ACCENTI", operand, NOWHERE);
    }

    private Expression pattern(int depth) {
        return depth == 0 || random.nextBoolean()
                ? text()
                : new Expression.Folded(random.nextBoolean() ? "CASEI" : "ACCENTI", pattern(depth - 1), NOWHERE);
    }

    private Expression function(int depth) {
        return new Expression.FunctionCall(
                pick(FUNCTIONS), depth == 0 ? List.of() : list(0, 3, () -> argument(depth - 1)), NOWHERE);
    }

    private Expression array(int depth) {
        return new Expression.ArrayLiteral(
                depth == 0 ? list(0, 2, this::text) : list(0, 3, () -> argument(depth - 1)), NOWHERE);
    }

    private Expression interval(int depth) {
        Supplier<Expression> bound = () -> switch (random.nextInt(4)) {
            case 0 -> new Expression.TextLiteral("..", NOWHERE);
            case 1 -> property();
            case 2 -> function(depth == 0 ? 0 : depth - 1);
            default -> new Expression.TextLiteral(Instants.text(instant()), NOWHERE);
        };
        return new Expression.IntervalLiteral(bound.get(), bound.get(), NOWHERE);
    }

    private Expression.InstantLiteral instant() {
        boolean date = random.nextBoolean();
        long second = random.nextLong(-62_135_596_800L, 253_402_300_800L);
        Instant instant = date
                ? Instant.ofEpochSecond(Math.floorDiv(second, 86_400L) * 86_400L)
                : Instant.ofEpochSecond(second, random.nextInt(3) * 123_456_000L);
        return new Expression.InstantLiteral(Value.TimestampValue.of(instant), date, NOWHERE);
    }

    private Expression geometry() {
        if (random.nextInt(6) == 0) {
            return new Expression.Geometry(new Shape.Box(numbers(random.nextBoolean() ? 4 : 6)), NOWHERE);
        }
        return new Expression.Geometry(
                random.nextInt(4) == 0 ? new Shape.Collection(list(2, 3, this::simple)) : simple(), NOWHERE);
    }

    private Shape.Simple simple() {
        Shape.Kind kind = pick(List.of(Shape.Kind.values()));
        return new Shape.Simple(kind, coordinates(kind, kind.levels(), 2 + random.nextInt(2)));
    }

    private Shape.Coordinates coordinates(Shape.Kind kind, int level, int dimensions) {
        if (level == 0) {
            return new Shape.Coordinates.Position(numbers(dimensions));
        }
        int least = kind.least(level);
        return new Shape.Coordinates.Group(list(least, least + 1, () -> coordinates(kind, level - 1, dimensions)));
    }

    private List<String> numbers(int count) {
        return list(count, count, () -> pick(NUMBERS));
    }

    private Expression number() {
        return new Expression.NumberLiteral(pick(NUMBERS), NOWHERE);
    }

    private Expression property() {
        return new Expression.PropertyName(pick(NAMES), true, NOWHERE);
    }

    private Expression text() {
        return new Expression.TextLiteral(pick(TEXTS), NOWHERE);
    }

    private <T> List<T> list(int least, int most, Supplier<T> element) {
        return Stream.generate(element)
                .limit(least + random.nextInt(most - least + 1))
                .toList();
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
