package com.atlasco.atlas.query.filter;

import com.atlasco.atlas.model.Value;
import java.util.List;

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
    }
}
