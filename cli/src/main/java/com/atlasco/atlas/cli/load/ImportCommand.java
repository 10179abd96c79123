package com.atlasco.atlas.cli.load;

import com.atlasco.atlas.cli.ApiOptions;
import com.atlasco.atlas.cli.CliContext;
import com.atlasco.atlas.cli.ExitCode;
import com.atlasco.atlas.cli.UsageException;
import com.atlasco.atlas.cli.http.HttpApi;
import com.atlasco.atlas.cli.text.ProgressFigures;
import com.atlasco.atlas.cli.text.ProgressLine;
import com.atlasco.atlas.cli.text.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
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
                    + " each row of a file gets one that follows from the file's path and content and the row's place, beyond"
                    + " 2^62; those of standard input are given out by the server.",
            "",
            "An import of a file that was interrupted goes on where it was when the same command is run again: a small"
                    + " file beside the imported one says up to which row everything is stored. It begins with the first"
                    + " row that was refused, or, when the file, the options, the key or the server are others, with"
                    + " row 1. What is sent twice is merged twice, which changes nothing. While the server is busy or"
                    + " away, the import waits.",
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
            Optional<ImportIdentity> identity = identity(api, options);
            Checkpoint checkpoint = identity.map(known -> Checkpoint.of(known, restart, context.ticker()))
                    .orElseGet(() -> Checkpoint.none(context.ticker()));
            ImportReport report = new ImportReport(context, dryRun);
            if (!restart) {
                report.begin(checkpoint);
            }
            return run(api, input, options, identity, checkpoint, report);
        }
    }

    /** Of a file that can be read again; a dry run leaves no traces. */
    private Optional<ImportIdentity> identity(HttpApi api, ImportOptions options) {
        Path path = Path.of(file);
        if (file.equals("-") || dryRun || !Files.isRegularFile(path)) {
            return Optional.empty();
        }
        long began = context.ticker().getAsLong();
        try (ProgressLine progress =
                new ProgressLine(context.err(), context.errTerminal(), context.ticker(), "Identifying", "MiB")) {
            OptionalLong size = OptionalLong.of(Files.size(path));
            return Optional.of(ImportIdentity.of(
                    path,
                    api.base().toString(),
                    api.owner(),
                    options.ofRows(),
                    bytes -> progress.update(new ProgressFigures(
                            bytes >> 20, bytes, size, context.ticker().getAsLong() - began))));
        } catch (IOException exception) {
            throw new UsageException(file + " cannot be read: " + exception.getMessage() + ".");
        }
    }

    private int run(
            HttpApi api,
            ImportInput input,
            ImportOptions options,
            Optional<ImportIdentity> identity,
            Checkpoint checkpoint,
            ImportReport report)
            throws InterruptedException {
        ImportTally tally = new ImportTally();
        Thread interrupted = new Thread(() -> {
            checkpoint.save();
            report.stopped(tally.figures(), checkpoint);
        });
        Runtime.getRuntime().addShutdownHook(interrupted);
        try (ImportProgress progress = new ImportProgress()) {
            ImportSummary summary =
                    new Importer(api, input, options, tally, progress, context.ticker(), identity, checkpoint).run();
            progress.close();
            report.done(summary);
            return summary.figures().refused() == 0 ? ExitCode.OK : ExitCode.FAILED;
        } catch (UnregisteredException unregistered) {
            throw new UsageException(unregistered.getMessage() + "\n  hint: register them with "
                    + Shell.commandLine(withRegister()) + "\n  or one by one, with other types, units and constraints:"
                    + " ./atlas register --help");
        } catch (RuntimeException failed) {
            removeHook(interrupted);
            if (tally.figures().answered() > 0) {
                report.stopped(tally.figures(), checkpoint);
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
