package com.atlasco.atlas.query.filter;

import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Value;
import java.util.stream.Stream;

/**
 * A value computed from a row: NULL where a property in it is missing and where arithmetic has no result. In a term
 * {@code entity_id} and {@code version} are the nearest doubles.
 */
public sealed interface Term {

    DataType dataType();

    /** The properties it names, as often as it does. */
    Stream<Property> properties();

    record Reference(Property property) implements Term {
        @Override
        public DataType dataType() {
            return property.dataType();
        }

        @Override
        public Stream<Property> properties() {
            return Stream.of(property);
        }
    }

    /** Of type json it is an array, and only an operand of {@link Filter.ArrayContains} and {@link Filter.ArrayOverlaps}. */
    record Literal(Value value) implements Term {
        @Override
        public DataType dataType() {
            return value.dataType();
        }

        @Override
        public Stream<Property> properties() {
            return Stream.empty();
        }
    }

    /** Of two terms of type number. */
    record Calculation(ArithmeticOperator operator, Term left, Term right) implements Term {
        @Override
        public DataType dataType() {
            return DataType.NUMBER;
        }

        @Override
        public Stream<Property> properties() {
            return Stream.concat(left.properties(), right.properties());
        }
    }

    /** Of a term of type text. */
    record Folded(Folding folding, Term operand) implements Term {
        @Override
        public DataType dataType() {
            return DataType.TEXT;
        }

        @Override
        public Stream<Property> properties() {
            return operand.properties();
        }
    }
}
