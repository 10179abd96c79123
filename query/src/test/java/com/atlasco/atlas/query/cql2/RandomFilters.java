package com.atlasco.atlas.query.cql2;

import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.query.filter.LikePattern;
import com.atlasco.atlas.query.filter.LikePattern.Part;
import com.atlasco.atlas.query.filter.Property;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Random filters over the test registry, in the form the parser gives them. */
public final class RandomFilters {

    private static final String[] PIECES = {
        "a", "B", " ", "'", "''", "\\", "\\\\", "%", "_", "\"", "ß", "😀", "\uFFFD", "\n", "(", "AND", "-", "\u0085",
        "z"
    };
    private static final List<Property> PROPERTIES = Stream.concat(
                    TestRegistry.REGISTRY.types().stream().<Property>map(Property.Attribute::new),
                    Stream.of(Property.Intrinsic.values()))
            .toList();

    private final RandomGenerator random;

    public RandomFilters(RandomGenerator random) {
        this.random = random;
    }

    public Filter filter(int depth) {
        return switch (depth == 0 ? 3 : random.nextInt(5)) {
            case 0 -> new Filter.And(operands(depth, operand -> !(operand instanceof Filter.And)));
            case 1 -> new Filter.Or(operands(depth, operand -> !(operand instanceof Filter.Or)));
            case 2 -> new Filter.Not(filter(depth - 1));
            default -> predicate();
        };
    }

    private List<Filter> operands(int depth, Predicate<Filter> fits) {
        return times(
                2 + random.nextInt(3),
                () -> Stream.generate(() -> filter(depth - 1))
                        .filter(fits)
                        .findFirst()
                        .orElseThrow());
    }

    private Filter predicate() {
        return switch (random.nextInt(6)) {
            case 0 -> new Filter.Constant(random.nextBoolean());
            case 1 -> new Filter.IsNull(property(_ -> true));
            case 2 -> {
                Property property = property(type -> type != DataType.JSON && type != DataType.BOOL);
                yield new Filter.Between(property, value(property), value(property));
            }
            case 3 -> {
                Property property = property(type -> type != DataType.JSON);
                yield new Filter.In(property, times(1 + random.nextInt(4), () -> value(property)));
            }
            case 4 -> new Filter.Like(property(type -> type == DataType.TEXT), pattern());
            default -> {
                Property property = property(type -> type != DataType.JSON);
                List<Filter.Operator> operators = property.dataType() == DataType.BOOL
                        ? List.of(Filter.Operator.EQUAL, Filter.Operator.NOT_EQUAL)
                        : List.of(Filter.Operator.values());
                yield new Filter.Comparison(property, operators.get(random.nextInt(operators.size())), value(property));
            }
        };
    }

    private Property property(Predicate<DataType> fits) {
        List<Property> fitting = PROPERTIES.stream()
                .filter(property -> fits.test(property.dataType()))
                .toList();
        return fitting.get(random.nextInt(fitting.size()));
    }

    private Value value(Property property) {
        return value(property.dataType(), property instanceof Property.Intrinsic);
    }

    public Value value(AttributeType type) {
        return value(type.dataType(), false);
    }

    private Value value(DataType type, boolean whole) {
        return switch (type) {
            case NUMBER -> new Value.NumberValue(number(whole));
            case TEXT -> new Value.TextValue(text());
            case BOOL -> new Value.BoolValue(random.nextBoolean());
            case TS ->
                new Value.TimestampValue(
                        random.nextBoolean()
                                ? random.nextLong(-62_135_596_800_000_000L, 253_402_300_800_000_000L)
                                : random.nextInt(5) * 1_000_000L);
            case JSON -> new Value.JsonValue("[" + random.nextInt(3) + "]");
        };
    }

    private double number(boolean whole) {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt(-3, 4);
            case 1 -> (double) random.nextLong();
            case 2 -> whole ? 1L << random.nextInt(62) : random.nextInt(-6, 7) / 2.0;
            default -> {
                double any = Double.longBitsToDouble(random.nextLong());
                yield whole || !Double.isFinite(any) ? 1 : any;
            }
        };
    }

    public String text() {
        return String.join("", times(random.nextInt(4), () -> PIECES[random.nextInt(PIECES.length)]));
    }

    public LikePattern pattern() {
        List<Part> parts = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            String text = text();
            boolean afterText = !parts.isEmpty() && parts.getLast() instanceof Part.Text;
            parts.add(
                    random.nextInt(3) == 0
                            ? new Part.AnyRun()
                            : text.isEmpty() || afterText ? new Part.AnyOne() : new Part.Text(text));
        }
        return new LikePattern(parts);
    }

    private static <T> List<T> times(int count, Supplier<T> supplier) {
        return Stream.generate(supplier).limit(count).toList();
    }
}
