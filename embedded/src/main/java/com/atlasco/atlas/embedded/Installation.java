package com.atlasco.atlas.embedded;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Programs that can be run here, and as whom.
 *
 * @param home the directory above {@code bin}
 */
record Installation(Path home, Confinement confinement) {

    private static final long PROBE_SECONDS = 10;

    /**
     * Tries the ways to run a server, with the binaries from the shared cache or else from the data directory, until
     * one can write the data directory and execute the programs.
     *
     * @throws EmbeddedPostgresException when none works; the message names each and why it failed
     */
    static Installation find(
            DataLayout layout,
            List<Confinement> candidates,
            Binaries binaries,
            Path sharedCache,
            Consumer<String> progress) {
        List<String> failures = new ArrayList<>();
        for (Confinement confinement : candidates) {
            try {
                confinement.own(layout.postgres());
                probe(confinement, List.of("test", "-w", layout.postgres().toString()));
                return new Installation(
                        usableBinaries(layout, confinement, binaries, sharedCache, progress), confinement);
            } catch (IOException exception) {
                failures.add(confinement.description() + ": " + exception.getMessage());
            }
        }
        throw new EmbeddedPostgresException("""
                PostgreSQL cannot run as root, and no other way to run it works with the data directory %s:
                  %s
                Start Atlas as an ordinary user, or choose a data directory that such a user may reach, \
                or install util-linux 2.38 or newer (unshare, setpriv).""".formatted(layout.root(), String.join("\n  ", failures)));
    }

    private static Path usableBinaries(
            DataLayout layout, Confinement confinement, Binaries binaries, Path sharedCache, Consumer<String> progress)
            throws IOException {
        try {
            Path home = binaries.unpack(sharedCache, progress);
            probe(
                    confinement,
                    List.of("test", "-x", home.resolve("bin/postgres").toString()));
            return home;
        } catch (IOException exception) {
            progress.accept("The cache " + sharedCache + " is of no use here (" + exception.getMessage()
                    + "); the programs go into the data directory");
            Path home = binaries.unpack(layout.ownBinaries(), progress);
            probe(
                    confinement,
                    List.of("test", "-x", home.resolve("bin/postgres").toString()));
            return home;
        }
    }

    private static void probe(Confinement confinement, List<String> test) throws IOException {
        List<String> command = new ArrayList<>(confinement.prefix());
        command.addAll(test);
        Process process = builder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            if (!process.waitFor(PROBE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(String.join(" ", command) + " did not end");
            }
        } catch (InterruptedException exception) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", exception);
        }
        if (process.exitValue() != 0) {
            throw new IOException("'" + String.join(" ", command) + "' failed"
                    + (output.isEmpty() ? " (no permission)" : " (" + output + ")"));
        }
    }

    /** Runs one of the programs to its end and returns its exit status; a Ctrl-C ends it too. */
    int run(String program, List<String> arguments, Path log) throws IOException, InterruptedException {
        return confined(List.of(), program, arguments, log).start().waitFor();
    }

    /**
     * Starts a program in a session of its own: the SIGINT of a Ctrl-C in the terminal goes to the foreground process
     * group, and the order of a shutdown is ours to choose.
     */
    Process launch(String program, List<String> arguments, Path log) throws IOException {
        return confined(List.of("setsid"), program, arguments, log).start();
    }

    private ProcessBuilder confined(List<String> before, String program, List<String> arguments, Path log) {
        List<String> command = new ArrayList<>(before);
        command.addAll(confinement.prefix());
        command.add(home.resolve("bin").resolve(program).toString());
        command.addAll(arguments);
        return builder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    }

    /** Without this process's PG… variables and library path, which would change what the programs do. */
    private static ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectInput(new File("/dev/null"));
        Map<String, String> environment = builder.environment();
        String path = environment.getOrDefault("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        environment.clear();
        environment.put("PATH", path);
        environment.put("LC_ALL", "C");
        environment.put("TZ", "UTC");
        return builder.directory(new File("/"));
    }
}
