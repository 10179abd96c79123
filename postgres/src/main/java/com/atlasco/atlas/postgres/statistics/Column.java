package com.atlasco.atlas.postgres.statistics;

import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Value;
import java.util.Optional;

/** What statistics are kept of: the indexed values of an attribute, or a property that every entity has. */
public sealed interface Column {

    /**
     * A filterable attribute.
     *
     * @param dataType not json: that has no order
     */
    record Attribute(int attributeId, DataType dataType) implements Column {
        public Attribute {
            if (dataType == DataType.JSON) {
                throw new IllegalArgumentException("JSON values have no order");
            }
        }
    }

    /** A property of entities themselves; its rows are the tenant's entities. */
    enum Intrinsic implements Column {
        ENTITY_TYPE,
        ENTITY_ID
    }

    /** A value as a key of {@link AttributeStatistics}; empty for json. */
    static Optional<Object> key(Value value) {
        return switch (value) {
            case Value.NumberValue(double number) -> Optional.of(number);
            case Value.TextValue(String text) -> Optional.of(TextKeys.cut(text));
            case Value.TimestampValue(long micros) -> Optional.of((double) micros);
            case Value.BoolValue(boolean bool) -> Optional.of(bool ? 1.0 : 0.0);
            case Value.JsonValue _ -> Optional.empty();
        };
    }
}
