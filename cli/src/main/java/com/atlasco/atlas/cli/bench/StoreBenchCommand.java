package com.atlasco.atlas.cli.bench;

import com.atlasco.atlas.bench.store.StoreBench;
import com.atlasco.atlas.bench.store.StoreBenchSettings;
import com.atlasco.atlas.cli.CliContext;
import com.atlasco.atlas.cli.ExitCode;
import com.atlasco.atlas.cli.UsageException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code atlas bench store}. */
@Command(
        name = "store",
        header = "Update entities of the analytics store, and watch its file",
        description = {
            "",
            "Opens a DuckDB store of its own in a temporary directory, which is removed at the end, without servers. A"
                    + " sample each minute: updates a second, how long a batch takes, an aggregate, file, log, memory."
        },
        footer = {"", "Examples:", "  ./atlas bench store --minutes 15 --json store.json"})
public final class StoreBenchCommand implements Callable<Integer> {

    private final CliContext context;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            defaultValue = "10",
            description = "How long each run takes. Default: ${DEFAULT-VALUE}")
    private int minutes;

    @Option(
            names = "--entities",
            paramLabel = "N",
            defaultValue = "100000",
            description = "Entities that are updated. Default: ${DEFAULT-VALUE}")
    private int entities;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "2500",
            description = "Updates in a batch. Default: ${DEFAULT-VALUE}")
    private int batch;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "5000",
            description = "Updates a second; 0 for as many as possible. Default: ${DEFAULT-VALUE}")
    private int rate;

    @Option(
            names = "--changed",
            paramLabel = "N",
            defaultValue = "3",
            description = "Attributes that an update changes. Default: ${DEFAULT-VALUE}")
    private int changed;

    @Option(
            names = "--hot",
            paramLabel = "N",
            defaultValue = "0",
            description = "Attributes with a column of their own. Default: ${DEFAULT-VALUE}")
    private int hot;

    @Option(
            names = "--history",
            paramLabel = "WHICH",
            defaultValue = "both",
            description = "on, off, or both: two runs. Default: ${DEFAULT-VALUE}")
    private String history = "";

    @Option(
            names = "--retention-seconds",
            paramLabel = "N",
            defaultValue = "0",
            description = "How long the history is kept; 0 for ever. Default: ${DEFAULT-VALUE}")
    private int retention;

    @Option(
            names = "--checkpoint-mib",
            paramLabel = "N",
            defaultValue = "256",
            description = "The log that is folded into the file at once. Default: ${DEFAULT-VALUE}")
    private int checkpoint;

    @Mixin
    private DatasetOptions dataset = new DatasetOptions();

    @Mixin
    private ReportOption output = new ReportOption();

    public StoreBenchCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        if (minutes < 1 || entities < 1 || batch < 1 || rate < 0 || retention < 0 || checkpoint < 1) {
            throw new UsageException("--minutes, --entities, --batch and --checkpoint-mib are at least 1;"
                    + " --rate and --retention-seconds are at least 0.");
        }
        int attributes = dataset.attributes(3);
        if (changed < 1 || changed > attributes || hot < 0 || hot > attributes) {
            throw new UsageException("--changed and --hot are at most --attributes, and --changed is at least 1.");
        }
        StoreBench.Result result = new StoreBench(
                        new StoreBenchSettings(
                                entities,
                                attributes,
                                changed,
                                batch,
                                rate,
                                Duration.ofMinutes(minutes),
                                histories(),
                                hot,
                                (long) checkpoint << 20,
                                Duration.ofSeconds(retention),
                                dataset.seed()),
                        context.err()::println)
                .run();
        output.publish(context, result.table(), result.report());
        return ExitCode.OK;
    }

    private List<Boolean> histories() {
        return switch (history) {
            case "on" -> List.of(true);
            case "off" -> List.of(false);
            case "both" -> List.of(false, true);
            default -> throw new UsageException("--history takes on, off or both, not " + history + ".");
        };
    }
}
