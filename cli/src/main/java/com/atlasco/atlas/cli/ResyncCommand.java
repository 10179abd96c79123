package com.atlasco.atlas.cli;

import com.atlasco.atlas.cli.http.HttpApi;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code atlas resync}. */
@Command(
        name = "resync",
        header = "Fill the columnar store from the primary anew",
        description = {
            "",
            "Reads all entities, or those of one tenant, on the primary and corrects what differs in the columnar store. A"
                    + " store in use goes on to be read, and changes in one step when everything has been read. Where"
                    + " capture refuses to start, this is the word it waits for. Ctrl-C leaves it running; ./atlas status"
                    + " tells how far it is.",
            "",
            "Where keys are required present the operator's (--api-key-file DIR/operator.key, or ATLAS_ADMIN_KEY).",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  ./atlas resync",
            "  ./atlas resync --tenant 7",
            "  ./atlas resync --take-over         the replication slot may be another store's",
            "",
            "Exit codes: 0 complete, or begun with --no-wait; 1 refused or failed, 2 wrong usage, 3 no Atlas answers."
        })
public final class ResyncCommand implements Callable<Integer> {

    private static final Duration LOOKS = Duration.ofMillis(500);

    /** In all others nothing is read or applied; between two tries a failed one is starting. */
    private static final Set<String> UNHINDERED = Set.of("snapshot", "streaming");

    /** Capture tries again every few seconds: what has not helped by then needs somebody. */
    private static final Duration LONGEST_HINDRANCE = Duration.ofSeconds(20);

    private final CliContext context;

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Option(names = "--tenant", paramLabel = "N", description = "Only this tenant's. Default: all")
    private Optional<Long> tenant = Optional.empty();

    @Option(names = "--take-over", description = "Take a replication slot that another store may need")
    private boolean takeOver;

    @Option(names = "--no-wait", description = "Return when it has begun")
    private boolean noWait;

    public ResyncCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        ObjectNode request = JsonNodeFactory.instance.objectNode().put("take_over", takeOver);
        if (tenant.isPresent()) {
            if (tenant.get() < 1) {
                throw new UsageException("--tenant takes a whole number from 1, not " + tenant.get() + ".");
            }
            request.put("tenant_id", tenant.get());
        }
        try (HttpApi api = connection.connectAsOperator()) {
            api.post("/api/v1/resync", request, Map.of());
            if (noWait) {
                context.out().println("Begun; ./atlas status tells how far it is");
                return ExitCode.OK;
            }
            long begun = System.nanoTime();
            long rows = await(api);
            context.out()
                    .println(String.format(
                            Locale.ROOT,
                            "Complete: %,d entities read in %.1f s",
                            rows,
                            (System.nanoTime() - begun) / 1e9));
        }
        return ExitCode.OK;
    }

    /** Until no snapshot is under way and changes stream; how many rows there were. */
    private long await(HttpApi api) throws InterruptedException {
        String said = "";
        long running = System.nanoTime();
        while (true) {
            JsonNode capture = api.get("/status", Map.of()).body().path("capture");
            JsonNode snapshot = capture.path("snapshot");
            String state = capture.path("state").asText();
            if (snapshot.isMissingNode() && state.equals("streaming")) {
                return capture.path("snapshot_rows").asLong();
            }
            if (UNHINDERED.contains(state)) {
                running = System.nanoTime();
            } else if (System.nanoTime() - running > LONGEST_HINDRANCE.toNanos()) {
                throw new FailureException("Change capture does not run, and has not for %d s: %s. %s"
                        .formatted(
                                LONGEST_HINDRANCE.toSeconds(),
                                capture.path("failure").asText("it is " + state),
                                capture.path("remedy")
                                        .asText("It goes on by itself when it can; ./atlas status tells.")));
            }
            String line = snapshot.isMissingNode() ? state : CaptureText.snapshot(snapshot);
            if (!line.equals(said)) {
                context.err().println(line);
                said = line;
            }
            if (new CountDownLatch(1).await(LOOKS.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("nobody counts down");
            }
        }
    }
}
