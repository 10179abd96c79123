package com.atlasco.atlas.cli;

import com.atlasco.atlas.cli.text.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;

/** What a command line printed and ended with. */
public record CliRun(int exitCode, String out, String err) {

    /** Runs a command line in this process, away from any terminal. */
    public static CliRun of(String... arguments) {
        return withInput("", arguments);
    }

    /** As {@link #of}, with something on standard input. */
    public static CliRun withInput(String input, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        CliContext context = new CliContext(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Terminal.none(),
                Terminal.none(),
                Path.of(""),
                InstantSource.system(),
                System::nanoTime);
        int exitCode = new AtlasCli(context).run(arguments);
        return new CliRun(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
