package com.atlasco.atlas.cli.tenant;

import com.atlasco.atlas.cli.CliContext;
import com.atlasco.atlas.cli.ConnectionOptions;
import com.atlasco.atlas.cli.ExitCode;
import com.atlasco.atlas.cli.http.HttpApi;
import com.atlasco.atlas.cli.text.DisplayText;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code atlas tenant create}. */
@Command(
        name = "create",
        header = "Create a tenant",
        footer = {
            "",
            "Examples:",
            "  ./atlas tenant create acme",
            "  ./atlas tenant create acme --id 7 --max-entities 1000000 --max-writes-per-second 2000",
            "",
            "Exit codes: 0 created, 1 refused, 2 wrong usage, 3 no Atlas answers."
        })
final class CreateTenantCommand implements Callable<Integer> {

    private final CliContext context;

    @Parameters(paramLabel = "NAME", description = "The tenant's name, for people")
    private String name = "";

    @Option(names = "--id", paramLabel = "ID", description = "The id to have. Default: the next one that is free")
    private Optional<Long> id = Optional.empty();

    @Mixin
    private QuotaOptions quotas = new QuotaOptions();

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Option(names = "--json", description = "The tenant as JSON")
    private boolean json;

    CreateTenantCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        ObjectNode request = JsonNodeFactory.instance.objectNode().put("name", name);
        id.ifPresent(wanted -> request.put("tenant_id", wanted));
        request.set("quotas", quotas.patch());
        try (HttpApi api = connection.connectAsOperator()) {
            JsonNode tenant =
                    api.post("/api/v1/admin/tenants", request, Map.of()).body();
            context.out()
                    .println(
                            json
                                    ? tenant.toPrettyString()
                                    : "Created tenant %s, %s"
                                            .formatted(
                                                    tenant.path("tenant_id").asText(),
                                                    DisplayText.oneLine(
                                                            tenant.path("name").asText())));
        }
        return ExitCode.OK;
    }
}
