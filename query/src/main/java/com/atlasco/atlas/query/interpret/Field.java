package com.atlasco.atlas.query.interpret;

import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.query.filter.Property;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Optional;

/**
 * What an entity has for a property, ordered as the language orders: numbers exactly, even where an entity_id is no
 * double; text by code point, which is not {@link String#compareTo}'s order of UTF-16 units; false before true.
 * Fields of one property are equal exactly when they compare as equal.
 */
sealed interface Field extends Comparable<Field> {

    /** A number, or an entity's id or version. Never with trailing zeros, so that equal numbers are equal records. */
    record Numeric(BigDecimal number) implements Field {
        public Numeric {
            number = number.stripTrailingZeros();
        }
    }

    record Text(String text) implements Field {}

    record Timestamp(long micros) implements Field {}

    record Bool(boolean bool) implements Field {}

    record Json(String json) implements Field {}

    static Optional<Field> of(Entity entity, Property property) {
        return switch (property) {
            case Property.Attribute(var type) ->
                entity.document().find(type.attributeId()).map(Field::of);
            case Property.Intrinsic.ENTITY_ID -> Optional.of(new Numeric(BigDecimal.valueOf(entity.entityId())));
            case Property.Intrinsic.ENTITY_TYPE -> Optional.of(new Text(entity.entityType()));
            case Property.Intrinsic.VERSION -> Optional.of(new Numeric(BigDecimal.valueOf(entity.version())));
            case Property.Intrinsic.UPDATED_AT -> Optional.of(of(Value.TimestampValue.of(entity.updatedAt())));
        };
    }

    static Field of(Value value) {
        return switch (value) {
            case Value.NumberValue(double number) -> new Numeric(new BigDecimal(number));
            case Value.TextValue(String text) -> new Text(text);
            case Value.TimestampValue(long micros) -> new Timestamp(micros);
            case Value.BoolValue(boolean bool) -> new Bool(bool);
            case Value.JsonValue(String json) -> new Json(json);
        };
    }

    default Value value() {
        return switch (this) {
            case Numeric(BigDecimal number) -> new Value.NumberValue(number.doubleValue());
            case Text(String text) -> new Value.TextValue(text);
            case Timestamp(long micros) -> new Value.TimestampValue(micros);
            case Bool(boolean bool) -> new Value.BoolValue(bool);
            case Json(String json) -> new Value.JsonValue(json);
        };
    }

    @Override
    default int compareTo(Field other) {
        if (this instanceof Numeric(BigDecimal left) && other instanceof Numeric(BigDecimal right)) {
            return left.compareTo(right);
        }
        if (this instanceof Text(String left) && other instanceof Text(String right)) {
            return Arrays.compare(
                    left.codePoints().toArray(), right.codePoints().toArray());
        }
        if (this instanceof Timestamp(long left) && other instanceof Timestamp(long right)) {
            return Long.compare(left, right);
        }
        if (this instanceof Bool(boolean left) && other instanceof Bool(boolean right)) {
            return Boolean.compare(left, right);
        }
        throw new IllegalArgumentException("not comparable: " + this + " and " + other);
    }
}
