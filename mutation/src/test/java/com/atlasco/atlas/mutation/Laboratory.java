package com.atlasco.atlas.mutation;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles changed classes and runs tests against them, each time in a JVM of its own. Thread-safe. */
final class Laboratory {

    private static final Duration LONGEST_UNCHANGED = Duration.ofMinutes(5);

    /** Beyond three times what a test, or all of them, takes with nothing changed, an error keeps it from ending. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    private static final Duration GRACE_OF_A_TEST = Duration.ofSeconds(15);

    private final Path root;
    private final Path scratch;
    private final Map<Suite, Verdict> unchanged = new ConcurrentHashMap<>();

    /** Uses a directory of its own beside the sources at the root. */
    Laboratory(Path root, Path scratch) {
        this.root = root;
        this.scratch = scratch;
    }

    /**
     * How a run of tests ended.
     *
     * @param killer the test that failed, and why, or that they did not end; empty when all passed
     * @param longest how long the longest test took; known when all passed
     */
    record Verdict(Optional<String> killer, Duration took, Duration longest) {}

    /** Runs the suite with nothing changed, the first time that it is asked for. */
    Verdict unchanged(Suite suite) {
        return unchanged.computeIfAbsent(suite, absent -> {
            try {
                return run(
                        suite,
                        Files.createDirectories(scratch.resolve(suite.name())),
                        LONGEST_UNCHANGED,
                        LONGEST_UNCHANGED);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(interrupted);
            }
        });
    }

    /**
     * Runs the suite with the error in place of the right code. That the tests do not end is noticed, too: by whoever waits
     * for them.
     *
     * @throws IllegalStateException when it cannot be planted, or what comes of it is no Java
     */
    Verdict with(PlantedError error, int number) throws IOException, InterruptedException {
        Path directory = scratch.resolve(Integer.toString(number));
        Path sources = directory.resolve("source");
        Path classes = Files.createDirectories(directory.resolve("classes"));
        Path original = source(error.type());
        Path changed = sources.resolve(error.type().replace('.', '/') + ".java");
        Files.createDirectories(changed.getParent());
        Files.writeString(changed, error.plantedIn(Files.readString(original)));
        compile(changed, classes, error.what());
        Verdict right = unchanged(error.suite());
        return run(
                error.suite(),
                classes,
                right.took().multipliedBy(3).plus(GRACE),
                right.longest().multipliedBy(3).plus(GRACE_OF_A_TEST));
    }

    private Path source(String type) {
        String file = type.replace('.', '/') + ".java";
        return Stream.of("model", "freshness", "postgres", "capture", "server", "bench")
                .map(module -> root.resolve(module).resolve("src/main/java").resolve(file))
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is no class " + type + " any more"));
    }

    private static void compile(Path source, Path classes, String what) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        try (StandardJavaFileManager files =
                compiler.getStandardFileManager(diagnostics, Locale.ROOT, StandardCharsets.UTF_8)) {
            boolean done = compiler.getTask(
                            null,
                            files,
                            diagnostics,
                            List.of(
                                    "-d",
                                    classes.toString(),
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    "-proc:none",
                                    "-nowarn"),
                            null,
                            files.getJavaFileObjects(source))
                    .call();
            if (!done) {
                throw new IllegalStateException(
                        "'%s' does not compile: %s".formatted(what, diagnostics.getDiagnostics()));
            }
        }
    }

    private Verdict run(Suite suite, Path first, Duration longest, Duration longestTest)
            throws IOException, InterruptedException {
        List<String> classPath = new ArrayList<>();
        classPath.add(first.toString());
        classPath.add(
                root.resolve(suite.module()).resolve("target/test-classes").toString());
        classPath.addAll(Arrays.asList(System.getProperty("java.class.path").split(File.pathSeparator)));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx512m",
                "-D" + TestRun.LIMIT + "=" + longestTest.toMillis(),
                "-cp",
                classPath.stream().distinct().collect(Collectors.joining(File.pathSeparator)),
                TestRun.class.getName()));
        command.addAll(suite.tests());
        Path output = Files.createTempFile(scratch, "output", ".txt");
        long begun = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS);
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        if (!ended) {
            process.destroyForcibly();
            return new Verdict(Optional.of("the tests did not end within " + longest), took, Duration.ZERO);
        }
        String said = Files.readString(output);
        return switch (process.exitValue()) {
            case TestRun.PASSED ->
                new Verdict(
                        Optional.empty(),
                        took,
                        Duration.ofMillis(
                                said(said, TestRun.LONGEST).map(Long::parseLong).orElseThrow()));
            case TestRun.FAILED -> new Verdict(said(said, TestRun.FAILED_TEST), took, Duration.ZERO);
            default -> throw new IllegalStateException("the tests could not be run: " + said);
        };
    }

    /** What stands behind a line's beginning. */
    private static Optional<String> said(String output, String beginning) {
        return output.lines()
                .filter(line -> line.startsWith(beginning))
                .map(line -> line.substring(beginning.length()))
                .findFirst();
    }
}
