package com.atlasco.atlas.cli.bench;

import com.atlasco.atlas.cli.CliContext;
import com.atlasco.atlas.cli.Main;
import java.nio.file.Path;
import java.util.List;

/** How this command line is started as a process of its own, as {@code ./atlas up} does it. */
final class ServerCommand {

    private ServerCommand() {}

    static List<String> of(CliContext context) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseG1GC",
                "-Datlas.home=" + context.home(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName());
    }
}
