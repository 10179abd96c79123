package com.atlasco.atlas.query.cql2;

import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Registry;
import com.atlasco.atlas.query.filter.Property;
import java.util.List;
import java.util.Optional;

/** Attributes of every type, with names plain and strange. */
public final class TestRegistry {

    public static final AttributeType SCORE = type(1, "score", DataType.NUMBER);
    public static final AttributeType COUNTRY = type(2, "country", DataType.TEXT);
    public static final AttributeType CANCELLED = type(3, "cancelled", DataType.BOOL);
    public static final AttributeType STARTS_AT = type(4, "starts_at", DataType.TS);
    public static final AttributeType TAGS = type(5, "tags", DataType.JSON);
    public static final AttributeType DATE = type(6, "date", DataType.TS);
    public static final AttributeType STRANGE = type(7, "say \"hi\" 'x' \\ 😀", DataType.TEXT);
    public static final AttributeType NOT = type(8, "not", DataType.NUMBER);
    public static final AttributeType CLOUD_COVER = type(9, "eo:cloud.cover", DataType.NUMBER);
    public static final AttributeType UNICODE = type(10, "Größe", DataType.NUMBER);
    public static final AttributeType DIV = type(11, "div", DataType.NUMBER);
    public static final AttributeType RAINY = type(12, "rainy", DataType.BOOL);
    public static final AttributeType POINT = type(13, "point", DataType.TEXT);

    public static final Registry REGISTRY = Registry.of(List.of(
            SCORE, COUNTRY, CANCELLED, STARTS_AT, TAGS, DATE, STRANGE, NOT, CLOUD_COVER, UNICODE, DIV, RAINY, POINT));

    private TestRegistry() {}

    public static Property property(AttributeType type) {
        return new Property.Attribute(type);
    }

    private static AttributeType type(int id, String name, DataType dataType) {
        return new AttributeType(id, name, dataType, id % 2 == 1, false, Optional.empty(), Optional.empty());
    }
}
