package com.atlasco.atlas.bench.freshness;

import com.atlasco.atlas.bench.crash.AtlasUp;
import com.atlasco.atlas.bench.crash.ServerAccess;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The node and its PostgreSQL servers, as faults reach them. Thread-safe. */
final class Servers implements AutoCloseable {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final AtlasUp atlas;
    private final Path dataDirectory;
    private final URI url;
    private final HttpClient client = HttpClient.newHttpClient();
    private volatile ServerAccess access;

    /** Nothing is asked for before {@link #look}. */
    Servers(AtlasUp atlas, Path dataDirectory, URI url) {
        this.atlas = atlas;
        this.dataDirectory = dataDirectory;
        this.url = url;
        this.access = new ServerAccess(dataDirectory, MissingNode.getInstance());
    }

    AtlasUp atlas() {
        return atlas;
    }

    /** Empty when the node does not answer. */
    Optional<JsonNode> status() throws InterruptedException {
        return get("/status", 200);
    }

    boolean isHealthy() throws InterruptedException {
        return get("/health/replication", 200).isPresent();
    }

    private Optional<JsonNode> get(String path, int expected) throws InterruptedException {
        try {
            var response = client.send(
                    HttpRequest.newBuilder(url.resolve(path))
                            .timeout(Duration.ofSeconds(5))
                            .build(),
                    BodyHandlers.ofString());
            return response.statusCode() == expected ? Optional.of(MAPPER.readTree(response.body())) : Optional.empty();
        } catch (IOException silent) {
            return Optional.empty();
        }
    }

    /** To be called when the node has been started: its servers may have other ports than before. */
    void look() throws IOException, InterruptedException {
        access = new ServerAccess(
                dataDirectory, status().orElseThrow(() -> new IOException("the node does not tell its status")));
    }

    void launch() throws IOException, InterruptedException {
        atlas.launch();
        atlas.awaitReady();
        look();
    }

    ServerAccess access() {
        return access;
    }

    int port(String role) {
        return access.port(role);
    }

    /** Where the server keeps its data. */
    Path directory(String role) {
        return dataDirectory.resolve("postgres").resolve(role);
    }

    /** Lets the replica receive the log from that port on this machine. */
    void receiveFrom(int port) throws SQLException, IOException {
        try (Connection connection = superuser("replica");
                Statement statement = connection.createStatement()) {
            String known;
            try (ResultSet row = statement.executeQuery("SELECT current_setting('primary_conninfo')")) {
                row.next();
                known = row.getString(1);
            }
            String led = known.replaceFirst("port=\\d+", "port=" + port);
            statement.execute("ALTER SYSTEM SET primary_conninfo = '%s'".formatted(led.replace("'", "''")));
            statement.execute("SELECT pg_reload_conf()");
        }
    }

    void receiveFromPrimary() throws SQLException, IOException {
        try (Connection connection = superuser("replica");
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER SYSTEM RESET primary_conninfo");
            statement.execute("SELECT pg_reload_conf()");
        }
    }

    /** What time the node has. */
    Instant nodeClock() throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(url.resolve("/api/v1/entities/1"))
                        .timeout(Duration.ofSeconds(5))
                        .header("X-Tenant-Id", Long.toString(Subject.FIRST_TENANT))
                        .build(),
                BodyHandlers.ofString());
        return Instant.parse(response.headers()
                .firstValue("X-Data-Timestamp")
                .orElseThrow(() -> new IOException("an answer without a time: " + response.body())));
    }

    /** What time a server has. */
    Instant clock(String role) throws SQLException {
        try (Connection connection = access.operator(role);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT clock_timestamp()")) {
            row.next();
            return row.getObject(1, OffsetDateTime.class).toInstant();
        }
    }

    Connection superuser(String role) throws SQLException, IOException {
        return access.superuser(role);
    }

    /** Runs statements as the operator. */
    void run(String role, String... statements) throws SQLException {
        try (Connection connection = access.operator(role);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** The process ids that a query gives. */
    List<Long> processes(String role, String query) throws SQLException {
        List<Long> found = new ArrayList<>();
        try (Connection connection = access.operator(role);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                found.add(rows.getLong(1));
            }
        }
        return found;
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
