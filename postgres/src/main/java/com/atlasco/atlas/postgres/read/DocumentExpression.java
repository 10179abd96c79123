package com.atlasco.atlas.postgres.read;

import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.DocumentCodec;
import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.query.filter.Property;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/**
 * A property as an SQL expression over a row e of entity, NULL where the document has no such member: numbers as float8
 * (the intrinsic ones as numeric, so that an entity_id is compared exactly), timestamps as microseconds in a bigint,
 * text in the order of code points.
 */
final class DocumentExpression {

    private DocumentExpression() {}

    static Sql of(Property property) {
        return switch (property) {
            case Property.Attribute(var type) -> attribute(Integer.toString(type.attributeId()), type.dataType());
            case Property.Intrinsic.ENTITY_ID -> Sql.of("e.entity_id::numeric");
            case Property.Intrinsic.VERSION -> Sql.of("e.version::numeric");
            case Property.Intrinsic.ENTITY_TYPE -> Sql.of("e.entity_type");
            case Property.Intrinsic.UPDATED_AT -> Sql.of("(extract(epoch FROM e.updated_at) * 1000000)::bigint");
        };
    }

    private static Sql attribute(String member, DataType dataType) {
        return switch (dataType) {
            case NUMBER -> Sql.of("(e.document -> ?::text)::float8", member);
            case TEXT -> Sql.of("(e.document ->> ?::text) COLLATE \"C\"", member);
            case TS -> Sql.of("(e.document -> ?::text ->> '" + DocumentCodec.TIMESTAMP_MEMBER + "')::bigint", member);
            case BOOL -> Sql.of("(e.document -> ?::text)::boolean", member);
            case JSON -> Sql.of("(e.document -> ?::text -> '" + DocumentCodec.JSON_MEMBER + "')", member);
        };
    }

    /** The property as exact decimals: what sums are made of. */
    static Sql numeric(Property property) {
        return property instanceof Property.Attribute(var type)
                ? Sql.of("(e.document -> ?::text)::numeric", Integer.toString(type.attributeId()))
                : of(property);
    }

    /** Whether the document has the property, without looking at its value. */
    static Sql isNull(Property property) {
        return property instanceof Property.Attribute(var type)
                ? Sql.of("(e.document -> ?::text) IS NULL", Integer.toString(type.attributeId()))
                : Sql.of("false");
    }

    /** A value to compare {@link #of} with. */
    static Sql literal(Property property, Value value) {
        return Sql.of("?::" + sqlType(property), parameter(property, value));
    }

    /** Several of them as one array. */
    static Sql literals(Property property, List<Value> values) {
        String type = sqlType(property);
        return Sql.of(
                "?::" + type + "[]",
                new Sql.ArrayOf(
                        type,
                        values.stream().map(value -> parameter(property, value)).toList()));
    }

    private static String sqlType(Property property) {
        return switch (property.dataType()) {
            case NUMBER -> property instanceof Property.Attribute ? "float8" : "numeric";
            case TEXT -> "text";
            case TS -> "bigint";
            case BOOL -> "boolean";
            case JSON -> "jsonb";
        };
    }

    private static Object parameter(Property property, Value value) {
        return switch (value) {
            case Value.NumberValue(double number) ->
                property instanceof Property.Attribute ? (Object) number : new BigDecimal(number);
            case Value.TextValue(String text) -> text;
            case Value.TimestampValue(long micros) -> micros;
            case Value.BoolValue(boolean bool) -> bool;
            case Value.JsonValue(String json) -> json;
        };
    }

    /** What an entity has for a property. */
    static Optional<Value> valueOf(Entity entity, Property property) {
        return switch (property) {
            case Property.Attribute(var type) -> entity.document().find(type.attributeId());
            case Property.Intrinsic.ENTITY_ID -> Optional.of(new Value.NumberValue(entity.entityId()));
            case Property.Intrinsic.VERSION -> Optional.of(new Value.NumberValue(entity.version()));
            case Property.Intrinsic.ENTITY_TYPE -> Optional.of(new Value.TextValue(entity.entityType()));
            case Property.Intrinsic.UPDATED_AT -> Optional.of(Value.TimestampValue.of(entity.updatedAt()));
        };
    }
}
