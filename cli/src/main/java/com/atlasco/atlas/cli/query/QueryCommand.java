package com.atlasco.atlas.cli.query;

import com.atlasco.atlas.cli.ApiOptions;
import com.atlasco.atlas.cli.CliContext;
import com.atlasco.atlas.cli.ExitCode;
import com.atlasco.atlas.cli.ReadOptions;
import com.atlasco.atlas.cli.UsageException;
import com.atlasco.atlas.cli.http.Answer;
import com.atlasco.atlas.cli.http.HttpApi;
import com.atlasco.atlas.cli.http.Provenance;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code atlas query}. */
@Command(
        name = "query",
        header = "Print the entities that a filter keeps",
        description = {
            "",
            "The filter is CQL2 text. Without one, every entity is kept. Where the answer came from, and how stale it"
                    + " can be at most, is said on standard error.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  ./atlas query \"carrier = 'UA' AND departure_delay > 120\" --properties name,departure_delay",
            "  ./atlas query \"entity_type = 'plane'\" --sortby -seats --limit 10",
            "  ./atlas query \"status = 'cancelled'\" --all --format ndjson > cancelled.ndjson",
            "",
            "Exit codes: 0 answered, 1 refused, 2 wrong usage, 3 no Atlas answers."
        })
public final class QueryCommand implements Callable<Integer> {

    private static final int PAGE = 1_000;

    private final CliContext context;

    @Parameters(arity = "0..1", paramLabel = "FILTER", description = "A filter in CQL2, as text or JSON")
    private Optional<String> filter = Optional.empty();

    @Mixin
    private ApiOptions apiOptions = new ApiOptions();

    @Mixin
    private ReadOptions readOptions = new ReadOptions();

    @Option(
            names = "--properties",
            paramLabel = "A,B",
            split = ",",
            description = "The attributes to print; all without it")
    private List<String> properties = List.of();

    @Option(
            names = "--sortby",
            paramLabel = "[-]A,[-]B",
            description = "Sort by attributes; descending with - before one")
    private Optional<String> sortBy = Optional.empty();

    @Option(names = "--limit", paramLabel = "N", description = "At most N entities. Default: 100")
    private Optional<Long> limit = Optional.empty();

    @Option(names = "--all", description = "All entities, page by page")
    private boolean all;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
    private OutputFormat format = OutputFormat.table;

    public QueryCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (limit.filter(count -> count < 1).isPresent()) {
            throw new UsageException("--limit takes a number from 1, not " + limit.get() + ".");
        }
        if (all && limit.isPresent()) {
            throw new UsageException("--all and --limit contradict each other; give one of them.");
        }
        Map<String, String> headers = readOptions.headers();
        try (HttpApi api = apiOptions.connect()) {
            print(api, headers);
        }
        return ExitCode.OK;
    }

    private void print(HttpApi api, Map<String, String> headers) {
        List<String> names = properties.stream().map(String::strip).toList();
        EntityPrinter printer = new EntityPrinter(context, format, names);
        long wanted = all ? Long.MAX_VALUE : limit.orElse(100L);
        long found = 0;
        Optional<String> cursor = Optional.empty();
        while (true) {
            ObjectNode search = search(names, Math.min(PAGE, wanted - found), cursor);
            Answer page = FilterRequest.send(filter, () -> api.post("/api/v1/entities/search", search, headers));
            if (found == 0) {
                printer.begin();
            }
            JsonNode entities = page.body().path("entities");
            printer.print(entities);
            found += entities.size();
            cursor = Optional.of(page.body().path("next_cursor"))
                    .filter(JsonNode::isTextual)
                    .map(JsonNode::textValue);
            if (cursor.isEmpty() || found >= wanted || context.out().checkError()) {
                printer.end();
                context.err()
                        .println(String.format(Locale.ROOT, "%,d %s ", found, found == 1 ? "entity" : "entities")
                                + Provenance.of(page)
                                + (cursor.isPresent() ? "; there are more: --limit N or --all prints them" : ""));
                return;
            }
        }
    }

    private ObjectNode search(List<String> names, long pageSize, Optional<String> cursor) {
        ObjectNode search = JsonNodeFactory.instance.objectNode();
        filter.ifPresent(text -> FilterRequest.put(search, text));
        if (!names.isEmpty()) {
            ArrayNode wanted = search.putArray("properties");
            names.forEach(wanted::add);
        }
        sortBy.ifPresent(text -> search.put("sortby", text));
        search.put("limit", pageSize);
        cursor.ifPresent(text -> search.put("cursor", text));
        return search;
    }
}
