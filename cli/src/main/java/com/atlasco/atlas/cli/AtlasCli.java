package com.atlasco.atlas.cli;

import com.atlasco.atlas.cli.bench.AggregateBenchCommand;
import com.atlasco.atlas.cli.bench.BenchCommand;
import com.atlasco.atlas.cli.bench.CrashBenchCommand;
import com.atlasco.atlas.cli.bench.FilterBenchCommand;
import com.atlasco.atlas.cli.bench.FreshnessBenchCommand;
import com.atlasco.atlas.cli.bench.GrowthBenchCommand;
import com.atlasco.atlas.cli.bench.IngestBenchCommand;
import com.atlasco.atlas.cli.bench.PipelineBenchCommand;
import com.atlasco.atlas.cli.bench.RoutingBenchCommand;
import com.atlasco.atlas.cli.bench.SoakBenchCommand;
import com.atlasco.atlas.cli.bench.SteadyBenchCommand;
import com.atlasco.atlas.cli.bench.StoreBenchCommand;
import com.atlasco.atlas.cli.bench.TrainCommand;
import com.atlasco.atlas.cli.http.ProblemException;
import com.atlasco.atlas.cli.http.UnreachableException;
import com.atlasco.atlas.cli.load.ImportCommand;
import com.atlasco.atlas.cli.query.AggregateCommand;
import com.atlasco.atlas.cli.query.Cql2Command;
import com.atlasco.atlas.cli.query.DeleteCommand;
import com.atlasco.atlas.cli.query.FilterProblemException;
import com.atlasco.atlas.cli.query.QueryCommand;
import com.atlasco.atlas.cli.tenant.TenantCommand;
import com.atlasco.atlas.cli.text.DisplayText;
import com.atlasco.atlas.cli.text.ProblemText;
import com.atlasco.atlas.cli.up.FailoverCommand;
import com.atlasco.atlas.cli.up.UpCommand;
import com.atlasco.atlas.cli.verify.VerifyCommand;
import com.atlasco.atlas.embedded.EmbeddedPostgresException;
import com.atlasco.atlas.model.AtlasException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.OptionSpec;

/** The command line as a whole: the commands, and what their failures look like. */
public final class AtlasCli {

    private final CliContext context;

    public AtlasCli(CliContext context) {
        this.context = context;
    }

    /** What there is, in the order of the help. */
    private Map<String, Supplier<Object>> known() {
        Map<String, Supplier<Object>> known = new LinkedHashMap<>();
        known.put("up", () -> new UpCommand(context));
        known.put("import", () -> new ImportCommand(context));
        known.put("query", () -> new QueryCommand(context));
        known.put("aggregate", () -> new AggregateCommand(context));
        known.put("delete", () -> new DeleteCommand(context));
        known.put("cql2", () -> new Cql2Command(context));
        known.put("register", () -> new RegisterCommand(context));
        known.put("rename", () -> new RenameCommand(context));
        known.put("retire", () -> new RetireCommand(context));
        known.put("status", () -> new StatusCommand(context));
        known.put("failover", () -> new FailoverCommand(context));
        known.put("resync", () -> new ResyncCommand(context));
        known.put("verify", () -> new VerifyCommand(context));
        known.put("tenant", () -> TenantCommand.with(context));
        known.put("bench", this::bench);
        known.put("version", () -> new VersionCommand(context));
        return known;
    }

    private CommandLine bench() {
        return new CommandLine(new BenchCommand())
                .addSubcommand(new IngestBenchCommand(context))
                .addSubcommand(new AggregateBenchCommand(context))
                .addSubcommand(new FilterBenchCommand(context))
                .addSubcommand(new FreshnessBenchCommand(context))
                .addSubcommand(new GrowthBenchCommand(context))
                .addSubcommand(new PipelineBenchCommand(context))
                .addSubcommand(new RoutingBenchCommand(context))
                .addSubcommand(new SoakBenchCommand(context))
                .addSubcommand(new SteadyBenchCommand(context))
                .addSubcommand(new StoreBenchCommand(context))
                .addSubcommand(new TrainCommand(context))
                .addSubcommand(
                        new CommandLine(new CrashBenchCommand(context)).setCaseInsensitiveEnumValuesAllowed(true));
    }

    /** Reading the options of all commands takes longer than many a command: only the one that is asked for is made. */
    private CommandLine commands(String... arguments) {
        Map<String, Supplier<Object>> known = known();
        Optional<Supplier<Object>> asked =
                arguments.length == 0 ? Optional.empty() : Optional.ofNullable(known.get(arguments[0]));
        CommandLine commands = new CommandLine(new AtlasCommand());
        asked.map(List::of)
                .orElseGet(() -> List.copyOf(known.values()))
                .forEach(command -> commands.addSubcommand(command.get()));
        addHelp(commands);
        commands.setOut(new PrintWriter(context.out(), true, StandardCharsets.UTF_8));
        commands.setErr(new PrintWriter(context.err(), true, StandardCharsets.UTF_8));
        commands.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
        commands.setUsageHelpWidth(Math.clamp(context.outTerminal().columns().orElse(100), 60, 120));
        commands.setExecutionExceptionHandler((exception, command, parsed) -> failed(exception));
        return commands;
    }

    private static void addHelp(CommandLine command) {
        command.getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Print this help")
                        .build());
        command.getSubcommands().values().forEach(AtlasCli::addHelp);
    }

    /** Runs a command line and returns its exit code. */
    public int run(String... arguments) {
        CommandLine commands = commands(arguments);
        if (arguments.length == 0) {
            commands.usage(context.out(), Ansi.OFF);
            return ExitCode.OK;
        }
        int exitCode = commands.execute(arguments);
        context.out().flush();
        return exitCode;
    }

    private int failed(Exception exception) {
        return switch (exception) {
            case UsageException usage -> say(message(usage), ExitCode.USAGE);
            case FailureException failure -> say(message(failure), ExitCode.FAILED);
            case FilterProblemException refused ->
                say(ProblemText.of(refused.problem().problem(), Optional.of(refused.filter())), ExitCode.FAILED);
            case ProblemException refused -> say(ProblemText.of(refused.problem(), Optional.empty()), ExitCode.FAILED);
            case AtlasException refused ->
                say(
                        refused.problem().detail()
                                + refused.problem()
                                        .hint()
                                        .map(hint -> "\n  hint: " + hint)
                                        .orElse(""),
                        ExitCode.FAILED);
            case EmbeddedPostgresException failure -> say(message(failure), ExitCode.FAILED);
            case UnreachableException unreachable
            when !unreachable.connected() ->
                say(
                        unreachable.getMessage()
                                + ". Is it running? Start it with ./atlas up, or say where it is with --url",
                        ExitCode.UNREACHABLE);
            case UnreachableException broken -> say(message(broken), ExitCode.UNREACHABLE);
            default -> unexpected(exception);
        };
    }

    private static String message(Exception exception) {
        return Objects.requireNonNullElse(
                exception.getMessage(), exception.getClass().getSimpleName());
    }

    private int say(String message, int exitCode) {
        context.err().println("atlas: " + message);
        return exitCode;
    }

    private int unexpected(Exception exception) {
        context.err().println("atlas: unexpected failure: " + DisplayText.oneLine(exception.toString()));
        exception.printStackTrace(context.err());
        return ExitCode.FAILED;
    }
}
