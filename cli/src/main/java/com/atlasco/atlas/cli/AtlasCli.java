package com.atlasco.atlas.cli;

import com.atlasco.atlas.cli.bench.AggregateBenchCommand;
import com.atlasco.atlas.cli.bench.BenchCommand;
import com.atlasco.atlas.cli.bench.CrashBenchCommand;
import com.atlasco.atlas.cli.bench.FilterBenchCommand;
import com.atlasco.atlas.cli.bench.GrowthBenchCommand;
import com.atlasco.atlas.cli.bench.IngestBenchCommand;
import com.atlasco.atlas.cli.bench.SteadyBenchCommand;
import com.atlasco.atlas.cli.http.ProblemException;
import com.atlasco.atlas.cli.http.UnreachableException;
import com.atlasco.atlas.cli.load.ImportCommand;
import com.atlasco.atlas.cli.query.AggregateCommand;
import com.atlasco.atlas.cli.query.DeleteCommand;
import com.atlasco.atlas.cli.query.FilterProblemException;
import com.atlasco.atlas.cli.query.QueryCommand;
import com.atlasco.atlas.cli.tenant.TenantCommand;
import com.atlasco.atlas.cli.text.DisplayText;
import com.atlasco.atlas.cli.text.ProblemText;
import com.atlasco.atlas.cli.up.UpCommand;
import com.atlasco.atlas.embedded.EmbeddedPostgresException;
import com.atlasco.atlas.model.AtlasException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.OptionSpec;

/** The command line as a whole: the commands, and what their failures look like. */
public final class AtlasCli {

    private final CliContext context;
    private final CommandLine commands;

    public AtlasCli(CliContext context) {
        this.context = context;
        this.commands = new CommandLine(new AtlasCommand())
                .addSubcommand(new UpCommand(context))
                .addSubcommand(new ImportCommand(context))
                .addSubcommand(new QueryCommand(context))
                .addSubcommand(new AggregateCommand(context))
                .addSubcommand(new DeleteCommand(context))
                .addSubcommand(new RegisterCommand(context))
                .addSubcommand(new RenameCommand(context))
                .addSubcommand(new RetireCommand(context))
                .addSubcommand(new StatusCommand(context))
                .addSubcommand(TenantCommand.with(context))
                .addSubcommand(new CommandLine(new BenchCommand())
                        .addSubcommand(new IngestBenchCommand(context))
                        .addSubcommand(new AggregateBenchCommand(context))
                        .addSubcommand(new FilterBenchCommand(context))
                        .addSubcommand(new GrowthBenchCommand(context))
                        .addSubcommand(new SteadyBenchCommand(context))
                        .addSubcommand(new CommandLine(new CrashBenchCommand(context))
                                .setCaseInsensitiveEnumValuesAllowed(true)))
                .addSubcommand(new VersionCommand(context));
        addHelp(commands);
        commands.setOut(new PrintWriter(context.out(), true, StandardCharsets.UTF_8));
        commands.setErr(new PrintWriter(context.err(), true, StandardCharsets.UTF_8));
        commands.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
        commands.setUsageHelpWidth(Math.clamp(context.outTerminal().columns().orElse(100), 60, 120));
        commands.setExecutionExceptionHandler((exception, command, parsed) -> failed(exception));
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
