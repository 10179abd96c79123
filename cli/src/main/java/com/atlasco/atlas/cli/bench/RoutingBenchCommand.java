package com.atlasco.atlas.cli.bench;

import com.atlasco.atlas.bench.BenchReport;
import com.atlasco.atlas.bench.routing.RoutingBench;
import com.atlasco.atlas.cli.CliContext;
import com.atlasco.atlas.cli.ExitCode;
import com.atlasco.atlas.cli.UsageException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code atlas bench routing}. */
@Command(
        name = "routing",
        header = "Measure what choosing a source adds to a read",
        description = {
            "",
            "Routes reads to a replica and to the cache in a JVM of its own, by JMH, without servers: the decision, the"
                    + " bound, the check when the rows are in, and the metrics, but not the read."
        },
        footer = {"", "Examples:", "  ./atlas bench routing --json routing.json"})
public final class RoutingBenchCommand implements Callable<Integer> {

    private final CliContext context;

    @Option(
            names = "--iterations",
            paramLabel = "N",
            defaultValue = "5",
            description = "So many seconds for each case, after three to warm up. Default: ${DEFAULT-VALUE}")
    private int iterations;

    @Mixin
    private ReportOption output = new ReportOption();

    public RoutingBenchCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        if (iterations < 1) {
            throw new UsageException("--iterations is at least 1.");
        }
        BenchReport report = new RoutingBench(iterations).run();
        output.publish(context, report.table(), report);
        return ExitCode.OK;
    }
}
