package com.atlasco.atlas.cli.bench;

import com.atlasco.atlas.bench.cluster.TierSet;
import com.atlasco.atlas.bench.ingest.IngestBench;
import com.atlasco.atlas.bench.ingest.IngestSettings;
import com.atlasco.atlas.cli.CliContext;
import com.atlasco.atlas.cli.ExitCode;
import com.atlasco.atlas.cli.UsageException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code atlas bench ingest}. */
@Command(
        name = "ingest",
        header = "Write and read entities as fast as it goes, beside hand-written PostgreSQL",
        description = {
            "",
            "Starts servers of its own in a temporary directory, which is removed at the end. The contestants:"
                    + " atlas_batch, limit, seed, jsonb_gin, atlas_single, per_request_commit, atlas_single_at_5000,"
                    + " read_realtime, read_operational, prepared_select. See docs/benches.md."
        },
        footer = {
            "",
            "Examples:",
            "  ./atlas bench ingest --json ingest.json",
            "  ./atlas bench ingest --tiers primary --only atlas_batch limit --entities 50000"
        })
public final class IngestBenchCommand implements Callable<Integer> {

    private final CliContext context;

    @Option(
            names = "--entities",
            paramLabel = "N",
            defaultValue = "12000",
            description = "Entities in a turn of a contestant, from 1000. Default: ${DEFAULT-VALUE}")
    private int entities;

    @Option(
            names = "--tenants",
            paramLabel = "N",
            defaultValue = "1",
            description = "Tenants that the entities are spread over. Default: ${DEFAULT-VALUE}")
    private int tenants;

    @Option(
            names = "--tiers",
            paramLabel = "WHICH",
            defaultValue = "both",
            description = "primary: no replica, no change capture; all: both; both: one after the other."
                    + " Default: ${DEFAULT-VALUE}")
    private String tiers = "";

    @Option(
            names = "--only",
            paramLabel = "NAME",
            arity = "1..*",
            description = "The contestants that take part. Default: all")
    private Set<String> only = Set.of();

    @Option(
            names = "--repeat",
            paramLabel = "N",
            defaultValue = "3",
            description = "Turns of each contestant that count; their median is told. Default: ${DEFAULT-VALUE}")
    private int repeat;

    @Mixin
    private DatasetOptions dataset = new DatasetOptions();

    @Mixin
    private ReportOption output = new ReportOption();

    public IngestBenchCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        if (entities < 1_000 || tenants < 1 || repeat < 1) {
            throw new UsageException("--entities is at least 1000; --tenants and --repeat are at least 1.");
        }
        OnlyNames.check(only, IngestSettings.CONTESTANTS);
        IngestBench.Result result = new IngestBench(
                        new IngestSettings(
                                ServerCommand.of(context),
                                entities,
                                dataset.attributes(1),
                                tenants,
                                tierSets(),
                                only,
                                dataset.seed(),
                                repeat),
                        context.err()::println)
                .run();
        output.publish(context, result.table(), result.report());
        return ExitCode.OK;
    }

    private List<TierSet> tierSets() {
        return switch (tiers) {
            case "primary" -> List.of(TierSet.PRIMARY);
            case "all" -> List.of(TierSet.ALL);
            case "both" -> List.of(TierSet.PRIMARY, TierSet.ALL);
            default -> throw new UsageException("--tiers takes primary, all or both, not " + tiers + ".");
        };
    }
}
