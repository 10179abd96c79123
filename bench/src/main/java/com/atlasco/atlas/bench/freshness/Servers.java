package com.atlasco.atlas.bench.freshness;

import com.atlasco.atlas.bench.crash.AtlasUp;
import com.atlasco.atlas.bench.crash.ServerAccess;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
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
    private volatile ServerAccess access;

    Servers(AtlasUp atlas, Path dataDirectory, URI url) throws IOException, InterruptedException {
        this.atlas = atlas;
        this.dataDirectory = dataDirectory;
        this.url = url;
        this.access = new ServerAccess(
                dataDirectory, status().orElseThrow(() -> new IOException("the node does not tell its status")));
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
        status().ifPresent(found -> access = new ServerAccess(dataDirectory, found));
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
