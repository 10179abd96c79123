package com.atlasco.atlas.cli.bench;

import com.atlasco.atlas.bench.crash.CrashBench;
import com.atlasco.atlas.cli.CliContext;
import com.atlasco.atlas.cli.ExitCode;
import com.atlasco.atlas.cli.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code atlas bench crash}. */
@Command(
        name = "crash",
        header = "Kill Atlas or its PostgreSQL under load, again and again, and look for what is missing",
        description = {
            "",
            "Starts an Atlas of its own in a temporary directory, loads it with single writes and batches, ends a process"
                    + " with SIGKILL at a random moment, waits until writes succeed again, and compares what is there"
                    + " with what was acknowledged, the pivot with the documents, and the analytics store with the"
                    + " primary.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  ./atlas bench crash --kills 50 --target jvm",
            "  ./atlas bench crash --kills 50 --target postgres --seed 7 --json crash.json",
            "",
            "Exit codes: 0 nothing was lost or different, 1 something was, or Atlas did not come back; the data directory"
                    + " is kept then."
        })
public final class CrashBenchCommand implements Callable<Integer> {

    private final CliContext context;

    @Option(
            names = "--kills",
            paramLabel = "N",
            defaultValue = "50",
            description = "How often to kill. Default: ${DEFAULT-VALUE}")
    private int kills;

    @Option(
            names = "--target",
            paramLabel = "WHOM",
            defaultValue = "jvm",
            description = "jvm: the process of atlas up; postgres: processes of the primary and the replica."
                    + " Default: ${DEFAULT-VALUE}")
    private CrashBench.Target target = CrashBench.Target.JVM;

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

    public CrashBenchCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (kills < 1 || writers < 1) {
            throw new UsageException("--kills and --writers are at least 1.");
        }
        Path directory = Files.createTempDirectory("atlas-crash-");
        long chosen = seed.orElseGet(() -> context.ticker().getAsLong() & 0xffff_ffffL);
        context.err().println("Seed " + chosen + ", everything in " + directory);
        CrashBench.Result result = new CrashBench(
                        new CrashBench.Settings(
                                List.of(context.home().resolve("atlas").toString(), "up"),
                                directory.resolve("data"),
                                target,
                                kills,
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
