package com.atlasco.atlas.cli.bench;

import com.atlasco.atlas.bench.BenchReport;
import com.atlasco.atlas.bench.SteadyBench;
import com.atlasco.atlas.cli.CliContext;
import com.atlasco.atlas.cli.ConnectionOptions;
import com.atlasco.atlas.cli.ExitCode;
import com.atlasco.atlas.cli.UsageException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code atlas bench steady}. */
@Command(
        name = "steady",
        header = "Write at a steady rate while reading in every class; report bounds and times",
        description = {"", "Runs against a running Atlas and leaves its entities in the tenant that is named."},
        footer = {
            "",
            "Examples:",
            "  ./atlas bench steady",
            "  ./atlas bench steady --seconds 60 --rate 1000 --readers 4 --json steady.json"
        })
public final class SteadyBenchCommand implements Callable<Integer> {

    private final CliContext context;

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Option(
            names = "--tenant",
            paramLabel = "ID",
            defaultValue = "1000",
            description = "The tenant to fill. Default: ${DEFAULT-VALUE}")
    private long tenant;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "60",
            description = "How long to run. Default: ${DEFAULT-VALUE}")
    private int seconds;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Entities written a second, from 20. Default: ${DEFAULT-VALUE}")
    private int rate;

    @Option(
            names = "--readers",
            paramLabel = "N",
            defaultValue = "4",
            description = "Connections that read, with 10 ms between two reads. Default: ${DEFAULT-VALUE}")
    private int readers;

    @Mixin
    private ReportOption output = new ReportOption();

    public SteadyBenchCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (tenant < 1 || seconds < 1 || rate < 20 || readers < 1) {
            throw new UsageException("--tenant, --seconds and --readers are at least 1, --rate is at least 20.");
        }
        BenchReport report = new SteadyBench(
                        new SteadyBench.Settings(
                                connection.url(), tenant, connection.key(), Duration.ofSeconds(seconds), rate, readers),
                        context.err()::println)
                .run();
        output.publish(context, report.table(), report);
        return ExitCode.OK;
    }
}
