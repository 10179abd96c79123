package com.atlasco.atlas.cli.up;

import com.atlasco.atlas.cli.CliContext;
import com.atlasco.atlas.cli.ExitCode;
import com.atlasco.atlas.cli.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code atlas up}. */
@Command(
        name = "up",
        header = "Start all tiers on this machine, and serve until Ctrl-C",
        description = {
            "",
            "Starts a PostgreSQL primary and a streaming replica, the analytics store, change capture and HTTP on the"
                    + " loopback address, loads the sample data on the first start, and says what to try. A first start"
                    + " that was interrupted goes on where it was. The log is DIR/logs/atlas.log.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  ./atlas up",
            "  ./atlas up --data-dir /tmp/atlas --port 9090 --no-sample-data",
            "  ./atlas up --json | head -n 1      one JSON object, the body of GET /status, when all is up",
            "",
            "Exit codes: 130 after Ctrl-C, 143 after SIGTERM, 1 a tier could not be started, 2 wrong usage or the port"
                    + " is in use."
        })
public final class UpCommand implements Callable<Integer> {

    private final CliContext context;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Where everything is kept (environment: ATLAS_DATA_DIR). Default: data beside ./atlas")
    private Optional<Path> dataDirectory = Optional.empty();

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8080",
            description = "Where HTTP is served, on 127.0.0.1; 0 takes any free port. Default: ${DEFAULT-VALUE}")
    private int port = 8080;

    @Option(names = "--no-sample-data", description = "Start empty")
    private boolean noSampleData;

    @Option(
            names = "--no-replica",
            description = "No PostgreSQL replica: what would be read from it is read from the primary")
    private boolean noReplica;

    @Option(
            names = "--no-analytics",
            description = "No columnar store and no change capture: aggregates are computed by PostgreSQL")
    private boolean noAnalytics;

    @Option(names = "--json", description = "Print the status as one JSON object when all is up, and nothing else")
    private boolean json;

    @Option(names = "--verbose", description = "Warnings and errors of the log on standard error, too")
    private boolean verbose;

    public UpCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        ListeningPort.check(port);
        Path directory = directory();
        Steps steps = new Steps(context.err(), context.ticker());
        RunningTiers tiers = new RunningTiers(steps);
        AtomicInteger exitCode = new AtomicInteger(ExitCode.FAILED);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(tiers, steps, stopped), "atlas-shutdown"));
        StopSignals.listen(
                code -> {
                    exitCode.set(code);
                    System.exit(code);
                },
                () -> steps.say("Still stopping: the " + (tiers.stopping().isEmpty() ? "process" : tiers.stopping())
                        + " is not down yet"));
        try {
            new Startup(context, steps, tiers)
                    .run(new Startup.Settings(directory, port, !noSampleData, !noReplica, !noAnalytics, json, verbose));
        } catch (RuntimeException failed) {
            if (!tiers.closed()) {
                tiers.close();
                throw failed;
            }
            // Told to stop while starting: what failed is what was stopped under its feet.
        }
        stopped.await();
        return exitCode.get();
    }

    private static void stop(RunningTiers tiers, Steps steps, CountDownLatch stopped) {
        if (!tiers.closed()) {
            steps.say("Stopping");
            tiers.close();
            steps.say("Stopped");
        }
        stopped.countDown();
    }

    private Path directory() {
        Path directory = dataDirectory
                .or(() -> Optional.ofNullable(System.getenv("ATLAS_DATA_DIR"))
                        .filter(text -> !text.isBlank())
                        .map(Path::of))
                .orElseGet(() -> context.home().resolve("data"))
                .toAbsolutePath()
                .normalize();
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw new UsageException("--data-dir: " + directory + " is a file, not a directory.");
        }
        return directory;
    }
}
