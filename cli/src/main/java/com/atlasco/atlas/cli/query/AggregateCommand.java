package com.atlasco.atlas.cli.query;

import com.atlasco.atlas.cli.ApiOptions;
import com.atlasco.atlas.cli.CliContext;
import com.atlasco.atlas.cli.ExitCode;
import com.atlasco.atlas.cli.ReadOptions;
import com.atlasco.atlas.cli.http.Answer;
import com.atlasco.atlas.cli.http.HttpApi;
import com.atlasco.atlas.cli.http.Provenance;
import com.atlasco.atlas.cli.text.Table;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code atlas aggregate}. */
@Command(
        name = "aggregate",
        header = "Group the entities that a filter keeps, and print figures for each group",
        description = {
            "",
            "Keys: an attribute (country), a histogram as attribute:min:max:buckets (score:0:100:10), or an interval"
                    + " as attribute:year, :month, :day or :hour (observed_at:month). Figures: count, and"
                    + " count_distinct, sum, avg, min and max of an attribute: 'avg(score)'.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  ./atlas aggregate --group-by carrier --metric count --metric 'avg(departure_delay)' --sort -count",
            "  ./atlas aggregate \"status = 'completed'\" --group-by departure_delay:0:120:8",
            "  ./atlas aggregate --group-by scheduled_departure_at:day --metric 'count_distinct(carrier)'",
            "",
            "Exit codes: 0 answered, 1 refused, 2 wrong usage, 3 no Atlas answers."
        })
public final class AggregateCommand implements Callable<Integer> {

    private final CliContext context;

    @Parameters(arity = "0..1", paramLabel = "FILTER", description = "A filter in CQL2, as text or JSON")
    private Optional<String> filter = Optional.empty();

    @Mixin
    private ApiOptions apiOptions = new ApiOptions();

    @Mixin
    private ReadOptions readOptions = new ReadOptions();

    @Option(names = "--group-by", paramLabel = "KEY", description = "A key; may be given several times")
    private List<String> groupBy = List.of();

    @Option(
            names = "--metric",
            paramLabel = "FIGURE",
            description = "A figure; may be given several times. Default: count")
    private List<String> metrics = List.of();

    @Option(
            names = "--sort",
            paramLabel = "[-]NAME",
            description = "A figure or key to sort by; may be given several times")
    private List<String> sort = List.of();

    @Option(names = "--limit", paramLabel = "N", description = "At most N groups, up to 100,000. Default: 10,000")
    private Optional<Integer> limit = Optional.empty();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
    private OutputFormat format = OutputFormat.table;

    public AggregateCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        List<GroupBy> keys = groupBy.stream().map(GroupBy::parse).toList();
        List<MetricOption> figures = (metrics.isEmpty() ? List.of("count") : metrics)
                .stream().map(MetricOption::parse).toList();
        var headers = readOptions.headers();
        try (HttpApi api = apiOptions.connect()) {
            Answer answer = FilterRequest.send(
                    filter, () -> api.post("/api/v1/analytics/aggregate", request(keys, figures), headers));
            JsonNode groups = answer.body().path("groups");
            switch (format) {
                case table -> table(keys, figures, groups).forEach(context.out()::println);
                case json -> context.out().println(answer.body().toPrettyString());
                case ndjson -> groups.forEach(context.out()::println);
            }
            boolean truncated = answer.body().path("truncated").asBoolean();
            context.err()
                    .println(String.format(
                                    Locale.ROOT, "%,d %s ", groups.size(), groups.size() == 1 ? "group" : "groups")
                            + Provenance.of(answer)
                            + (truncated ? "; there are more: raise --limit" : ""));
        }
        return ExitCode.OK;
    }

    private ObjectNode request(List<GroupBy> keys, List<MetricOption> figures) {
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        filter.ifPresent(text -> FilterRequest.put(request, text));
        ArrayNode groupBy = request.putArray("group_by");
        keys.forEach(key -> groupBy.add(key.toJson()));
        ArrayNode metrics = request.putArray("metrics");
        figures.forEach(figure -> metrics.add(figure.toJson()));
        if (!sort.isEmpty()) {
            ArrayNode sorts = request.putArray("sort");
            sort.forEach(sorts::add);
        }
        limit.ifPresent(count -> request.put("limit", count));
        return request;
    }

    private List<String> table(List<GroupBy> keys, List<MetricOption> figures, JsonNode groups) {
        List<Table.Column> columns = new ArrayList<>();
        for (GroupBy key : keys) {
            boolean numeric = !groups.isEmpty();
            for (JsonNode group : groups) {
                JsonNode value = group.path("key").path(key.attribute());
                numeric = numeric && (value.isNumber() || value.isNull());
            }
            columns.add(new Table.Column(key.attribute(), numeric));
        }
        figures.forEach(figure -> columns.add(new Table.Column(figure.name(), true)));
        Table table = new Table(columns);
        for (JsonNode group : groups) {
            List<String> cells = new ArrayList<>();
            keys.forEach(key -> cells.add(key.cell(group.path("key").path(key.attribute()))));
            figures.forEach(
                    figure -> cells.add(CellFormat.of(group.path("metrics").path(figure.name()))));
            table.row(cells);
        }
        return table.layout(context.outTerminal()).lines();
    }
}
