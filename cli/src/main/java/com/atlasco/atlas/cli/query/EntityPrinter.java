package com.atlasco.atlas.cli.query;

import com.atlasco.atlas.cli.CliContext;
import com.atlasco.atlas.cli.text.DisplayText;
import com.atlasco.atlas.cli.text.Table;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Prints entities, a page at a time. Used by one thread. */
final class EntityPrinter {

    private final CliContext context;
    private final OutputFormat format;
    private final List<String> properties;
    private long printed;

    /**
     * A printer.
     *
     * @param properties the attributes in the order asked for; empty for all
     */
    EntityPrinter(CliContext context, OutputFormat format, List<String> properties) {
        this.context = context;
        this.format = format;
        this.properties = properties;
    }

    void begin() {
        if (format == OutputFormat.json) {
            context.out().print("[");
        }
    }

    void print(JsonNode entities) {
        switch (format) {
            case table -> table(entities);
            case ndjson -> entities.forEach(context.out()::println);
            case json -> {
                for (JsonNode entity : entities) {
                    context.out().print(printed == 0 ? "\n" : ",\n");
                    context.out().print(entity);
                    printed++;
                }
            }
        }
    }

    void end() {
        if (format == OutputFormat.json) {
            context.out().println(printed == 0 ? "]" : "\n]");
        }
        context.out().flush();
    }

    private void table(JsonNode entities) {
        if (entities.isEmpty()) {
            return;
        }
        Set<String> attributes = new LinkedHashSet<>(properties);
        Map<String, Boolean> numeric = new LinkedHashMap<>();
        for (JsonNode entity : entities) {
            entity.path("attributes").properties().forEach(member -> {
                attributes.add(member.getKey());
                numeric.merge(member.getKey(), member.getValue().isNumber(), Boolean::logicalAnd);
            });
        }
        Set<String> intrinsic = Set.of("entity_id", "entity_type", "version", "updated_at");
        List<String> names = attributes.stream()
                .filter(name -> !name.equals("entity_id") && !name.equals("entity_type"))
                .toList();
        List<Table.Column> columns = new ArrayList<>();
        columns.add(new Table.Column("entity_id", true));
        columns.add(new Table.Column("entity_type", false));
        names.forEach(name -> columns.add(new Table.Column(name, numeric.getOrDefault(name, false))));
        Table table = new Table(columns);
        for (JsonNode entity : entities) {
            List<String> cells = new ArrayList<>();
            cells.add(entity.path("entity_id").asText());
            cells.add(entity.path("entity_type").asText());
            for (String name : names) {
                JsonNode attribute = entity.path("attributes").path(name);
                cells.add(CellFormat.of(
                        attribute.isMissingNode() && intrinsic.contains(name) ? entity.path(name) : attribute));
            }
            table.row(cells);
        }
        Table.Layout layout = table.layout(context.outTerminal());
        layout.lines().forEach(context.out()::println);
        if (!layout.omitted().isEmpty()) {
            context.err()
                    .println("No room for " + layout.omitted().size() + " more columns: "
                            + DisplayText.fit(DisplayText.oneLine(String.join(", ", layout.omitted())), 300)
                            + ". Choose some with --properties, or see all with --format json.");
        }
    }
}
