package com.atlasco.atlas.cli.up;

import com.atlasco.atlas.cli.CliContext;
import com.atlasco.atlas.cli.ExitCode;
import com.atlasco.atlas.cli.UsageException;
import com.atlasco.atlas.embedded.EmbeddedOptions;
import com.atlasco.atlas.server.AtlasConfig;
import com.atlasco.atlas.server.alert.AlertConfig;
import com.atlasco.atlas.server.http.HttpService;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
            "  ./atlas up --require-keys --host 0.0.0.0",
            "  ./atlas up --alert-webhook http://127.0.0.1:9000/alerts --alert-rules rules.json",
            "  ./atlas up --json | head -n 1      one JSON object, the body of GET /status, when all is up",
            "",
            "Exit codes: 130 after Ctrl-C, 143 after SIGTERM, 1 a tier could not be started, 2 wrong usage or the port"
                    + " is in use."
        })
public final class UpCommand implements Callable<Integer> {

    /** Larger bodies are not read by HTTP. */
    private static final int MAX_ENTITY_BYTES = 16 * 1024 * 1024;

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
            description = "Where HTTP is served; 0 takes any free port. Default: ${DEFAULT-VALUE}")
    private int port = 8080;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = ListeningPort.LOOPBACK,
            description = "The address to listen on; beyond the loopback --require-keys is needed, and something in"
                    + " front that speaks TLS. Default: ${DEFAULT-VALUE}")
    private String host = ListeningPort.LOOPBACK;

    @Option(
            names = "--require-keys",
            description =
                    "Ask every request for a key (environment: ATLAS_REQUIRE_KEYS=true). The operator's is made on"
                            + " the first start, in DIR/operator.key, or given in ATLAS_ADMIN_KEY")
    private boolean requireKeys;

    @Option(names = "--no-sample-data", description = "Start empty")
    private boolean noSampleData;

    @Option(
            names = "--max-entity-bytes",
            paramLabel = "N",
            defaultValue = "1048576",
            description = "What an entity may take at most, encoded. Default: ${DEFAULT-VALUE}")
    private int maxEntityBytes = 1_048_576;

    @Option(
            names = "--idempotency-hours",
            paramLabel = "N",
            defaultValue = "24",
            description = "How long an Idempotency-Key is remembered at least. Default: ${DEFAULT-VALUE}")
    private int idempotencyHours = 24;

    @Option(
            names = "--replicas",
            paramLabel = "N",
            description = "So many PostgreSQL replicas, which share the reads; 0 to 7. Default: 1")
    private Optional<Integer> replicas = Optional.empty();

    @Option(
            names = "--no-replica",
            description = "As --replicas 0: what would be read from a replica is read from the primary")
    private boolean noReplica;

    @Option(
            names = "--no-analytics",
            description = "No columnar store and no change capture: aggregates are computed by PostgreSQL")
    private boolean noAnalytics;

    @Option(names = "--json", description = "Print the status as one JSON object when all is up, and nothing else")
    private boolean json;

    @Option(names = "--verbose", description = "Warnings and errors of the log on standard error, too")
    private boolean verbose;

    @Option(
            names = "--synchronous",
            description =
                    "Acknowledge a write only when a replica has it on its disk too: a failover then loses nothing,"
                            + " and without a replica nothing is written")
    private boolean synchronous;

    @Option(
            names = "--write-deadline-ms",
            paramLabel = "N",
            defaultValue = "5000",
            description = "After so long a write is answered, whatever the primary does; 100 to 29999."
                    + " Default: ${DEFAULT-VALUE}")
    private int writeDeadline = 5_000;

    @Option(
            names = "--verify-continuously",
            description = "Compare all tiers over and over in the background, at a twentieth of a core at most; what"
                    + " differs is in the log and in the metrics")
    private boolean verifyContinuously;

    @Option(
            names = "--promote-automatically",
            paramLabel = "N",
            defaultValue = "8",
            description =
                    "So many attributes of a tenant get a column of their own in the analytics store because"
                            + " queries look at them, beside those registered as hot; 0 to 64, 0 for none. Default: ${DEFAULT-VALUE}")
    private int promoteAutomatically = 8;

    @Option(
            names = "--history-retention",
            paramLabel = "DAYS",
            defaultValue = "400",
            description = "So many days back entities can be asked for as they were; 0 for ever."
                    + " Default: ${DEFAULT-VALUE}")
    private int historyRetention = 400;

    @Option(
            names = "--cache-mb",
            paramLabel = "N",
            defaultValue = "64",
            description = "Memory for entities that were read, in MiB: what is fresh enough is served from there;"
                    + " 0 to 16384, 0 for none. Default: ${DEFAULT-VALUE}")
    private int cacheMegabytes = 64;

    @Mixin
    private AlertOptions alerts = new AlertOptions();

    public UpCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        boolean keys = requireKeys || isSet("ATLAS_REQUIRE_KEYS");
        if (!keys && !HttpService.isLoopback(host)) {
            throw new UsageException(
                    "--host %s can be reached from other machines, and nothing is served there without".formatted(host)
                            + " keys. Give --require-keys too.");
        }
        int replicated = replicas();
        AlertConfig alerted = alerts.config(replicated > 0, !noAnalytics);
        ListeningPort.check(host, port);
        if (writeDeadline < 100 || writeDeadline > 29_999) {
            throw new UsageException("--write-deadline-ms is from 100 to 29999.");
        }
        if (promoteAutomatically < 0 || promoteAutomatically > 64) {
            throw new UsageException("--promote-automatically is from 0 to 64.");
        }
        if (cacheMegabytes < 0 || cacheMegabytes > 16_384) {
            throw new UsageException("--cache-mb is from 0 to 16384.");
        }
        if (historyRetention < 0 || historyRetention > 36_500) {
            throw new UsageException("--history-retention is from 0 to 36500 days.");
        }
        if (synchronous && replicated == 0) {
            throw new UsageException("--synchronous waits for a replica, and with --no-replica there is none: nothing"
                    + " could ever be written. Leave one of them out.");
        }
        Path directory = DataDirectoryOption.of(dataDirectory, context);
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
                    .run(new Startup.Settings(
                            directory,
                            host,
                            port,
                            keys,
                            !noSampleData,
                            replicated,
                            !noAnalytics,
                            json,
                            verbose,
                            writes(),
                            synchronous,
                            verifyContinuously
                                    ? AtlasConfig.VerifyConfig.always()
                                    : AtlasConfig.VerifyConfig.onRequest(),
                            Duration.ofDays(historyRetention),
                            promoteAutomatically,
                            AtlasConfig.ReadConfig.cached((long) cacheMegabytes << 20),
                            alerted));
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

    private int replicas() {
        if (noReplica && replicas.filter(number -> number > 0).isPresent()) {
            throw new UsageException("--no-replica is --replicas 0: give one of them.");
        }
        int number = noReplica ? 0 : replicas.orElse(1);
        if (number < 0 || number > EmbeddedOptions.MOST_REPLICAS) {
            throw new UsageException("--replicas is from 0 to %d.".formatted(EmbeddedOptions.MOST_REPLICAS));
        }
        return number;
    }

    private AtlasConfig.WriteConfig writes() {
        if (maxEntityBytes < 1_024 || maxEntityBytes > MAX_ENTITY_BYTES) {
            throw new UsageException("--max-entity-bytes: a number from 1024 to %d, not %d."
                    .formatted(MAX_ENTITY_BYTES, maxEntityBytes));
        }
        if (idempotencyHours < 1) {
            throw new UsageException("--idempotency-hours: a number from 1, not %d.".formatted(idempotencyHours));
        }
        return new AtlasConfig.WriteConfig(
                maxEntityBytes, Duration.ofHours(idempotencyHours), Duration.ofMillis(writeDeadline));
    }

    private static boolean isSet(String variable) {
        return Optional.ofNullable(System.getenv(variable))
                .filter(text -> text.equals("1") || text.equalsIgnoreCase("true"))
                .isPresent();
    }
}
