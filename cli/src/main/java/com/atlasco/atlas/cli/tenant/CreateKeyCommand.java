package com.atlasco.atlas.cli.tenant;

import com.atlasco.atlas.cli.CliContext;
import com.atlasco.atlas.cli.ConnectionOptions;
import com.atlasco.atlas.cli.ExitCode;
import com.atlasco.atlas.cli.http.HttpApi;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code atlas tenant key create}. */
@Command(
        name = "create",
        header = "Create a key, and print it this once",
        description = {
            "",
            "The key alone goes to standard output, so that it can be put into a file. It cannot be read again.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  ./atlas tenant key create 7 --name importer > importer.key",
            "  ./atlas tenant key create 7 --name report --scope read --expires 2027-01-31T00:00:00Z",
            "",
            "Exit codes: 0 created, 1 refused, 2 wrong usage, 3 no Atlas answers."
        })
final class CreateKeyCommand implements Callable<Integer> {

    /** The scopes, as they are written. */
    enum ScopeName {
        read,
        write,
        admin
    }

    private final CliContext context;

    @Mixin
    private TenantPath tenant = new TenantPath();

    @Option(names = "--name", paramLabel = "NAME", required = true, description = "What it is for, for people")
    private String name = "";

    @Option(
            names = "--scope",
            paramLabel = "SCOPE",
            split = ",",
            description = "What it is good for: ${COMPLETION-CANDIDATES}. Default: read,write")
    private List<ScopeName> scopes = List.of();

    @Option(names = "--expires", paramLabel = "TIME", description = "Until when, such as 2027-01-31T00:00:00Z")
    private Optional<String> expires = Optional.empty();

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Option(names = "--json", description = "The key and what is known of it as JSON")
    private boolean json;

    CreateKeyCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        ObjectNode request = JsonNodeFactory.instance.objectNode().put("name", name);
        if (!scopes.isEmpty()) {
            ArrayNode names = request.putArray("scopes");
            scopes.forEach(scope -> names.add(scope.name()));
        }
        expires.ifPresent(time -> request.put("expires_at", time));
        try (HttpApi api = connection.connectAsOperator()) {
            JsonNode key = api.post(tenant.path() + "/keys", request, Map.of()).body();
            if (json) {
                context.out().println(key.toPrettyString());
            } else {
                context.out().println(key.path("key").asText());
                context.err()
                        .println("Key %s of tenant %s; keep it well, it is not shown again"
                                .formatted(
                                        key.path("key_id").asText(),
                                        key.path("tenant_id").asText()));
            }
        }
        return ExitCode.OK;
    }
}
