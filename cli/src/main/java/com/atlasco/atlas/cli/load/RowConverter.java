package com.atlasco.atlas.cli.load;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.ValueParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/** Turns rows into items of a batch, checked against the types. Used by one thread. */
final class RowConverter {

    static final String ENTITY_ID = "entity_id";
    static final String ENTITY_TYPE = "entity_type";
    static final String ATTRIBUTES = "attributes";

    private final Types types;
    private final Optional<String> idColumn;
    private final Optional<String> entityType;

    /** The types of attributes; one that is not known yet is made known by its first value. */
    interface Types {
        AttributeType of(String attribute, JsonNode value, boolean text);

        boolean knows(String attribute);
    }

    /** What becomes of a row. */
    sealed interface Converted {
        /**
         * It can be sent. The id is empty where the server gives it out.
         *
         * @param idDerived whether the row brought no id, and was given one that follows from its place
         */
        record Item(long line, OptionalLong entityId, boolean idDerived, ObjectNode json) implements Converted {

            /** This with an id, unless it has one. */
            Item withId(LongSupplier id) {
                if (entityId.isPresent()) {
                    return this;
                }
                long derived = id.getAsLong();
                return new Item(line, OptionalLong.of(derived), true, json.put(ENTITY_ID, derived));
            }
        }

        /** It cannot. */
        record Refused(long line, String problem) implements Converted {}
    }

    /**
     * A converter.
     *
     * @param idColumn the column of flat rows that holds the ids
     * @param entityType for every row; without it, each row says its own
     */
    RowConverter(Types types, Optional<String> idColumn, Optional<String> entityType) {
        this.types = types;
        this.idColumn = idColumn;
        this.entityType = entityType;
    }

    Converted convert(Row row) {
        try {
            return switch (row) {
                case Row.Broken(long line, String problem) -> new Converted.Refused(line, problem);
                case Row.Flat flat -> flat(flat);
                case Row.Envelope envelope -> envelope(envelope);
            };
        } catch (AtlasException refused) {
            return new Converted.Refused(row.line(), refused.problem().detail());
        }
    }

    private Converted flat(Row.Flat row) {
        Optional<JsonNode> id = idColumn.flatMap(column -> present(row.members(), column));
        ObjectNode attributes = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> member : row.members().properties()) {
            boolean attribute = !member.getKey().equals(ENTITY_TYPE)
                    && idColumn.filter(member.getKey()::equals).isEmpty();
            if (attribute) {
                put(attributes, member.getKey(), member.getValue(), row.text());
            }
        }
        return item(
                row.line(), id, present(row.members(), ENTITY_TYPE), attributes, JsonNodeFactory.instance.objectNode());
    }

    private Converted envelope(Row.Envelope row) {
        ObjectNode item = JsonNodeFactory.instance.objectNode();
        present(row.entity(), "op").ifPresent(operation -> item.set("op", operation));
        ObjectNode attributes = JsonNodeFactory.instance.objectNode();
        row.attributes().properties().forEach(member -> put(attributes, member.getKey(), member.getValue(), false));
        return item(row.line(), present(row.entity(), ENTITY_ID), present(row.entity(), ENTITY_TYPE), attributes, item);
    }

    private Converted item(
            long line, Optional<JsonNode> id, Optional<JsonNode> ownType, ObjectNode attributes, ObjectNode item) {
        OptionalLong entityId = id.map(EntityIds::of).orElseGet(OptionalLong::empty);
        if (id.isPresent() && entityId.isEmpty()) {
            return new Converted.Refused(
                    line,
                    "its id is %s, not a whole number from 1"
                            .formatted(abbreviate(id.get().toString())));
        }
        Optional<String> type = entityType.or(() -> ownType.map(JsonNode::asText));
        if (type.isEmpty()) {
            return new Converted.Refused(line, "says no entity_type; give one to all with --entity-type");
        }
        entityId.ifPresent(value -> item.put(ENTITY_ID, value));
        item.put(ENTITY_TYPE, type.get());
        item.set(ATTRIBUTES, attributes);
        return new Converted.Item(line, entityId, false, item);
    }

    private void put(ObjectNode attributes, String name, JsonNode value, boolean text) {
        if (value.isNull()) {
            // Removes the value that the entity may have; of an attribute that nobody knows it has none.
            if (types.knows(name)) {
                attributes.putNull(name);
            }
            return;
        }
        AttributeType type = types.of(name, value, text);
        JsonNode converted = converted(type.dataType(), value, text);
        ValueParser.parse(type, converted);
        attributes.set(name, converted);
    }

    private static JsonNode converted(DataType type, JsonNode value, boolean text) {
        if (text) {
            return CellText.as(type, value.textValue()).orElse(value);
        }
        boolean scalar = value.isNumber() || value.isBoolean();
        return type == DataType.TEXT && scalar ? JsonNodeFactory.instance.textNode(value.asText()) : value;
    }

    private static Optional<JsonNode> present(ObjectNode object, String member) {
        return Optional.ofNullable(object.get(member)).filter(value -> !value.isNull());
    }

    private static String abbreviate(String text) {
        return text.length() <= 40 ? text : text.substring(0, 39) + "…";
    }
}
