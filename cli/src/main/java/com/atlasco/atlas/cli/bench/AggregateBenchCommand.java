package com.atlasco.atlas.cli.bench;

import com.atlasco.atlas.bench.aggregate.AggregateBench;
import com.atlasco.atlas.bench.aggregate.AggregateSettings;
import com.atlasco.atlas.cli.CliContext;
import com.atlasco.atlas.cli.ExitCode;
import com.atlasco.atlas.cli.UsageException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code atlas bench aggregate}. */
@Command(
        name = "aggregate",
        header = "Aggregate over everything, beside hand-written DuckDB and PostgreSQL",
        description = {
            "",
            "Starts a server of its own in a temporary directory, which is removed at the end. The contenders: atlas,"
                    + " wide_duckdb (a column for each attribute), seed (the classic SQL). All have to answer with the"
                    + " same figures. See docs/benches.md."
        },
        footer = {
            "",
            "Examples:",
            "  ./atlas bench aggregate --json aggregate.json",
            "  ./atlas bench aggregate --entities 100000"
        })
public final class AggregateBenchCommand implements Callable<Integer> {

    private static final List<String> PEERS = List.of("wide_duckdb", "seed");

    private final CliContext context;

    @Option(
            names = "--entities",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "Entities of twelve attributes, from 10000. Default: ${DEFAULT-VALUE}")
    private long entities;

    @Option(
            names = "--repeat",
            paramLabel = "N",
            defaultValue = "7",
            description = "Turns of each contender at each aggregate, after one that does not count; their median is"
                    + " told. Default: ${DEFAULT-VALUE}")
    private int repeat;

    @Option(
            names = "--cut-ms",
            paramLabel = "N",
            defaultValue = "10000",
            description = "When the classic SQL is ended, and counted with that time. Default: ${DEFAULT-VALUE}")
    private long cutMillis;

    @Option(
            names = "--only",
            paramLabel = "NAME",
            arity = "1..*",
            description = "The peers that take part beside atlas: wide_duckdb always does. Default: wide_duckdb, seed")
    private Set<String> only = Set.of();

    @Mixin
    private SeedOption seed = new SeedOption();

    @Mixin
    private ReportOption output = new ReportOption();

    public AggregateBenchCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        if (entities < 10_000 || repeat < 1 || cutMillis < 1) {
            throw new UsageException("--entities is at least 10000; --repeat and --cut-ms are at least 1.");
        }
        OnlyNames.check(only, PEERS);
        AggregateBench.Result result = new AggregateBench(
                        new AggregateSettings(
                                ServerCommand.of(context),
                                entities,
                                seed.seed(),
                                repeat,
                                Duration.ofMillis(cutMillis),
                                only.isEmpty() || only.contains("seed")),
                        context.err()::println)
                .run();
        output.publish(context, result.table(), result.report());
        return ExitCode.OK;
    }
}
