package com.atlasco.atlas.cli.load;

import com.atlasco.atlas.model.DataType;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes out the types of a file's columns, and which one holds the ids. Used by one thread. */
final class TypeInference {

    private static final List<String> USUAL_ID_COLUMNS = List.of("entity_id", "id");

    private final Map<String, ColumnProfile> columns = new LinkedHashMap<>();
    private long rows;
    private boolean flat;
    private boolean flatWithoutType;

    void observe(Row row) {
        switch (row) {
            case Row.Flat(long line, var members, boolean text) -> {
                flat = true;
                flatWithoutType |= !members.has(RowConverter.ENTITY_TYPE);
                members.properties().forEach(member -> observe(member.getKey(), member.getValue(), text));
                rows++;
            }
            case Row.Envelope envelope -> {
                envelope.attributes()
                        .properties()
                        .forEach(member -> observe(member.getKey(), member.getValue(), false));
                flatWithoutType |= !envelope.entity().has(RowConverter.ENTITY_TYPE);
                rows++;
            }
            case Row.Broken broken -> {}
        }
    }

    private void observe(String column, JsonNode value, boolean text) {
        ColumnProfile profile = columns.computeIfAbsent(column, name -> new ColumnProfile());
        if (!value.isNull()) {
            profile.observe(value, text);
        }
    }

    long rows() {
        return rows;
    }

    /** Whether a row does not say its entity type. */
    boolean typeMissing() {
        return flatWithoutType;
    }

    boolean hasColumn(String name) {
        return columns.containsKey(name);
    }

    /** The column of ids of flat rows: entity_id or id, when it holds nothing but whole positive numbers. */
    Optional<String> idColumn() {
        return USUAL_ID_COLUMNS.stream()
                .filter(name -> flat && columns.containsKey(name))
                .filter(name -> columns.getOrDefault(name, new ColumnProfile()).holdsEntityIds())
                .findFirst();
    }

    /** The types by column, in the order of the file; columns without values are not among them. */
    Map<String, DataType> types() {
        Map<String, DataType> types = new LinkedHashMap<>();
        columns.forEach((name, profile) -> profile.type().ifPresent(type -> types.put(name, type)));
        return types;
    }
}
