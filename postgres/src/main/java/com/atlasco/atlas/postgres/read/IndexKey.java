package com.atlasco.atlas.postgres.read;

import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.query.filter.Property;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;

/**
 * The column of an index that holds a property's values. {@code e.entity_id} follows it in every index, and within one
 * value rows lie in its order.
 *
 * @param attributeId empty for the properties that entity itself has an index of
 */
record IndexKey(Optional<Integer> attributeId, String column, String sqlType) {

    /** Text beyond so many code points is cut off in the index. */
    static final int TEXT_KEY_LENGTH = 500;

    static final IndexKey ENTITY_ID = new IndexKey(Optional.empty(), "entity_id", "bigint");
    static final IndexKey ENTITY_TYPE = new IndexKey(Optional.empty(), "entity_type", "text");

    /** The index of a property, or empty where there is none. */
    static Optional<IndexKey> of(Property property) {
        return switch (property) {
            case Property.Attribute(var type)
            when type.indexed() && type.dataType() != DataType.JSON ->
                Optional.of(ofAttribute(type.attributeId(), type.dataType()));
            case Property.Attribute _ -> Optional.empty();
            case Property.Intrinsic.ENTITY_ID -> Optional.of(ENTITY_ID);
            case Property.Intrinsic.ENTITY_TYPE -> Optional.of(ENTITY_TYPE);
            case Property.Intrinsic.VERSION, Property.Intrinsic.UPDATED_AT -> Optional.empty();
        };
    }

    private static IndexKey ofAttribute(int attributeId, DataType dataType) {
        Optional<Integer> id = Optional.of(attributeId);
        return switch (dataType) {
            case NUMBER -> new IndexKey(id, "value_number", "float8");
            case TEXT -> new IndexKey(id, "value_text_key", "text");
            case TS -> new IndexKey(id, "value_ts", "timestamptz");
            case BOOL -> new IndexKey(id, "value_bool", "boolean");
            case JSON -> throw new IllegalArgumentException("JSON values have no order");
        };
    }

    /** For people. */
    String name() {
        return attributeId.map(id -> "attribute " + id).orElse(column);
    }

    /** Whether long values are cut off, so that equal keys may stand for different values. */
    boolean isTextKey() {
        return attributeId.isPresent() && sqlType.equals("text");
    }

    /**
     * Rows of this index of one tenant, as {@code FROM … WHERE …}; the table goes by the name p. The attribute is written
     * out, so that a plan for all values has its one partition, and not sixteen for each scan.
     */
    Sql rows(long tenant) {
        return attributeId
                .map(id -> Sql.of(
                        " FROM entity_attribute p WHERE p.tenant_id = ?::bigint AND p.attribute_id = " + id + " AND p."
                                + column + " IS NOT NULL",
                        tenant))
                .orElseGet(() -> Sql.of(" FROM entity p WHERE p.tenant_id = ?::bigint", tenant));
    }

    Sql parameter(Object key) {
        return Sql.of("?::" + sqlType, key);
    }

    /** The key a value has in the index. For an entity_id that is no long, see {@link #round}. */
    Object keyOf(Value value) {
        return switch (value) {
            case Value.NumberValue(double number) ->
                equals(ENTITY_ID) ? (Object) round(number, RoundingMode.FLOOR) : number;
            case Value.TextValue(String text) -> isTextKey() ? textKey(text) : text;
            case Value.TimestampValue timestamp -> timestamp.instant().toString();
            case Value.BoolValue(boolean bool) -> bool;
            case Value.JsonValue _ -> throw new IllegalArgumentException("JSON values have no order");
        };
    }

    /** Whether the index holds exactly this value and no longer text under its key. */
    boolean isExact(Value value) {
        return switch (value) {
            case Value.TextValue(String text) ->
                !isTextKey() || text.codePointCount(0, text.length()) < TEXT_KEY_LENGTH;
            case Value.NumberValue(double number) -> !equals(ENTITY_ID) || number == Math.rint(number);
            default -> true;
        };
    }

    static String textKey(String text) {
        return text.codePointCount(0, text.length()) <= TEXT_KEY_LENGTH
                ? text
                : text.substring(0, text.offsetByCodePoints(0, TEXT_KEY_LENGTH));
    }

    /** The nearest long in a direction; what lies beyond all longs becomes the outermost one. */
    static long round(double number, RoundingMode mode) {
        return new BigDecimal(number)
                .setScale(0, mode)
                .max(BigDecimal.valueOf(Long.MIN_VALUE))
                .min(BigDecimal.valueOf(Long.MAX_VALUE))
                .longValue();
    }
}
