package com.atlasco.atlas.cli.tenant;

import com.atlasco.atlas.cli.CliContext;
import com.atlasco.atlas.cli.ConnectionOptions;
import com.atlasco.atlas.cli.ExitCode;
import com.atlasco.atlas.cli.http.HttpApi;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code atlas tenant show}. */
@Command(
        name = "show",
        header = "Show a tenant, and how far its deletion has come",
        footer = {
            "",
            "Examples:",
            "  ./atlas tenant show 7",
            "",
            "Exit codes: 0 shown, 1 refused or deleted, 2 wrong usage, 3 no Atlas answers."
        })
final class ShowTenantCommand implements Callable<Integer> {

    private final CliContext context;

    @Mixin
    private TenantPath tenant = new TenantPath();

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Option(names = "--json", description = "The tenant as JSON")
    private boolean json;

    ShowTenantCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        try (HttpApi api = connection.connectAsOperator()) {
            JsonNode shown = api.get(tenant.path(), Map.of()).body();
            if (json) {
                context.out().println(shown.toPrettyString());
            } else {
                TenantTable.print(context, List.of(shown));
                if (shown.has("deletion")) {
                    context.out().println();
                    context.out().println(TenantTable.progress(shown));
                }
            }
        }
        return ExitCode.OK;
    }
}
