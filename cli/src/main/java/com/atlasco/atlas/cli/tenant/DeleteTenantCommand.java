package com.atlasco.atlas.cli.tenant;

import com.atlasco.atlas.cli.CliContext;
import com.atlasco.atlas.cli.ConnectionOptions;
import com.atlasco.atlas.cli.ExitCode;
import com.atlasco.atlas.cli.UsageException;
import com.atlasco.atlas.cli.http.HttpApi;
import com.atlasco.atlas.cli.http.ProblemException;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code atlas tenant delete}. */
@Command(
        name = "delete",
        header = "Delete a tenant and all it has",
        description = {
            "",
            "The tenant is refused at once, its rows go in the background, and its id is not given out again. There is"
                    + " no way back.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  ./atlas tenant delete 7 --yes",
            "  ./atlas tenant delete 7 --yes --wait      until nothing of it is left",
            "",
            "Exit codes: 0 begun, or with --wait done; 1 refused, 2 wrong usage, 3 no Atlas answers."
        })
final class DeleteTenantCommand implements Callable<Integer> {

    private static final int GONE = 410;
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final CliContext context;

    @Mixin
    private TenantPath tenant = new TenantPath();

    @Option(names = "--yes", description = "Yes, all of it")
    private boolean yes;

    @Option(names = "--wait", description = "Wait until nothing is left")
    private boolean wait;

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Option(names = "--json", description = "The tenant as JSON")
    private boolean json;

    DeleteTenantCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (!yes) {
            throw new UsageException(
                    "This deletes tenant %d and all it has, for good. Say --yes to do it.".formatted(tenant.id()));
        }
        try (HttpApi api = connection.connectAsOperator()) {
            JsonNode deleting = api.delete(tenant.path()).body();
            if (json) {
                context.out().println(deleting.toPrettyString());
            } else {
                context.out()
                        .println("Deleting tenant %d; ./atlas tenant show %d says how far it is"
                                .formatted(tenant.id(), tenant.id()));
            }
            if (wait) {
                awaitGone(api);
                context.err().println("Tenant " + tenant.id() + " is deleted");
            }
        }
        return ExitCode.OK;
    }

    private void awaitGone(HttpApi api) throws InterruptedException {
        String said = "";
        while (true) {
            try {
                String progress =
                        TenantTable.progress(api.get(tenant.path(), Map.of()).body());
                if (!progress.equals(said)) {
                    context.err().println(progress);
                }
                said = progress;
            } catch (ProblemException refused) {
                if (refused.status() == GONE) {
                    return;
                }
                throw refused;
            }
            Thread.sleep(PAUSE);
        }
    }
}
