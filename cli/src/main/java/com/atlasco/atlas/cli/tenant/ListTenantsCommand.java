package com.atlasco.atlas.cli.tenant;

import com.atlasco.atlas.cli.CliContext;
import com.atlasco.atlas.cli.ConnectionOptions;
import com.atlasco.atlas.cli.ExitCode;
import com.atlasco.atlas.cli.UsageException;
import com.atlasco.atlas.cli.http.HttpApi;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code atlas tenant list}. */
@Command(
        name = "list",
        header = "List the tenants",
        footer = {
            "",
            "Examples:",
            "  ./atlas tenant list",
            "  ./atlas tenant list --json | jq '.[].tenant_id'",
            "",
            "Exit codes: 0 listed, 1 refused, 2 wrong usage, 3 no Atlas answers."
        })
final class ListTenantsCommand implements Callable<Integer> {

    private static final int PAGE = 1_000;

    private final CliContext context;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "100", description = "At most N. Default: 100")
    private int limit = 100;

    @Option(names = "--after", paramLabel = "ID", defaultValue = "0", description = "Those with a higher id")
    private long after;

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Option(names = "--json", description = "The tenants as a JSON array")
    private boolean json;

    ListTenantsCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (limit < 1 || after < 0) {
            throw new UsageException("--limit takes a number from 1, --after one from 0.");
        }
        ArrayNode tenants = JsonNodeFactory.instance.arrayNode();
        JsonNode next = JsonNodeFactory.instance.numberNode(after);
        try (HttpApi api = connection.connectAsOperator()) {
            while (next.isNumber() && tenants.size() < limit) {
                JsonNode page = api.get(
                                "/api/v1/admin/tenants?limit=%d&after=%d"
                                        .formatted(Math.min(PAGE, limit - tenants.size()), next.asLong()),
                                Map.of())
                        .body();
                page.path("tenants").forEach(tenants::add);
                next = page.path("next_after");
            }
        }
        if (json) {
            context.out().println(tenants.toPrettyString());
        } else {
            TenantTable.print(context, tenants);
        }
        if (next.isNumber()) {
            context.err().println("There are more: --limit N or --after " + next.asText() + " prints them");
        }
        return ExitCode.OK;
    }
}
