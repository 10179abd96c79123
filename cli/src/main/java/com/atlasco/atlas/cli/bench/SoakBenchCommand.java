package com.atlasco.atlas.cli.bench;

import com.atlasco.atlas.bench.crash.SoakBench;
import com.atlasco.atlas.cli.CliContext;
import com.atlasco.atlas.cli.ExitCode;
import com.atlasco.atlas.cli.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code atlas bench soak}. */
@Command(
        name = "soak",
        header = "Write for a long time while every tier is disturbed, and look for what differs",
        description = {
            "",
            "Starts an Atlas of its own in a temporary directory and writes single entities and batches. Meanwhile, one"
                    + " after the other in random order: the JVM is killed before, during and after a commit of the"
                    + " columnar store; all is stopped and started; the primary and the replica are killed; the replica"
                    + " is paused; the replication slot is lost, and dropped; attributes are registered, renamed,"
                    + " retired, restored, and change their flags; the columnar store is filled anew, whole and for one"
                    + " tenant.",
            "",
            "After each, the primary is compared with what was acknowledged, the pivot with the documents, and the"
                    + " columnar store and its history with a model; after each round, all tiers row by row.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  ./atlas bench soak --minutes 60 --json soak.json",
            "  ./atlas bench soak --minutes 5 --seed 7",
            "",
            "Exit codes: 0 nothing was lost or different, 1 something was, or Atlas did not come back; the data directory"
                    + " is kept then."
        })
public final class SoakBenchCommand implements Callable<Integer> {

    private final CliContext context;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            defaultValue = "5",
            description = "How long to disturb; fractions are allowed. Default: ${DEFAULT-VALUE}")
    private double minutes = 5;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Of the random choices. Default: another one each time, which is printed")
    private Optional<Long> seed = Optional.empty();

    @Option(
            names = "--writers",
            paramLabel = "N",
            defaultValue = "8",
            description = "Writes under way at once. Default: ${DEFAULT-VALUE}")
    private int writers;

    @Mixin
    private ReportOption output = new ReportOption();

    public SoakBenchCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!(minutes > 0) || writers < 1) {
            throw new UsageException("--minutes is above 0, and --writers at least 1.");
        }
        Path directory = Files.createTempDirectory("atlas-soak-");
        long chosen = seed.orElseGet(() -> context.ticker().getAsLong() & 0xffff_ffffL);
        context.err().println("Seed " + chosen + ", everything in " + directory);
        SoakBench.Result result = new SoakBench(
                        new SoakBench.Settings(
                                List.of(context.home().resolve("atlas").toString(), "up"),
                                directory.resolve("data"),
                                Duration.ofSeconds(Math.round(minutes * 60)),
                                chosen,
                                writers),
                        context.err()::println)
                .run();
        output.publish(context, result.report().table(), result.report());
        if (result.violations() > 0) {
            context.err().println(result.violations() + " violations; the data are kept in " + directory);
            return ExitCode.FAILED;
        }
        ScratchDirectory.delete(directory);
        return ExitCode.OK;
    }
}
