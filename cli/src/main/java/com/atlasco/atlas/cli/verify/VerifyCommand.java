package com.atlasco.atlas.cli.verify;

import com.atlasco.atlas.cli.CliContext;
import com.atlasco.atlas.cli.ConnectionOptions;
import com.atlasco.atlas.cli.ExitCode;
import com.atlasco.atlas.cli.FailureException;
import com.atlasco.atlas.cli.UsageException;
import com.atlasco.atlas.cli.http.HttpApi;
import com.atlasco.atlas.cli.text.ProblemText;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code atlas verify}. */
@Command(
        name = "verify",
        header = "Compare what all tiers hold, row by row",
        description = {
            "",
            "Compares the documents on the primary with the pivot, the replica and the columnar store (olap), and prints"
                    + " each difference: the tenant, the source, the entity, the attribute, and how they differ. What is"
                    + " missing, the source lacks; what is stale differs; what is orphaned only the source has. It runs"
                    + " while others write: what changes meanwhile is looked at again and is no difference. Ctrl-C ends"
                    + " it.",
            "",
            "Where keys are required present the operator's (--api-key-file DIR/operator.key, or ATLAS_ADMIN_KEY).",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  ./atlas verify",
            "  ./atlas verify --tenant 7 --tenant 8 --source olap",
            "  ./atlas verify --sample 0.01                 about one entity in a hundred",
            "  ./atlas verify --repair",
            "  ./atlas verify --json | jq 'select(.type == \"finding\")'",
            "",
            "Exit codes: 0 all is the same, or was mended; 1 differences are left, a source could not be compared, or it"
                    + " was refused; 2 wrong usage; 3 no Atlas answers."
        })
public final class VerifyCommand implements Callable<Integer> {

    private static final String PATH = "/api/v1/verify";
    private static final Set<String> SOURCES = Set.of("pivot", "replica", "olap");

    private final CliContext context;

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Option(names = "--tenant", arity = "1..*", paramLabel = "N", description = "Only these tenants. Default: all")
    private List<Long> tenants = List.of();

    @Option(
            names = "--source",
            arity = "1..*",
            paramLabel = "SOURCE",
            description = "Only these: pivot, replica, olap. Default: all there are")
    private List<String> sources = List.of();

    @Option(
            names = "--sample",
            paramLabel = "FRACTION",
            defaultValue = "1",
            description = "Compare only a part, evenly chosen: above 0, at most 1. Default: ${DEFAULT-VALUE}")
    private double sample = 1;

    @Option(
            names = "--repair",
            description = "Mend what differs in the pivot and in olap; a replica can only be rebuilt")
    private boolean repair;

    @Option(names = "--json", description = "The findings and the summary as JSON, one a line")
    private boolean json;

    public VerifyCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        ObjectNode request = request();
        try (HttpApi api = connection.connectAsOperator();
                VerifyPrinter printer = new VerifyPrinter(context, json)) {
            api.postForLines(PATH, request, printer::line);
            return exitCode(printer.summary());
        }
    }

    private ObjectNode request() {
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        for (long tenant : tenants) {
            if (tenant < 1) {
                throw new UsageException("--tenant takes a whole number from 1, not " + tenant + ".");
            }
            request.withArray("/tenants").add(tenant);
        }
        for (String source : sources) {
            if (!SOURCES.contains(source)) {
                throw new UsageException("--source takes pivot, replica or olap, not " + source + ".");
            }
            request.withArray("/sources").add(source);
        }
        if (!(sample > 0 && sample <= 1)) {
            throw new UsageException("--sample takes a number above 0 and at most 1, not " + sample + ".");
        }
        return request.put("sample", sample).put("repair", repair);
    }

    private int exitCode(JsonNode summary) {
        if (!summary.path("done").asBoolean()) {
            throw new FailureException(
                    summary.has("error")
                            ? ProblemText.headline(summary.path("error"))
                            : "The server ended its answer early; what was found before is not all there is");
        }
        boolean left =
                summary.path("findings").asLong() > summary.path("repaired").asLong();
        boolean compared = true;
        for (JsonNode source : summary.path("sources")) {
            compared &= source.path("compared").asBoolean();
        }
        return left || !compared ? ExitCode.FAILED : ExitCode.OK;
    }
}
