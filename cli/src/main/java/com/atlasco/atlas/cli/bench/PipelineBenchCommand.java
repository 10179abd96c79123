package com.atlasco.atlas.cli.bench;

import com.atlasco.atlas.bench.pipeline.PipelineBench;
import com.atlasco.atlas.bench.pipeline.PipelineSettings;
import com.atlasco.atlas.cli.CliContext;
import com.atlasco.atlas.cli.ExitCode;
import com.atlasco.atlas.cli.UsageException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code atlas bench pipeline}. */
@Command(
        name = "pipeline",
        header = "Find the rate of writes that all tiers bear, and how stale replica and columnar store are then",
        description = {
            "",
            "Starts servers of its own in a temporary directory, which is removed at the end. It takes about three"
                    + " minutes; with --rate, less. Reads run beside the writes. Afterwards the same entities are captured"
                    + " as one row per value, for comparison."
        },
        footer = {
            "",
            "Examples:",
            "  ./atlas bench pipeline --json pipeline.json",
            "  ./atlas bench pipeline --rate 3000 --minutes 5"
        })
public final class PipelineBenchCommand implements Callable<Integer> {

    private final CliContext context;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Entities written a second, from 20, in steps of 20. Default: the highest that is found")
    private Optional<Integer> rate = Optional.empty();

    @Option(
            names = "--minutes",
            paramLabel = "N",
            defaultValue = "1",
            description = "Length of the long run, such as 0.5. Default: ${DEFAULT-VALUE}")
    private double minutes;

    @Option(
            names = "--entities",
            paramLabel = "N",
            defaultValue = "40000",
            description = "Entities there at the beginning, and as many again in the comparison; whole thousands."
                    + " Default: ${DEFAULT-VALUE}")
    private int entities;

    @Mixin
    private DatasetOptions dataset = new DatasetOptions();

    @Mixin
    private ReportOption output = new ReportOption();

    public PipelineBenchCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        if (rate.isPresent() && rate.get() < 20) {
            throw new UsageException("--rate is at least 20, not " + rate.get() + ".");
        }
        if (minutes < 0.1 || entities < 2_000 || entities % 1_000 != 0) {
            throw new UsageException("--minutes is at least 0.1; --entities are whole thousands, from 2000.");
        }
        PipelineBench.Result result = new PipelineBench(
                        new PipelineSettings(
                                ServerCommand.of(context),
                                rate.map(OptionalInt::of).orElse(OptionalInt.empty()),
                                Duration.ofMillis(Math.round(minutes * 60_000)),
                                dataset.attributes(4),
                                entities,
                                dataset.seed()),
                        context.err()::println)
                .run();
        output.publish(context, result.table(), result.report());
        return ExitCode.OK;
    }
}
