package com.atlasco.atlas.cli.bench;

import com.atlasco.atlas.bench.freshness.FreshnessBench;
import com.atlasco.atlas.cli.CliContext;
import com.atlasco.atlas.cli.ExitCode;
import com.atlasco.atlas.cli.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code atlas bench freshness}. */
@Command(
        name = "freshness",
        header = "Hold every answer against what it claims, while the tiers are disturbed",
        description = {
            "",
            "Writers increase a counter for each tenant and note when each value was acknowledged. Readers of every class"
                    + " and shape, with tokens and without, note what they are given. A violation is an answer that"
                    + " misses a value acknowledged longer before the read began than the X-Actual-Lag-Ms it came with, a"
                    + " bound that is not below what was asked for, or a value older than the token's.",
            "",
            "Meanwhile, one after the other: nothing is written; replay is delayed, paused, blocked by a query, and comes"
                    + " and goes; the replica's receiver, its probe, all of it are stopped, or killed; heartbeats are"
                    + " blocked; capture is stopped and disconnected, its slot lost and dropped; the primary and the node"
                    + " are killed; the network delays, stalls, throttles, is cut one way or both, and resets, between the"
                    + " servers and between the node and each; wall clocks are stepped; the replica is promoted. Each fault has to bite, and what could be served meanwhile has to be.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  ./atlas bench freshness --json freshness.json",
            "  ./atlas bench freshness --fault replay_paused --fault node_killed --minutes 2",
            "  ./atlas bench freshness --reads 10000000 --minutes 10 --json freshness.json",
            "",
            "Exit codes: 0 all held, 1 something did not, or Atlas did not come back; the data directory is kept then."
        })
public final class FreshnessBenchCommand implements Callable<Integer> {

    private final CliContext context;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            defaultValue = "3",
            description = "All faults together, about; each takes five seconds at least. Default: ${DEFAULT-VALUE}")
    private double minutes = 3;

    @Option(names = "--fault", paramLabel = "NAME", description = "Only this one; repeatable. Default: all")
    private List<String> faults = List.of();

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Of the random choices. Default: another one each time, which is printed")
    private Optional<Long> seed = Optional.empty();

    @Option(
            names = "--readers",
            paramLabel = "N",
            defaultValue = "16",
            description = "Reads under way at once. Default: ${DEFAULT-VALUE}")
    private int readers;

    @Option(
            names = "--writers",
            paramLabel = "N",
            defaultValue = "4",
            description = "Counters, each with a writer of its own. Default: ${DEFAULT-VALUE}")
    private int writers;

    @Option(
            names = "--reads",
            paramLabel = "N",
            defaultValue = "0",
            description = "Begin again with the first fault until there were so many reads. Default: each fault once")
    private long reads;

    @Option(
            names = "--tenants",
            paramLabel = "N",
            defaultValue = "4",
            description = "Among which the counters are dealt out. Default: ${DEFAULT-VALUE}")
    private int tenants;

    @Mixin
    private ReportOption output = new ReportOption();

    public FreshnessBenchCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        if (!(minutes > 0) || readers < 1 || writers < 1 || tenants < 1) {
            throw new UsageException("--minutes is above 0, --readers, --writers and --tenants are at least 1.");
        }
        Path directory = Files.createTempDirectory("atlas-freshness-");
        long chosen = seed.orElseGet(() -> context.ticker().getAsLong() & 0xffff_ffffL);
        context.err().println("Seed " + chosen + ", everything in " + directory);
        FreshnessBench.Result result;
        try {
            result = new FreshnessBench(
                            new FreshnessBench.Settings(
                                    List.of(context.home().resolve("atlas").toString(), "up"),
                                    directory,
                                    Duration.ofSeconds(Math.round(minutes * 60)),
                                    reads,
                                    faults,
                                    chosen,
                                    readers,
                                    writers,
                                    tenants),
                            context.err()::println)
                    .run();
        } catch (IllegalArgumentException unknown) {
            ScratchDirectory.delete(directory);
            throw new UsageException("--fault: " + unknown.getMessage());
        }
        output.publish(context, result.table() + "\n" + result.report().table(), result.report());
        if (result.failures() > 0) {
            context.err().println(result.failures() + " failures; the data are kept in " + directory);
            return ExitCode.FAILED;
        }
        ScratchDirectory.delete(directory);
        return ExitCode.OK;
    }
}
