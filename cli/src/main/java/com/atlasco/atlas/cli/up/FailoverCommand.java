package com.atlasco.atlas.cli.up;

import com.atlasco.atlas.cli.CliContext;
import com.atlasco.atlas.cli.ExitCode;
import com.atlasco.atlas.cli.FailureException;
import com.atlasco.atlas.cli.UsageException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code atlas failover}. */
@Command(
        name = "failover",
        header = "Make a replica of a running atlas up the primary",
        description = {
            "",
            "Ends the primary, and only then makes the replica that has received most of its log the primary; the others"
                    + " follow it. Writes fail for a moment. With up --synchronous nothing that was acknowledged is lost;"
                    + " without, the last moments may be. The old primary stays down, and is a replica after the next"
                    + " start of up.",
            "",
            "To be run by the user who runs atlas up, on the same machine.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  ./atlas failover",
            "  ./atlas failover --data-dir /srv/atlas",
            "",
            "Exit codes: 0 there is a new primary; 1 there is none, or no atlas up runs there, 2 wrong usage."
        })
public final class FailoverCommand implements Callable<Integer> {

    private static final Duration TAKEN_WITHIN = Duration.ofSeconds(10);
    private static final Duration DONE_WITHIN = Duration.ofMinutes(3);
    private static final long LOOK_MILLIS = 50;

    private final CliContext context;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "That of atlas up (environment: ATLAS_DATA_DIR). Default: data beside ./atlas")
    private Optional<Path> dataDirectory = Optional.empty();

    public FailoverCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        Path directory = DataDirectoryOption.of(dataDirectory, context);
        if (!Files.isDirectory(directory)) {
            throw new UsageException("--data-dir: there is no directory " + directory + ".");
        }
        FailoverFiles files = new FailoverFiles(directory);
        String order = UUID.randomUUID().toString();
        try {
            try {
                files.lay(order);
            } catch (FileAlreadyExistsException another) {
                throw new FailureException(
                        "Another failover of " + directory + " has been ordered, and not begun. Wait for it; where no"
                                + " atlas up runs, remove " + directory.resolve("failover.order") + ".",
                        another);
            }
            FailoverFiles.Outcome outcome = await(files, order, directory);
            if (!outcome.done()) {
                throw new FailureException(outcome.message());
            }
            context.out().println(outcome.message());
            return ExitCode.OK;
        } catch (IOException failure) {
            throw new FailureException(
                    "The failover cannot be ordered in " + directory + ": " + failure.getMessage(), failure);
        }
    }

    private FailoverFiles.Outcome await(FailoverFiles files, String order, Path directory)
            throws IOException, InterruptedException {
        long begun = context.ticker().getAsLong();
        while (context.ticker().getAsLong() - begun < DONE_WITHIN.toNanos()) {
            Optional<FailoverFiles.Outcome> outcome = files.answer(order);
            if (outcome.isPresent()) {
                return outcome.get();
            }
            if (context.ticker().getAsLong() - begun > TAKEN_WITHIN.toNanos()
                    && files.waiting().filter(order::equals).isPresent()
                    && files.take()) {
                throw new FailureException("No atlas up runs on " + directory
                        + ", or it is still starting: nothing was changed. Name its --data-dir.");
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
        throw new FailureException("The failover was begun, and has not ended for " + DONE_WITHIN.toMinutes()
                + " minutes. ./atlas status tells what there is.");
    }
}
