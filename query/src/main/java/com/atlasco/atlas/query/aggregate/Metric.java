package com.atlasco.atlas.query.aggregate;

import com.atlasco.atlas.query.filter.Property;
import java.util.Locale;
import java.util.Optional;

/**
 * One figure per group.
 *
 * @param property empty only for COUNT, which then counts rows; all others pass over rows without the property.
 *     SUM and AVG take numbers, MIN and MAX numbers, text and timestamps, COUNT_DISTINCT all types but json
 */
public record Metric(Operation operation, Optional<Property> property) {

    /** What is computed. */
    public enum Operation {
        COUNT,
        COUNT_DISTINCT,
        SUM,
        AVG,
        MIN,
        MAX
    }

    /** The name in the answer: {@code count}, {@code avg(score)}. */
    public String name() {
        String name = operation.name().toLowerCase(Locale.ROOT);
        return property.map(on -> name + "(" + on.wireName() + ")").orElse(name);
    }
}
