package com.atlasco.atlas.cli;

import com.atlasco.atlas.cli.http.HttpApi;
import com.atlasco.atlas.cli.text.Table;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code atlas status}. */
@Command(
        name = "status",
        header = "Show the tiers, and how far each source has come",
        footer = {
            "",
            "Examples:",
            "  ./atlas status",
            "  ./atlas status --json | jq .sources",
            "",
            "Exit codes: 0 answered, 1 refused, 2 wrong usage, 3 no Atlas answers."
        })
public final class StatusCommand implements Callable<Integer> {

    /** Several replicas are {@code replica}, {@code replica-2} … */
    private static final Pattern TIER = Pattern.compile("http|primary|replica(-\\d+)?|olap");

    private final CliContext context;

    @Mixin
    private ApiOptions apiOptions = new ApiOptions();

    @Option(names = "--json", description = "The status as JSON")
    private boolean json;

    public StatusCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        try (HttpApi api = apiOptions.connect()) {
            JsonNode status = api.get("/status", Map.of()).body();
            if (json) {
                context.out().println(status.toPrettyString());
            } else {
                tiers(status);
                alerts(status.path("alerts"));
                list(status.path("sources"));
                list(status.path("analytics").path("promoted"));
                list(status.path("analytics").path("decisions"));
            }
        }
        return ExitCode.OK;
    }

    private void tiers(JsonNode status) {
        Table table = new Table(List.of(new Table.Column("tier", false), new Table.Column("", false)));
        status.properties().stream()
                .filter(member -> TIER.matcher(member.getKey()).matches())
                .forEach(tier -> table.row(List.of(tier.getKey(), line(tier.getValue()))));
        if (status.has("capture")) {
            CaptureText capture = new CaptureText(status.path("capture"));
            table.row(List.of("capture", capture.lag()));
            table.row(List.of("slot", capture.slot()));
        }
        print(table);
    }

    /** A line for each that fires. */
    private void alerts(JsonNode alerts) {
        if (!alerts.isEmpty()) {
            context.out().println();
        }
        for (JsonNode alert : alerts) {
            context.out()
                    .println("alert %s fires since %s: %s is %s, the threshold %s; %s"
                            .formatted(
                                    alert.path("name").asText(),
                                    alert.path("since").asText(),
                                    alert.path("metric").asText(),
                                    cell(alert.path("value")),
                                    cell(alert.path("threshold")),
                                    alert.path("why").asText()));
        }
    }

    private static String line(JsonNode tier) {
        if (!tier.isObject()) {
            return tier.asText();
        }
        return tier.properties().stream()
                .map(member -> member.getKey() + "=" + cell(member.getValue()))
                .collect(Collectors.joining("  "));
    }

    /** A row for each object, a column for each member; nothing when there is none. */
    private void list(JsonNode objects) {
        if (objects.isEmpty()) {
            return;
        }
        Set<String> members = new LinkedHashSet<>();
        for (JsonNode object : objects) {
            object.properties().forEach(member -> members.add(member.getKey()));
        }
        List<Table.Column> columns = new ArrayList<>();
        for (String member : members) {
            boolean numeric = true;
            for (JsonNode object : objects) {
                JsonNode value = object.path(member);
                numeric = numeric && (value.isNumber() || value.isNull() || value.isMissingNode());
            }
            columns.add(new Table.Column(member, numeric));
        }
        Table table = new Table(columns);
        for (JsonNode object : objects) {
            table.row(members.stream().map(member -> cell(object.path(member))).toList());
        }
        context.out().println();
        print(table);
    }

    /** What is not known is said to be so, and never looks like zero. */
    private static String cell(JsonNode value) {
        if (value.isNull() || value.isMissingNode()) {
            return "unknown";
        }
        return value.isTextual() ? value.textValue() : value.toString();
    }

    private void print(Table table) {
        table.layout(context.outTerminal()).lines().forEach(context.out()::println);
    }
}
