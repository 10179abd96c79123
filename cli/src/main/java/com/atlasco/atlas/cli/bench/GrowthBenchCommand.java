package com.atlasco.atlas.cli.bench;

import com.atlasco.atlas.bench.cluster.TierSet;
import com.atlasco.atlas.bench.growth.GrowthBench;
import com.atlasco.atlas.bench.growth.GrowthSettings;
import com.atlasco.atlas.cli.CliContext;
import com.atlasco.atlas.cli.ExitCode;
import com.atlasco.atlas.cli.UsageException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code atlas bench growth}. */
@Command(
        name = "growth",
        header = "Fill a store, and report at each size what writing, reading and filtering cost",
        description = {
            "",
            "Starts servers of its own in a temporary directory, which is removed at the end. Stages are 500,000"
                    + " entities, 2 million, 8 million and so on, and --max. It takes minutes to hours; progress tells."
        },
        footer = {"", "Examples:", "  ./atlas bench growth", "  ./atlas bench growth --max 8000000 --json growth.json"})
public final class GrowthBenchCommand implements Callable<Integer> {

    private final CliContext context;

    @Option(
            names = "--max",
            paramLabel = "N",
            defaultValue = "2000000",
            description = "Entities at the last stage, from 500000. Default: ${DEFAULT-VALUE}")
    private long max;

    @Option(
            names = "--tiers",
            paramLabel = "WHICH",
            defaultValue = "primary",
            description = "primary: no replica, no change capture; all: both. Default: ${DEFAULT-VALUE}")
    private String tiers = "";

    @Mixin
    private DatasetOptions dataset = new DatasetOptions();

    @Mixin
    private ReportOption output = new ReportOption();

    public GrowthBenchCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        if (max < GrowthSettings.FIRST_STAGE) {
            throw new UsageException("--max is at least 500000, not " + max + ".");
        }
        TierSet tierSet = switch (tiers) {
            case "primary" -> TierSet.PRIMARY;
            case "all" -> TierSet.ALL;
            default -> throw new UsageException("--tiers takes primary or all, not " + tiers + ".");
        };
        GrowthBench.Result result = new GrowthBench(
                        new GrowthSettings(
                                ServerCommand.of(context), tierSet, max, dataset.attributes(4), dataset.seed()),
                        context.err()::println)
                .run();
        output.publish(context, result.table(), result.report());
        return ExitCode.OK;
    }
}
