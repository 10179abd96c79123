package com.atlasco.atlas.cli.bench;

import com.atlasco.atlas.bench.filter.FilterBench;
import com.atlasco.atlas.bench.filter.FilterSettings;
import com.atlasco.atlas.cli.CliContext;
import com.atlasco.atlas.cli.ExitCode;
import com.atlasco.atlas.cli.UsageException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code atlas bench filter}. */
@Command(
        name = "filter",
        header = "Filter on many attributes, beside hand-written PostgreSQL",
        description = {
            "",
            "Starts a server of its own in a temporary directory, which is removed at the end. The contenders: atlas,"
                    + " seed (the classic self-join), jsonb_gin, wide (an index for each attribute). Each has to answer"
                    + " every filter with the same page. See docs/benches.md."
        },
        footer = {
            "",
            "Examples:",
            "  ./atlas bench filter --json filter.json",
            "  ./atlas bench filter --entities 100000 --filters 60 --only seed"
        })
public final class FilterBenchCommand implements Callable<Integer> {

    private final CliContext context;

    @Option(
            names = "--entities",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "Entities of twelve attributes, from 10000. Default: ${DEFAULT-VALUE}")
    private long entities;

    @Option(
            names = "--filters",
            paramLabel = "N",
            defaultValue = "200",
            description = "Filters in the workload. Default: ${DEFAULT-VALUE}")
    private int filters;

    @Option(
            names = "--repeat",
            paramLabel = "N",
            defaultValue = "3",
            description = "Turns of each contender at each filter, after one that does not count; their median is told."
                    + " Default: ${DEFAULT-VALUE}")
    private int repeat;

    @Option(
            names = "--cut-ms",
            paramLabel = "N",
            defaultValue = "1000",
            description = "When a peer's statement is ended, and counted with that time. Default: ${DEFAULT-VALUE}")
    private long cutMillis;

    @Option(
            names = "--only",
            paramLabel = "NAME",
            arity = "1..*",
            description = "The peers that take part beside atlas and wide: seed, jsonb_gin. Default: both")
    private Set<String> only = Set.of();

    @Option(
            names = "--keep",
            paramLabel = "DIR",
            description = "Keeps what was loaded in this directory, and does not load again what it holds.")
    private Optional<Path> keep = Optional.empty();

    @Mixin
    private SeedOption seed = new SeedOption();

    @Mixin
    private ReportOption output = new ReportOption();

    public FilterBenchCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        if (entities < 10_000 || filters < 1 || repeat < 1 || cutMillis < 1) {
            throw new UsageException("--entities is at least 10000; --filters, --repeat and --cut-ms are at least 1.");
        }
        OnlyNames.check(only, FilterSettings.PEERS);
        FilterBench.Result result = new FilterBench(
                        new FilterSettings(
                                ServerCommand.of(context),
                                entities,
                                filters,
                                seed.seed(),
                                repeat,
                                only,
                                Duration.ofMillis(cutMillis),
                                keep),
                        context.err()::println)
                .run();
        output.publish(context, result.table(), result.report());
        return ExitCode.OK;
    }
}
