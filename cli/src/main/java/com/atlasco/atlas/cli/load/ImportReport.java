package com.atlasco.atlas.cli.load;

import com.atlasco.atlas.cli.CliContext;
import com.atlasco.atlas.cli.text.DisplayText;
import com.atlasco.atlas.cli.text.Durations;
import java.util.Locale;
import java.util.stream.Collectors;

/** Says where an import begins, and what it came to. */
final class ImportReport {

    private final CliContext context;
    private final boolean dryRun;

    ImportReport(CliContext context, boolean dryRun) {
        this.context = context;
        this.dryRun = dryRun;
    }

    /** That an import of the file was interrupted, and what this one makes of it. */
    void begin(Checkpoint checkpoint) {
        if (checkpoint.begin() > 0) {
            context.err()
                    .println(String.format(
                            Locale.ROOT,
                            "Going on behind row %,d, where an import of this file was interrupted; --restart begins anew",
                            checkpoint.begin()));
        }
        checkpoint.whyFromTheFirst().ifPresent(why -> context.err().println(DisplayText.oneLine(why)));
    }

    /** How far it came when it did not come to its end. */
    void stopped(ImportTally.Figures figures, Checkpoint checkpoint) {
        context.err()
                .println(String.format(
                        Locale.ROOT,
                        "%nStopped. Stored so far: %,d created, %,d updated; %,d refused. %s",
                        figures.created(),
                        figures.updated(),
                        figures.refused(),
                        next(figures, checkpoint)));
    }

    private static String next(ImportTally.Figures figures, Checkpoint checkpoint) {
        if (!checkpoint.resumable()) {
            return "Of an import without ids, what is imported again is created again.";
        }
        String refused = figures.refused() == 0 ? "" : ", so that what was refused is tried again";
        return checkpoint.complete() == 0
                ? "Import it again to begin anew" + refused + "."
                : String.format(
                        Locale.ROOT, "Import it again to go on behind row %,d%s.", checkpoint.complete(), refused);
    }

    /** All of an import that came to its end. */
    void done(ImportSummary summary) {
        ImportTally.Figures figures = summary.figures();
        if (!summary.added().isEmpty()) {
            context.err()
                    .println((dryRun ? "Would register " : "Registered ")
                            + summary.added().stream()
                                    .map(type -> DisplayText.oneLine(type.name()) + " "
                                            + type.dataType().wireName())
                                    .collect(Collectors.joining(", ")));
        }
        summary.idColumn().ifPresent(column -> context.err().println("Ids from " + DisplayText.oneLine(column)));
        for (ImportTally.RefusedLine refused : figures.firstRefused()) {
            context.err().println("line " + refused.line() + ": " + DisplayText.oneLine(refused.problem()));
        }
        long unnamed = figures.refused() - figures.firstRefused().size();
        if (unnamed > 0) {
            context.err().println(String.format(Locale.ROOT, "and %,d more lines refused", unnamed));
        }
        if (dryRun) {
            context.out()
                    .println(String.format(
                            Locale.ROOT,
                            "%,d entities would be sent, %,d lines refused; nothing was written",
                            summary.rows() - figures.refused(),
                            figures.refused()));
        } else {
            context.out()
                    .println(String.format(
                            Locale.ROOT,
                            "%,d created, %,d updated, %,d refused in %s",
                            figures.created(),
                            figures.updated(),
                            figures.refused(),
                            Durations.of(summary.seconds())));
        }
    }
}
