package com.atlasco.atlas.cli.tenant;

import com.atlasco.atlas.cli.CliContext;
import com.atlasco.atlas.cli.ConnectionOptions;
import com.atlasco.atlas.cli.ExitCode;
import com.atlasco.atlas.cli.http.HttpApi;
import com.atlasco.atlas.cli.text.Table;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code atlas tenant quota}. */
@Command(
        name = "quota",
        header = "Show the quotas of a tenant, or change those that are given",
        footer = {
            "",
            "Examples:",
            "  ./atlas tenant quota 7",
            "  ./atlas tenant quota 7 --max-entities 1000000 --max-writes-per-second none",
            "",
            "Exit codes: 0 done, 1 refused, 2 wrong usage, 3 no Atlas answers."
        })
final class QuotaCommand implements Callable<Integer> {

    private final CliContext context;

    @Mixin
    private TenantPath tenant = new TenantPath();

    @Mixin
    private QuotaOptions quotas = new QuotaOptions();

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Option(names = "--json", description = "The quotas as JSON")
    private boolean json;

    QuotaCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        ObjectNode patch = quotas.patch();
        try (HttpApi api = connection.connectAsOperator()) {
            JsonNode now = patch.isEmpty()
                    ? api.get(tenant.path(), Map.of()).body().path("quotas")
                    : api.patch(tenant.path() + "/quotas", patch).body();
            if (json) {
                context.out().println(now.toPrettyString());
                return ExitCode.OK;
            }
            Table table = new Table(List.of(new Table.Column("quota", false), new Table.Column("limit", true)));
            now.properties()
                    .forEach(quota -> table.row(List.of(
                            quota.getKey(),
                            quota.getValue().isNull()
                                    ? "none"
                                    : quota.getValue().asText())));
            table.layout(context.outTerminal()).lines().forEach(context.out()::println);
        }
        return ExitCode.OK;
    }
}
