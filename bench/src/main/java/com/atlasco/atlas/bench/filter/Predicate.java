package com.atlasco.atlas.bench.filter;

import com.atlasco.atlas.bench.dataset.Dataset.Attribute;
import com.atlasco.atlas.model.Value;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A part of a filter, in no engine's words. */
public sealed interface Predicate {

    /** The attributes it looks at, each once. */
    Stream<Attribute> attributes();

    /** A predicate on one attribute. */
    sealed interface Simple extends Predicate {
        Attribute attribute();

        @Override
        default Stream<Attribute> attributes() {
            return Stream.of(attribute());
        }
    }

    record Equal(Attribute attribute, Value value) implements Simple {}

    /** At least one end; the low one belongs to it, the high one does not. */
    record Range(Attribute attribute, Optional<Value> low, Optional<Value> high) implements Simple {}

    /** Of a text attribute, without anything to escape. */
    record Prefix(Attribute attribute, String prefix) implements Simple {}

    /** One of several values of a text attribute. */
    record In(Attribute attribute, List<String> values) implements Simple {}

    record Not(Equal operand) implements Predicate {
        @Override
        public Stream<Attribute> attributes() {
            return operand.attributes();
        }
    }

    record Or(List<Simple> operands) implements Predicate {
        @Override
        public Stream<Attribute> attributes() {
            return operands.stream().map(Simple::attribute).distinct();
        }
    }
}
