package com.atlasco.atlas.cli.bench;

import com.atlasco.atlas.bench.BenchReport;
import com.atlasco.atlas.cli.CliContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where the report of a bench goes. */
final class ReportOption {

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the report as JSON")
    private Optional<Path> json = Optional.empty();

    /** Prints the table, and writes the report where that was asked for. */
    void publish(CliContext context, String table, BenchReport report) throws IOException {
        context.out().print(table);
        if (json.isPresent()) {
            report.write(json.get());
        }
    }
}
