package com.atlasco.atlas.cli.load;

import com.atlasco.atlas.cli.ApiOptions;
import com.atlasco.atlas.cli.CliContext;
import com.atlasco.atlas.cli.ExitCode;
import com.atlasco.atlas.cli.UsageException;
import com.atlasco.atlas.cli.http.HttpApi;
import com.atlasco.atlas.cli.text.DisplayText;
import com.atlasco.atlas.cli.text.Durations;
import com.atlasco.atlas.cli.text.ProgressFigures;
import com.atlasco.atlas.cli.text.ProgressLine;
import com.atlasco.atlas.cli.text.Shell;
import com.atlasco.atlas.model.TenantId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code atlas import}. */
@Command(
        name = "import",
        header = "Import a CSV or NDJSON file",
        description = {
            "",
            "Merges the entities of a file. Columns whose attributes are not registered are an error, unless --register"
                    + " is given: then the type of each is made out from its values (number, bool, ts, json, else text)"
                    + " and it is registered. Where an attribute is registered already, its type holds, and lines with"
                    + " values that do not fit are refused and named.",
            "",
            "CSV has a header row (RFC 4180; a file named .tsv is split at tabs); empty cells are no values. NDJSON has"
                    + " an object a line: {\"entity_id\", \"entity_type\", \"attributes\": {...}}, or flat objects whose"
                    + " members are attributes, where null removes a value. Both may be gzipped. Scalars of different"
                    + " types under one name become text.",
            "",
            "Ids are taken from --id-column, or from entity_id or id when they hold whole positive numbers; otherwise"
                    + " each row of a file gets one that follows from the file and the row's place, beyond 2^62; those of"
                    + " standard input are given out by the server.",
            "",
            "An import of a file that was interrupted goes on where it was when it is run again: a small file beside the"
                    + " imported one says up to which row everything was answered for. What is sent twice is merged"
                    + " twice, which changes nothing. While the server is busy or away, the import waits.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  ./atlas import sensors.csv --entity-type sensor --id-column sensor_no --register",
            "  ./atlas import events.ndjson.gz --register --dry-run",
            "  psql -c 'COPY t TO STDOUT CSV HEADER' | ./atlas import - --entity-type t",
            "",
            "Exit codes: 0 all stored, 1 some lines refused or not everything sent, 2 wrong usage, 3 no Atlas answers."
        })
public final class ImportCommand implements Callable<Integer> {

    private final CliContext context;

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Parameters(paramLabel = "FILE", description = "The file, or - for standard input")
    private String file = "";

    @Mixin
    private ApiOptions apiOptions = new ApiOptions();

    @Option(names = "--entity-type", paramLabel = "T", description = "The type of all entities in the file")
    private Optional<String> entityType = Optional.empty();

