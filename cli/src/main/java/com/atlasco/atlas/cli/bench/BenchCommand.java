package com.atlasco.atlas.cli.bench;

import picocli.CommandLine.Command;

/** {@code atlas bench}: prints the benches there are. */
@Command(
        name = "bench",
        header = "Measure Atlas",
        synopsisSubcommandLabel = "NAME",
        commandListHeading = "%nBenches:%n",
        footer = {
            "",
            "Examples:",
            "  ./atlas bench ingest --json ingest.json",
            "  ./atlas bench filter --json filter.json",
            "  ./atlas bench pipeline --json pipeline.json",
            "  ./atlas bench steady --seconds 60 --json steady.json",
            "  ./atlas bench crash --kills 50 --target postgres"
        })
public final class BenchCommand {}
