package com.atlasco.atlas.cli;

import com.atlasco.atlas.cli.text.Terminal;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;

/** Where the JVM begins. */
public final class Main {

    private Main() {}

    /** Runs the command line and ends the process with its exit code. */
    public static void main(String[] arguments) {
        CliContext context = new CliContext(
                System.in,
                new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                Terminal.ofColumns(System.getProperty("atlas.stdout.columns", "")),
                Terminal.ofColumns(System.getProperty("atlas.stderr.columns", "")),
                Path.of(System.getProperty("atlas.home", "")).toAbsolutePath(),
                InstantSource.system(),
                System::nanoTime);
        System.exit(new AtlasCli(context).run(arguments));
    }
}
