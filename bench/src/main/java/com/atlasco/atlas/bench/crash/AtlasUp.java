package com.atlasco.atlas.bench.crash;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@code atlas up} as a process, and the servers it starts. Used by one thread. */
public final class AtlasUp implements AutoCloseable {

    private static final long STOP_SECONDS = 60;

    private final List<String> command;
    private final Path dataDirectory;
    private final Path log;
    private final Map<String, String> environment;
    private Optional<Process> process = Optional.empty();

    /** Starts nothing. The command's standard error is added to the log. */
    public AtlasUp(List<String> command, Path dataDirectory, int port, Path log) {
        this(command, dataDirectory, port, log, Map.of());
    }

    /** The same, with more variables of the environment. */
    public AtlasUp(List<String> command, Path dataDirectory, int port, Path log, Map<String, String> environment) {
        this.command = new ArrayList<>(command);
        this.command.addAll(List.of(
                "--json",
                "--no-sample-data",
                "--data-dir",
                dataDirectory.toString(),
                "--port",
                Integer.toString(port)));
        this.dataDirectory = dataDirectory;
        this.log = log;
        this.environment = Map.copyOf(environment);
    }

    /** A port that nobody listens on at this moment. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    public void launch() throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        // Whoever runs this has built it.
        builder.environment().put("ATLAS_NO_BUILD", "1");
        builder.environment().putAll(environment);
        Process started = builder.start();
        process = Optional.of(started);
        // When the bench is interrupted, what it started ends too.
        Thread hook = new Thread(started::destroy, "atlas-crash-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        var _ = started.onExit().thenRun(() -> {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException ending) {
                // The hook is at work.
            }
        });
    }

    /** Waits until it says that it is ready. */
    public void awaitReady() throws IOException {
        Process running = process.orElseThrow();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(running.getInputStream(), StandardCharsets.UTF_8));
        if (out.readLine() == null) {
            throw new IOException("atlas up ended before it was ready; its log " + log + " ends:\n" + tail());
        }
    }

    private String tail() throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    }

    /** As Ctrl-C does, and waits for the end. */
    public void stop() throws IOException, InterruptedException {
        Process running = process.orElseThrow();
        running.destroy();
        if (!running.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException("atlas up did not stop within " + STOP_SECONDS + " s");
        }
        process = Optional.empty();
    }

    /** Lets the processes of the replica stand still. */
    void pauseReplica(long millis) throws IOException, InterruptedException {
        List<Long> stopped = stopReplica();
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } finally {
            signal("-CONT", stopped);
        }
    }

    /**
     * Lets the processes of the replica stand still until they are sent {@code -CONT}.
     *
     * @return their ids
     */
    public List<Long> stopReplica() throws IOException, InterruptedException {
        ProcessHandle postmaster = postmaster("replica");
        List<Long> pids = Stream.concat(Stream.of(postmaster), postmaster.children())
                .map(ProcessHandle::pid)
                .toList();
        signal("-STOP", pids);
        return pids;
    }

    /** Ends the postmaster of {@code primary} or {@code replica} with SIGKILL. */
    public void killServer(String role) {
        postmaster(role).destroyForcibly();
    }

    /** Sends a signal, such as {@code -STOP}, to processes; one that has ended by itself is passed over. */
    public static void signal(String signal, List<Long> pids) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kill", signal));
        pids.forEach(pid -> command.add(Long.toString(pid)));
        new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    /** Ends the JVM with SIGKILL, and leaves its servers running. */
    public void kill() throws InterruptedException {
        Process running = process.orElseThrow();
        running.destroyForcibly();
        running.waitFor();
        process = Optional.empty();
    }

    boolean alive() {
        return process.filter(Process::isAlive).isPresent();
    }

    /**
     * Ends a process of PostgreSQL with SIGKILL: the postmaster of the primary, or of the replica, or any other process of
     * the primary.
     *
     * @return what it was
     */
    Victim killPostgres(SplittableRandom random) {
        Victim victim = Victim.ofPostgres(random);
        ProcessHandle postmaster = postmaster(victim == Victim.POSTMASTER_OF_REPLICA ? "replica" : "primary");
        List<ProcessHandle> others = postmaster.children().toList();
        if (victim != Victim.PROCESS_OF_PRIMARY) {
            postmaster.destroyForcibly();
            return victim;
        }
        if (others.isEmpty()) {
            postmaster.destroyForcibly();
            return Victim.POSTMASTER_OF_PRIMARY;
        }
        others.get(random.nextInt(others.size())).destroyForcibly();
        return victim;
    }

    private ProcessHandle postmaster(String role) {
        Path file = dataDirectory.resolve("postgres").resolve(role).resolve("postmaster.pid");
        try {
            return ProcessHandle.of(
                            Long.parseLong(Files.readAllLines(file).getFirst().strip()))
                    .orElseThrow(() -> new IllegalStateException("the " + role + " does not run"));
        } catch (IOException missing) {
            throw new IllegalStateException("the " + role + " does not run", missing);
        }
    }

    @Override
    public void close() throws InterruptedException {
        if (process.isPresent()) {
            process.get().destroy();
            if (!process.get().waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.get().destroyForcibly();
            }
        }
    }
}
