package com.atlasco.atlas.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code atlas version}. */
@Command(name = "version", header = "Print the version of Atlas and of Java")
public final class VersionCommand implements Callable<Integer> {

    private final CliContext context;

    public VersionCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        String version = Optional.ofNullable(VersionCommand.class.getPackage().getImplementationVersion())
                .orElse("not packaged");
        context.out().println("atlas " + version + " (Java " + Runtime.version() + ")");
        return ExitCode.OK;
    }
}
