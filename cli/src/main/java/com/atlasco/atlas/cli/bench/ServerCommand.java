package com.atlasco.atlas.cli.bench;

import com.atlasco.atlas.bench.CodeRecord;
import com.atlasco.atlas.cli.CliContext;
import com.atlasco.atlas.cli.Main;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How this command line is started as a process of its own, as {@code ./atlas up} does it. */
final class ServerCommand {

    private ServerCommand() {}

    /** The record of a server's code, which the script gives to this JVM, is given to the server. */
    private static List<String> record() {
        return CodeRecord.ofThisJvm()
                .map(option -> List.of(option, "-Xlog:aot*=off,cds*=off"))
                .orElse(List.of());
    }

    static List<String> of(CliContext context) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(record());
        command.addAll(List.of(
                "-Xmx1g",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseG1GC",
                "-Datlas.home=" + context.home(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        return command;
    }
}
