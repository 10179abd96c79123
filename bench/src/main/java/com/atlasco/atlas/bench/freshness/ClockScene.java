package com.atlasco.atlas.bench.freshness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The wall clock is stepped, of the node and of the servers by themselves, with libfaketime, where that is installed; the
 * machine's own clock is left alone. Monotonic clocks go on: no step changes them.
 */
final class ClockScene implements Scene {

    private static final String LIBRARY = "libfaketimeMT.so.1";
    private static final Duration STEP = Duration.ofSeconds(5);
    private static final Duration TOLERANCE = Duration.ofSeconds(2);

    /** Servers look for it in their data directories, which are their working directories. */
    private static final String SERVER_FILE = "bench-clock-step";

    private final Path directory;
    private final Path nodeFile;
    private final Optional<Path> library;
    private final Optional<Path> setsid;

    /** Looks for the library, and keeps what it needs in the directory. */
    ClockScene(Path directory) throws IOException {
        this.directory = directory;
        this.nodeFile = directory.resolve("node-clock-step");
        this.library = library();
        this.setsid = program("setsid");
    }

    private static Optional<Path> library() throws IOException {
        for (String root : List.of("/usr/lib", "/usr/local/lib", "/usr/lib64")) {
            if (!Files.isDirectory(Path.of(root))) {
                continue;
            }
            try (Stream<Path> found =
                    Files.find(Path.of(root), 3, (path, attributes) -> path.endsWith(Path.of("faketime", LIBRARY)))) {
                Optional<Path> first = found.findFirst();
                if (first.isPresent()) {
                    return first;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Path> program(String name) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
                .map(part -> Path.of(part).resolve(name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    @Override
    public String name() {
        return "clocks";
    }

    @Override
    public Optional<String> missing() {
        if (library.isEmpty()) {
            return Optional.of("libfaketime is not installed (Debian's package faketime)");
        }
        return setsid.isEmpty() ? Optional.of("there is no setsid") : Optional.empty();
    }

    @Override
    public Map<String, String> environment() {
        try {
            // The servers get a clean environment but for the path, and are started through setsid.
            Path programs = Files.createDirectories(directory.resolve("clock-bin"));
            Path wrapper = programs.resolve("setsid");
            StringBuilder script = new StringBuilder("#!/bin/sh\n");
            faked(SERVER_FILE).forEach((name, value) -> script.append("export %s='%s'\n".formatted(name, value)));
            script.append("exec '%s' \"$@\"\n".formatted(setsid.orElseThrow()));
            Files.writeString(wrapper, script);
            Files.setPosixFilePermissions(wrapper, PosixFilePermissions.fromString("rwxr-xr-x"));
            step(nodeFile, Duration.ZERO);
            Map<String, String> environment = new LinkedHashMap<>(faked(nodeFile.toString()));
            environment.put("PATH", programs + ":" + System.getenv().getOrDefault("PATH", "/usr/bin:/bin"));
            return environment;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private Map<String, String> faked(String file) {
        return Map.of(
                "LD_PRELOAD",
                library.orElseThrow().toString(),
                "FAKETIME_TIMESTAMP_FILE",
                file,
                "FAKETIME_DONT_FAKE_MONOTONIC",
                "1",
                "FAKETIME_NO_CACHE",
                "1",
                // Otherwise every timed wait of the JVM spins.
                "FAKETIME_FORCE_MONOTONIC_FIX",
                "0",
                "NO_FAKE_STAT",
                "1");
    }

    @Override
    public List<Fault> faults(Servers servers, Stage stage) {
        return List.of(
                node(servers, "node_clock_forward", STEP),
                node(servers, "node_clock_back", STEP.negated()),
                postgres(servers, "postgres_clocks_forward", STEP),
                postgres(servers, "postgres_clocks_back", STEP.negated()));
    }

    private Fault node(Servers servers, String name, Duration step) {
        return stepped(
                name,
                () -> step(nodeFile, step),
                () -> step(nodeFile, Duration.ZERO),
                () -> isStepped(servers.nodeClock(), step));
    }

    private Fault postgres(Servers servers, String name, Duration step) {
        return stepped(
                name,
                () -> stepServers(servers, step),
                () -> stepServers(servers, Duration.ZERO),
                () -> isStepped(servers.clock("primary"), step) && isStepped(servers.clock("replica"), step));
    }

    private static Fault stepped(String name, Fault.Step begin, Fault.Step end, Fault.Evidence evidence) {
        return new Fault(name, begin, end, "", 0, true, true, Optional.of(evidence));
    }

    private static boolean isStepped(Instant clock, Duration step) {
        return Duration.between(Instant.now(), clock).minus(step).abs().compareTo(TOLERANCE) < 0;
    }

    private static void stepServers(Servers servers, Duration step) throws IOException {
        for (String role : List.of("primary", "replica")) {
            step(servers.directory(role).resolve(SERVER_FILE), step);
        }
    }

    /** Replaces the file, so that nobody reads half of it. */
    private static void step(Path file, Duration step) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.writeString(next, (step.isNegative() ? "-" : "+") + step.abs().toSeconds() + "\n");
        Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rw-r--r--"));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
