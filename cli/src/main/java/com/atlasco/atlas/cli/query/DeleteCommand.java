package com.atlasco.atlas.cli.query;

import com.atlasco.atlas.cli.ApiOptions;
import com.atlasco.atlas.cli.CliContext;
import com.atlasco.atlas.cli.ExitCode;
import com.atlasco.atlas.cli.FailureException;
import com.atlasco.atlas.cli.UsageException;
import com.atlasco.atlas.cli.http.HttpApi;
import com.atlasco.atlas.cli.text.ProblemText;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code atlas delete}. */
@Command(
        name = "delete",
        header = "Delete the entities that a filter keeps",
        description = {
            "",
            "Says first how many match, and asks. They are deleted a thousand in a transaction; each is looked at again"
                    + " then, and stays when the filter no longer keeps it. A deletion that is interrupted can be run"
                    + " again.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  ./atlas delete \"entity_type = 'sensor' AND last_seen < TIMESTAMP('2020-01-01T00:00:00Z')\" --dry-run",
            "  ./atlas delete \"status = 'scrapped'\" --yes",
            "  ./atlas delete --all --tenant 7",
            "",
            "Exit codes: 0 done, 1 refused, interrupted or declined, 2 wrong usage, 3 no Atlas answers."
        })
public final class DeleteCommand implements Callable<Integer> {

    private static final String PATH = "/api/v1/entities:delete";

    private final CliContext context;

    @Parameters(arity = "0..1", paramLabel = "FILTER", description = "A filter in CQL2, as text or JSON")
    private Optional<String> filter = Optional.empty();

    @Mixin
    private ApiOptions apiOptions = new ApiOptions();

    @Option(names = "--all", description = "Every entity of the tenant, in the place of a filter")
    private boolean all;

    @Option(names = "--limit", paramLabel = "N", description = "At most N entities")
    private Optional<Long> limit = Optional.empty();

    @Option(names = "--dry-run", description = "Say how many match, delete nothing")
    private boolean dryRun;

    @Option(names = "--yes", description = "Do not ask")
    private boolean yes;

    public DeleteCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (all == filter.filter(text -> !text.isBlank()).isPresent()) {
            throw new UsageException("Give a filter, or --all to delete every entity of the tenant.");
        }
        if (limit.filter(count -> count < 1).isPresent()) {
            throw new UsageException("--limit takes a number from 1, not " + limit.get() + ".");
        }
        try (HttpApi api = apiOptions.connect()) {
            if (dryRun || !yes) {
                long matching = matching(api);
                if (dryRun) {
                    context.out().println(String.format(Locale.ROOT, "%,d entities match; none was deleted", matching));
                    return ExitCode.OK;
                }
                if (matching > 0 && !confirmed(api, matching)) {
                    context.err().println("Nothing was deleted.");
                    return ExitCode.FAILED;
                }
            }
            JsonNode last = FilterRequest.send(filter, () -> delete(api));
            context.out()
                    .println(String.format(
                            Locale.ROOT, "%,d deleted", last.path("deleted").asLong()));
            return ExitCode.OK;
        }
    }

    private long matching(HttpApi api) {
        ObjectNode request = request().put("dry_run", true);
        return FilterRequest.send(filter, () -> api.post(PATH, request, java.util.Map.of()))
                .body()
                .path("matching")
                .asLong();
    }

    private boolean confirmed(HttpApi api, long matching) {
        context.err()
                .print(String.format(
                        Locale.ROOT,
                        "Delete %,d entities of %s at %s? [y/N] ",
                        matching,
                        api.tenant().map(tenant -> "tenant " + tenant).orElse("the key's tenant"),
                        api.base()));
        context.err().flush();
        try {
            String answer = new BufferedReader(new InputStreamReader(context.in(), StandardCharsets.UTF_8)).readLine();
            return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }

    private JsonNode delete(HttpApi api) {
        JsonNode[] last = {JsonNodeFactory.instance.objectNode()};
        api.postForLines(PATH, request(), line -> {
            last[0] = line;
            if (context.errTerminal().interactive() && !line.path("done").asBoolean()) {
                context.err()
                        .print(String.format(
                                Locale.ROOT,
                                "\r%,d deleted",
                                line.path("deleted").asLong()));
            }
        });
        if (context.errTerminal().interactive()) {
            context.err().print("\r\u001b[K");
        }
        if (!last[0].path("done").asBoolean()) {
            throw new FailureException(String.format(
                    Locale.ROOT,
                    "%s. %,d were deleted before; run it again to go on.",
                    last[0].has("error")
                            ? ProblemText.headline(last[0].path("error"))
                            : "The server ended its answer early",
                    last[0].path("deleted").asLong()));
        }
        return last[0];
    }

    private ObjectNode request() {
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        filter.filter(text -> !all).ifPresent(text -> FilterRequest.put(request, text));
        if (all) {
            request.put("all", true);
        }
        limit.ifPresent(count -> request.put("limit", count));
        return request;
    }
}
