package com.atlasco.atlas.cli.bench;

import com.atlasco.atlas.bench.training.CodeTraining;
import com.atlasco.atlas.cli.CliContext;
import com.atlasco.atlas.cli.ExitCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code atlas bench train}: run once by the script, not by people. */
@Command(
        name = "train",
        hidden = true,
        header = "Record which code a server runs, so that it starts sooner and is fast sooner",
        footer = {"", "Examples:", "  ./atlas bench train server.aot"})
public final class TrainCommand implements Callable<Integer> {

    private static final Duration LONGEST = Duration.ofMinutes(6);

    private final CliContext context;

    @Parameters(paramLabel = "FILE", description = "Where the record goes")
    private Path cache = Path.of("");

    public TrainCommand(CliContext context) {
        this.context = context;
    }

    /** Whoever waits for the training waits for a server to start. */
    private static void endInTime() {
        try {
            Thread.sleep(LONGEST);
            System.exit(ExitCode.FAILED);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public Integer call() throws Exception {
        Thread.ofPlatform().daemon().name("train-deadline").start(TrainCommand::endInTime);
        new CodeTraining(
                        ServerCommand.of(context),
                        step -> context.err().println("atlas: preparing the server's code: " + step))
                .run(cache.toAbsolutePath());
        return ExitCode.OK;
    }
}
