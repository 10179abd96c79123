package com.atlasco.atlas.cli.load;

import com.atlasco.atlas.model.DataType;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/** The types that all values of one column seen so far could have. Used by one thread. */
final class ColumnProfile {

    private static final List<DataType> MOST_SPECIFIC_FIRST =
            List.of(DataType.BOOL, DataType.NUMBER, DataType.TS, DataType.JSON, DataType.TEXT);

    private final EnumSet<DataType> possible = EnumSet.allOf(DataType.class);
    private boolean structured;
    private boolean positiveWhole = true;
    private long values;

    /**
     * Takes another value into account.
     *
     * @param value not JSON null
     * @param text whether it is a cell of text whose type is to be made out
     */
    void observe(JsonNode value, boolean text) {
        values++;
        positiveWhole = positiveWhole && EntityIds.of(value).isPresent();
        if (text) {
            possible.removeIf(type -> type != DataType.TEXT
                    && CellText.as(type, value.textValue()).isEmpty());
        } else {
            structured |= value.isContainerNode();
            possible.retainAll(typesOf(value));
        }
    }

    private static EnumSet<DataType> typesOf(JsonNode value) {
        if (value.isBoolean()) {
            return EnumSet.of(DataType.BOOL, DataType.TEXT);
        }
        if (value.isNumber()) {
            return EnumSet.of(DataType.NUMBER, DataType.TEXT);
        }
        if (value.isTextual()) {
            return CellText.isTimestamp(value.textValue())
                    ? EnumSet.of(DataType.TS, DataType.TEXT)
                    : EnumSet.of(DataType.TEXT);
        }
        return EnumSet.of(DataType.JSON);
    }

    /**
     * The most specific type that fits every value: scalars of different types are text, anything beside objects and
     * arrays is json. Empty when no value was seen.
     */
    Optional<DataType> type() {
        if (values == 0) {
            return Optional.empty();
        }
        if (structured) {
            return Optional.of(DataType.JSON);
        }
        return MOST_SPECIFIC_FIRST.stream().filter(possible::contains).findFirst();
    }

    /** Whether every value could be an entity's id, and there was one. */
    boolean holdsEntityIds() {
        return values > 0 && positiveWhole;
    }
}
