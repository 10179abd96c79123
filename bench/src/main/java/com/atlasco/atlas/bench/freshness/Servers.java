package com.atlasco.atlas.bench.freshness;

import com.atlasco.atlas.bench.crash.AtlasUp;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
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
    private volatile JsonNode tiers;

    Servers(AtlasUp atlas, Path dataDirectory, URI url) throws IOException, InterruptedException {
        this.atlas = atlas;
        this.dataDirectory = dataDirectory;
        this.url = url;
        this.tiers = status().orElseThrow(() -> new IOException("the node does not tell its status"));
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

    /** After the node was started again, its servers may have other ports. */
    void look() throws InterruptedException {
        status().ifPresent(found -> tiers = found);
    }

    /** As the operator, who needs no password on this machine. */
    Connection operator(String role) throws SQLException {
        return DriverManager.getConnection(
                url(role), tiers.path(role).path("user").asText(), "");
    }

    /** As the superuser, whose name the operator may ask for, and whose password lies beside the data. */
    Connection superuser(String role) throws SQLException, IOException {
        String name;
        try (Connection connection = operator(role);
                Statement statement = connection.createStatement();
                ResultSet roles = statement.executeQuery(
                        "SELECT rolname FROM pg_roles WHERE rolsuper AND rolcanlogin ORDER BY oid LIMIT 1")) {
            roles.next();
            name = roles.getString(1);
        }
        return DriverManager.getConnection(
                url(role),
                name,
                Files.readString(dataDirectory.resolve("postgres").resolve("password"))
                        .strip());
    }

    private String url(String role) {
        JsonNode tier = tiers.path(role);
        return "jdbc:postgresql://%s:%d/%s"
                .formatted(
                        tier.path("host").asText(),
                        tier.path("port").intValue(),
                        tier.path("database").asText());
    }

    /** Runs statements as the operator. */
    void run(String role, String... statements) throws SQLException {
        try (Connection connection = operator(role);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** The process ids that a query gives. */
    List<Long> processes(String role, String query) throws SQLException {
        List<Long> found = new ArrayList<>();
        try (Connection connection = operator(role);
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