    @Option(names = "--id-column", paramLabel = "C", description = "The column or member that holds the ids")
    private Optional<String> idColumn = Optional.empty();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES}; made out when not given")
    private Optional<FileFormat> format = Optional.empty();

    @Option(names = "--register", description = "Register the attributes that are missing")
    private boolean register;

    @Option(names = "--dry-run", description = "Check everything, write nothing")
    private boolean dryRun;

    @Option(
            names = "--infer-rows",
            paramLabel = "N",
            description = "Make out types from the first N rows. Default: all, or 10,000 of standard input")
    private Optional<Long> inferRows = Optional.empty();

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "2",
            description = "Requests under way at a time, 1 to 16. Default: ${DEFAULT-VALUE}")
    private int connections = 2;

    @Option(names = "--restart", description = "Begin with the first row, also when an import was interrupted")
    private boolean restart;

    @Option(
            names = "--max-errors",
            paramLabel = "N",
            description = "Stop when more than N lines are refused. Default: go on to the end")
    private Optional<Long> maxErrors = Optional.empty();

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            defaultValue = "120",
            description = "How long to wait for a server that is busy or away. Default: ${DEFAULT-VALUE}")
    private long patience = 120;

    public ImportCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (connections < 1 || connections > 16) {
            throw new UsageException("--connections takes a number from 1 to 16, not " + connections + ".");
        }
        if (inferRows.filter(rows -> rows < 1).isPresent()) {
            throw new UsageException("--infer-rows takes a number from 1, not " + inferRows.get() + ".");
        }
        if (maxErrors.filter(most -> most < 0).isPresent() || patience < 0) {
            throw new UsageException("--max-errors and --patience take numbers from 0.");
        }
        ImportInput input =
                file.equals("-") ? ImportInput.of("standard input", context.in()) : ImportInput.of(Path.of(file));
        ImportOptions options = new ImportOptions(
                entityType,
                idColumn,
                format,
                inferRows.map(OptionalLong::of).orElseGet(OptionalLong::empty),
                register,
                dryRun,
                connections,
                maxErrors.orElse(Long.MAX_VALUE),
                Duration.ofSeconds(patience));
        try (HttpApi api = apiOptions.connect()) {
            Optional<ImportIdentity> identity = identity(api);
            Checkpoint checkpoint = identity.map(known -> Checkpoint.of(known, restart, context.ticker()))
                    .orElseGet(() -> Checkpoint.none(context.ticker()));
            if (checkpoint.begin() > 0) {
                context.err()
                        .println(String.format(
                                Locale.ROOT,
                                "Going on behind row %,d, where an import of this file was interrupted; --restart begins anew",
                                checkpoint.begin()));
            }
            return run(api, input, options, identity, checkpoint);
        }
    }

    /** Of a file that can be read again; a dry run leaves no traces. */
    private Optional<ImportIdentity> identity(HttpApi api) {
        if (file.equals("-") || dryRun || !Files.isRegularFile(Path.of(file))) {
            return Optional.empty();
        }
        try {
            return Optional.of(ImportIdentity.of(
                    Path.of(file),
                    api.base().toString(),
                    api.tenant().map(TenantId::value).orElse(0L)));
        } catch (IOException exception) {
            throw new UsageException(file + " cannot be read: " + exception.getMessage() + ".");
        }
    }

    private int run(
            HttpApi api,
            ImportInput input,
            ImportOptions options,
            Optional<ImportIdentity> identity,
            Checkpoint checkpoint)
            throws InterruptedException {
        ImportTally tally = new ImportTally();
        boolean resumable = identity.isPresent();
        Thread interrupted = new Thread(() -> {
            checkpoint.save();
            printHowFar(tally, resumable);
        });
        Runtime.getRuntime().addShutdownHook(interrupted);
        try (ImportProgress progress = new ImportProgress()) {
            ImportSummary summary =
                    new Importer(api, input, options, tally, progress, context.ticker(), identity, checkpoint).run();
            progress.close();
            print(summary);
            return summary.figures().refused() == 0 ? ExitCode.OK : ExitCode.FAILED;
        } catch (UnregisteredException unregistered) {
            throw new UsageException(unregistered.getMessage() + "\n  hint: register them with "
                    + Shell.commandLine(withRegister()) + "\n  or one by one, with other types, units and constraints:"
                    + " ./atlas register --help");
        } catch (RuntimeException failed) {
            removeHook(interrupted);
            if (tally.figures().answered() > 0) {
                printHowFar(tally, resumable);
            }
            throw failed;
        } finally {
            removeHook(interrupted);
        }
    }

    /** The command line as it was given, and --register. */
    private List<String> withRegister() {
        List<String> arguments = new ArrayList<>(List.of("./atlas"));
        arguments.addAll(command.commandLine().getParent().getParseResult().originalArgs());
        arguments.add("--register");
        return arguments;
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // It has been started.
        }
    }

    private void printHowFar(ImportTally tally, boolean resumable) {
        ImportTally.Figures figures = tally.figures();
        context.err()
                .println(String.format(
                        Locale.ROOT,
                        "%nStopped. Stored so far: %,d created, %,d updated; %,d refused. "
                                + (resumable
                                        ? "Import it again to go on there."
                                        : "Of an import without ids, what is imported again is created again."),
                        figures.created(),
                        figures.updated(),
                        figures.refused()));
    }

    private void print(ImportSummary summary) {
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

    private final class ImportProgress implements Importer.Observer, AutoCloseable {

        private final ProgressLine inferring = line("Reading", "rows");
        private final ProgressLine sending = line(dryRun ? "Checking" : "Importing", "entities");

        private ProgressLine line(String label, String noun) {
            return new ProgressLine(context.err(), context.errTerminal(), context.ticker(), label, noun);
        }

        @Override
        public void inferring(ProgressFigures figures) {
            inferring.update(figures);
        }

        @Override
        public void sending(ProgressFigures figures) {
            sending.update(figures);
        }

        @Override
        public void close() {
            inferring.close();
            sending.close();
        }
    }
}
