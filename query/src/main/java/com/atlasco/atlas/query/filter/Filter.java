package com.atlasco.atlas.query.filter;

import com.atlasco.atlas.model.Value;
import java.util.List;
import java.util.stream.Stream;

/**
 * A filter typed against a registry, in three-valued logic: a comparison with a missing value is unknown, and only
 * rows for which the whole filter is true are kept. Literals have the type of the property they are compared with.
 */
public sealed interface Filter {

    /** Keeps every row. */
    Filter ALL = new Constant(true);

    record Constant(boolean value) implements Filter {}

    /** At least two operands. */
    record And(List<Filter> operands) implements Filter {
        public And {
            operands = List.copyOf(operands);
        }
    }

    /** At least two operands. */
    record Or(List<Filter> operands) implements Filter {
        public Or {
            operands = List.copyOf(operands);
        }
    }

    record Not(Filter operand) implements Filter {}

    /** Unknown where the property is missing. Not for properties of type json; of bool only EQUAL and NOT_EQUAL. */
    record Comparison(Property property, Operator operator, Value value) implements Filter {}

    /** Both ends belong to the range. */
    record Between(Property property, Value low, Value high) implements Filter {}

    /** At least one value. */
    record In(Property property, List<Value> values) implements Filter {
        public In {
            values = List.copyOf(values);
        }
    }

    /** Only for properties of type text. */
    record Like(Property property, LikePattern pattern) implements Filter {}

    /** True where the property is missing, false where it is there; never unknown. */
    record IsNull(Property property) implements Filter {}

    /**
     * What is no {@link Comparison}: at least one side is computed, or both are properties. Both sides are of one type,
     * which is not json; of bool only EQUAL and NOT_EQUAL. Unknown where a side is NULL.
     */
    record TermComparison(Term left, Operator operator, Term right) implements Filter {}

    /** What is no {@link In}: the operand is computed. At least one value, each of the operand's type. */
    record TermIn(Term operand, List<Value> values) implements Filter {
        public TermIn {
            values = List.copyOf(values);
        }
    }

    /** What is no {@link Like}: the operand is computed, of type text. The pattern is folded already. */
    record TermLike(Term operand, LikePattern pattern) implements Filter {}

    /** Whether a term has no value; never unknown. */
    record TermIsNull(Term operand) implements Filter {}

    /** Whether a condition is unknown; never unknown itself. */
    record IsUnknown(Filter operand) implements Filter {}

    /**
     * Whether one array has all elements of another. Both are properties of type json or literal arrays, and are sets of
     * JSON values: neither order nor repetition counts. Unknown where one is missing or no array.
     */
    record ArrayContains(Term whole, Term part) implements Filter {}

    /** Whether two arrays have an element in common; otherwise as {@link ArrayContains}. */
    record ArrayOverlaps(Term left, Term right) implements Filter {}

    /** The properties that a filter names, as often as it does. */
    static Stream<Property> properties(Filter filter) {
        return switch (filter) {
            case Constant _ -> Stream.empty();
            case And(List<Filter> operands) -> operands.stream().flatMap(Filter::properties);
            case Or(List<Filter> operands) -> operands.stream().flatMap(Filter::properties);
            case Not(Filter operand) -> properties(operand);
            case Comparison comparison -> Stream.of(comparison.property());
            case Between between -> Stream.of(between.property());
            case In in -> Stream.of(in.property());
            case Like like -> Stream.of(like.property());
            case IsNull isNull -> Stream.of(isNull.property());
            case TermComparison(Term left, var _, Term right) -> Stream.concat(left.properties(), right.properties());
            case TermIn(Term operand, var _) -> operand.properties();
            case TermLike(Term operand, var _) -> operand.properties();
            case TermIsNull(Term operand) -> operand.properties();
            case IsUnknown(Filter operand) -> properties(operand);
            case ArrayContains(Term whole, Term part) -> Stream.concat(whole.properties(), part.properties());
            case ArrayOverlaps(Term left, Term right) -> Stream.concat(left.properties(), right.properties());
        };
    }

    enum Operator {
        EQUAL("="),
        NOT_EQUAL("<>"),
        LESS("<"),
        LESS_OR_EQUAL("<="),
        GREATER(">"),
        GREATER_OR_EQUAL(">=");

        private final String symbol;

        Operator(String symbol) {
            this.symbol = symbol;
        }

        public String symbol() {
            return symbol;
        }

        /** The operator that says the same with the sides exchanged. */
        public Operator flipped() {
            return switch (this) {
                case EQUAL, NOT_EQUAL -> this;
                case LESS -> GREATER;
                case LESS_OR_EQUAL -> GREATER_OR_EQUAL;
                case GREATER -> LESS;
                case GREATER_OR_EQUAL -> LESS_OR_EQUAL;
            };
        }
    }
}
