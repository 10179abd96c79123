package com.atlasco.atlas.it.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@code ./atlas up} as a process of its own. */
final class AtlasProcess implements AutoCloseable {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Process process;
    private final BufferedReader out;
    private final Path dataDirectory;
    private final Path err;
    private final int port;
    private final HttpClient client = HttpClient.newHttpClient();

    private AtlasProcess(Process process, Path dataDirectory, Path err, int port) {
        this.process = process;
        this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.dataDirectory = dataDirectory;
        this.err = err;
        this.port = port;
    }

    static AtlasProcess start(Path dataDirectory, int port, String... more) throws IOException {
        Path err = Files.createTempFile("atlas-up", ".err");
        List<String> command = new ArrayList<>(List.of(
                script().toString(),
                "up",
                "--json",
                "--data-dir",
                dataDirectory.toString(),
                "--port",
                Integer.toString(port)));
        command.addAll(List.of(more));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
        // The build that runs this test has built it.
        builder.environment().put("ATLAS_NO_BUILD", "1");
        return new AtlasProcess(builder.start(), dataDirectory, err, port);
    }

    /** The script at the root of the repository, above the directory that the test runs in. */
    static Path script() {
        for (Path directory = Path.of("").toAbsolutePath(); directory != null; directory = directory.getParent()) {
            if (Files.isExecutable(directory.resolve("atlas"))) {
                return directory.resolve("atlas");
            }
        }
        throw new IllegalStateException("no atlas script above " + Path.of("").toAbsolutePath());
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** Waits for the one JSON object on standard output. */
    JsonNode awaitReady() throws IOException {
        String line = out.readLine();
        if (line == null) {
            throw new IllegalStateException("ended before it was ready:\n" + standardError());
        }
        return MAPPER.readTree(line);
    }

    /** What came on standard output after {@link #awaitReady}; waits for the end. */
    String restOfOutput() {
        return String.join("\n", out.lines().toList());
    }

    String standardError() throws IOException {
        return Files.readString(err);
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
    }

    HttpResponse<String> put(String path, String json) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri(path))
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(json))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /** Sends SIGTERM and waits; the exit code, or empty handed when it takes longer. */
    boolean terminated(long seconds) throws InterruptedException {
        process.toHandle().destroy();
        return process.waitFor(seconds, TimeUnit.SECONDS);
    }

    int exitCode() {
        return process.exitValue();
    }

    /** Ends it as a crash would. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** Processes of PostgreSQL that work in the data directory. */
    List<String> postgresProcesses() throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            for (Path candidate : processes
                    .filter(path -> path.getFileName().toString().matches("\\d+"))
                    .toList()) {
                String command = commandLine(candidate);
                if (command.contains("postgres") && command.contains(dataDirectory.toString())) {
                    found.add(command);
                }
            }
        }
        return found;
    }

    private static String commandLine(Path process) {
        try {
            return Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1)
                    .replace('\0', ' ');
        } catch (IOException ended) {
            return "";
        }
    }

    @Override
    public void close() throws InterruptedException {
        client.shutdownNow();
        if (!terminated(30)) {
            kill();
        }
    }
}
