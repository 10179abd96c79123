package com.atlasco.atlas.cli.tenant;

import com.atlasco.atlas.cli.CliContext;
import com.atlasco.atlas.cli.ConnectionOptions;
import com.atlasco.atlas.cli.ExitCode;
import com.atlasco.atlas.cli.http.HttpApi;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code atlas tenant key list}. */
@Command(
        name = "list",
        header = "List the keys of a tenant, without their secrets",
        footer = {
            "",
            "Examples:",
            "  ./atlas tenant key list 7",
            "",
            "Exit codes: 0 listed, 1 refused, 2 wrong usage, 3 no Atlas answers."
        })
final class ListKeysCommand implements Callable<Integer> {

    private final CliContext context;

    @Mixin
    private TenantPath tenant = new TenantPath();

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Option(names = "--json", description = "The keys as a JSON array")
    private boolean json;

    ListKeysCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        try (HttpApi api = connection.connectAsOperator()) {
            JsonNode keys = api.get(tenant.path() + "/keys", Map.of()).body().path("keys");
            if (json) {
                context.out().println(keys.toPrettyString());
            } else {
                TenantTable.printKeys(context, keys);
            }
        }
        return ExitCode.OK;
    }
}
