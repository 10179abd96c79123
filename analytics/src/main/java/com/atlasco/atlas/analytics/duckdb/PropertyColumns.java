package com.atlasco.atlas.analytics.duckdb;

import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.query.filter.Property;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where a tenant's properties lie in the entity table. A slot may change hands between two transactions, so this is
 * read in the transaction that uses it.
 */
final class PropertyColumns {

    private final Map<Integer, Slot> slots;

    PropertyColumns(Map<Integer, Slot> slots) {
        this.slots = Map.copyOf(slots);
    }

    /** Where there are no slots: everything lies in the maps. */
    static PropertyColumns inMaps() {
        return new PropertyColumns(Map.of());
    }

    static PropertyColumns load(Connection connection, long tenantId) throws SQLException {
        Map<Integer, Slot> slots = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT attribute_id, data_type, slot FROM promoted WHERE tenant_id = ? AND stage = 'WHOLE'
                """)) {
            statement.setLong(1, tenantId);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    slots.put(rows.getInt(1), new Slot(DataType.valueOf(rows.getString(2)), rows.getInt(3)));
                }
            }
        }
        return new PropertyColumns(slots);
    }

    /** An SQL expression of the property's value: DOUBLE, VARCHAR, TIMESTAMP or BOOLEAN; NULL where it is missing. */
    String expression(Property property) {
        return switch (property) {
            case Property.Attribute attribute -> attribute(attribute);
            case Property.Intrinsic intrinsic ->
                switch (intrinsic) {
                    case ENTITY_ID -> "CAST(entity_id AS DOUBLE)";
                    case ENTITY_TYPE -> "entity_type";
                    case VERSION -> "CAST(version AS DOUBLE)";
                    case UPDATED_AT -> "updated_at";
                };
        };
    }

    /** The same in the form in which it is read from a result: timestamps as microseconds. */
    static String readable(String expression, DataType dataType) {
        return dataType == DataType.TS ? "epoch_us(" + expression + ")" : expression;
    }

    private String attribute(Property.Attribute attribute) {
        int id = attribute.type().attributeId();
        Optional<Slot> slot =
                Optional.ofNullable(slots.get(id)).filter(found -> found.dataType() == attribute.dataType());
        return slot.map(Slot::column).orElseGet(() -> mapEntry(attribute.dataType(), id));
    }

    /** The value in the maps; NULL where there is none. */
    static String mapEntry(DataType dataType, int attributeId) {
        return switch (dataType) {
            case NUMBER -> "numbers[" + attributeId + "]";
            case TEXT -> "texts[" + attributeId + "]";
            case TS -> "make_timestamp(timestamps[" + attributeId + "])";
            case BOOL -> "booleans[" + attributeId + "]";
            case JSON -> "jsons[" + attributeId + "]";
        };
    }
}
