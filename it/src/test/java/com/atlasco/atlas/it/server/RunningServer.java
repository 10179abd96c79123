package com.atlasco.atlas.it.server;

import static org.awaitility.Awaitility.await;

import com.atlasco.atlas.analytics.duckdb.PromotionSettings;
import com.atlasco.atlas.embedded.PostgresEndpoint;
import com.atlasco.atlas.it.TestCluster.TestDatabase;
import com.atlasco.atlas.server.AtlasConfig;
import com.atlasco.atlas.server.AtlasServer;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** A node with its tiers, which can be stopped and started again. Thread-safe but for that. */
final class RunningServer implements AutoCloseable {

    static final String OPERATOR_KEY = "the key of the operator in all of these tests".replace(' ', '-');

    /** As it is by default, in seconds in place of hours: from some ten queries over fifty entities. */
    private static final PromotionSettings PROMOTION = new PromotionSettings(
            4, 40, 0.05, 0.005, Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofMillis(200));

    private static final long NOBODY = 1;

    private final TestDatabase database;
    private final Path directory;
    private final AtomicLong tenants = new AtomicLong(1_000);
    private Optional<AtlasServer> server = Optional.empty();
    private int port;
    private long cacheBytes;

    private RunningServer(TestDatabase database, Path directory) {
        this.database = database;
        this.directory = directory;
    }

    /** Starts a node, and waits until every source is within its threshold. */
    static RunningServer start(TestDatabase database) {
        try {
            RunningServer running = new RunningServer(database, Files.createTempDirectory("atlas-it-server-"));
            running.start();
            return running;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** In development mode. */
    void start() {
        start(false);
    }

    /** Where every request needs a key, or in development mode. */
    void start(boolean keysRequired) {
        try {
            server = Optional.of(AtlasServer.start(config("127.0.0.1", keysRequired)));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
        ApiClient client = client(NOBODY);
        await("the sources follow")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> client.get("/health/replication", "X-Api-Key", OPERATOR_KEY)
                                .status()
                        == 200);
    }

    AtlasConfig config(String host, boolean keysRequired) {
        return new AtlasConfig(
                new AtlasConfig.HttpConfig(host, port),
                tier(database.primary()),
                Optional.of(tier(database.replica())),
                Optional.of(new AtlasConfig.DuckDbConfig(
                        analyticsFile(), false, AtlasConfig.DuckDbConfig.DEFAULT_HISTORY_RETENTION, PROMOTION)),
                AtlasConfig.WriteConfig.defaults(),
                new AtlasConfig.AccessConfig(keysRequired, Optional.of(OPERATOR_KEY)),
                AtlasConfig.ReadConfig.cached(cacheBytes));
    }

    /** To be opened while the node is stopped only. */
    Path analyticsFile() {
        return directory.resolve("atlas.duckdb");
    }

    /** Stops it and starts it again, on the same port. */
    void restart() {
        port = url().getPort();
        stop();
        start();
        port = 0;
    }

    /** Restarts it with a cache of that size; by default it has none, so that it is the other sources that are tested. */
    void restartWithCache(long bytes) {
        cacheBytes = bytes;
        restart();
    }

    void stop() {
        server.ifPresent(AtlasServer::close);
        server = Optional.empty();
    }

    private AtlasConfig.PostgresTier tier(PostgresEndpoint endpoint) {
        return new AtlasConfig.PostgresTier(
                endpoint.host(), endpoint.port(), database.name(), endpoint.superuser(), endpoint.password(), "nobody");
    }

    TestDatabase database() {
        return database;
    }

    URI url() {
        return URI.create(server.orElseThrow().url());
    }

    /** A client for a tenant that no other test uses. */
    ApiClient newTenant() {
        return client(tenants.incrementAndGet());
    }

    ApiClient client(long tenant) {
        return new ApiClient(this::url, tenant);
    }

    /** What {@code /status} says of change capture. */
    JsonNode capture() {
        return client(NOBODY).get("/status").json().path("capture");
    }

    @Override
    public void close() throws IOException {
        stop();
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
