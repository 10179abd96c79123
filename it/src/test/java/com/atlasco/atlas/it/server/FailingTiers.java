package com.atlasco.atlas.it.server;

import static org.awaitility.Awaitility.await;

import com.atlasco.atlas.embedded.EmbeddedOptions;
import com.atlasco.atlas.embedded.EmbeddedPostgres;
import com.atlasco.atlas.embedded.PostgresEndpoint;
import com.atlasco.atlas.server.AtlasConfig;
import com.atlasco.atlas.server.AtlasServer;
import com.atlasco.atlas.server.alert.AlertConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A cluster and a node of their own, for tests that break them. */
final class FailingTiers implements AutoCloseable {

    static final Duration WRITE_DEADLINE = Duration.ofSeconds(2);
    static final int MAX_REQUESTS = 16;

    private final Path directory;
    private final EmbeddedPostgres postgres;
    private final AtlasServer server;

    private FailingTiers(Path directory, EmbeddedPostgres postgres, AtlasServer server) {
        this.directory = directory;
        this.postgres = postgres;
        this.server = server;
    }

    /** Starts both; the columnar store lies beside the directory of the cluster. The cache has room for nothing, so that the servers are asked. */
    static FailingTiers start(Path cluster, Path analytics, boolean synchronous) throws InterruptedException {
        return start(cluster, analytics, synchronous, AlertConfig.defaults());
    }

    /** The same with other alerts. */
    static FailingTiers start(Path cluster, Path analytics, boolean synchronous, AlertConfig alerts)
            throws InterruptedException {
        return start(cluster, analytics, synchronous, alerts, 1);
    }

    /** The same with several replicas. */
    static FailingTiers start(Path cluster, Path analytics, boolean synchronous, AlertConfig alerts, int replicas)
            throws InterruptedException {
        EmbeddedPostgres postgres =
                EmbeddedPostgres.start(new EmbeddedOptions(cluster, line -> {}, Map.of(), synchronous, replicas));
        try {
            AtlasServer server = AtlasServer.start(new AtlasConfig(
                    new AtlasConfig.HttpConfig("127.0.0.1", 0, MAX_REQUESTS),
                    tier(
                            postgres.primary(),
                            postgres.replicas().stream()
                                    .map(replica -> new AtlasConfig.Address(replica.host(), replica.port()))
                                    .toList()),
                    postgres.replicas().stream()
                            .map(replica -> tier(replica, List.of()))
                            .toList(),
                    Optional.of(new AtlasConfig.DuckDbConfig(analytics.resolve("atlas.duckdb"))),
                    AtlasConfig.WriteConfig.within(WRITE_DEADLINE),
                    new AtlasConfig.AccessConfig(false, Optional.empty()),
                    AtlasConfig.ReadConfig.cached(1),
                    AtlasConfig.VerifyConfig.onRequest(),
                    alerts));
            FailingTiers tiers = new FailingTiers(cluster, postgres, server);
            await("the replica follows")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> tiers.api().get("/health/replication").status() == 200);
            return tiers;
        } catch (RuntimeException | InterruptedException failed) {
            postgres.close();
            throw failed;
        }
    }

    private static AtlasConfig.PostgresTier tier(PostgresEndpoint endpoint, List<AtlasConfig.Address> successors) {
        return new AtlasConfig.PostgresTier(
                endpoint.host(),
                endpoint.port(),
                endpoint.database(),
                endpoint.superuser(),
                endpoint.password(),
                "nobody",
                successors);
    }

    EmbeddedPostgres postgres() {
        return postgres;
    }

    ApiClient api() {
        return new ApiClient(() -> URI.create(server.url()), 1);
    }

    ProcessHandle postmaster(String role) throws IOException {
        Path file = directory.resolve("postgres").resolve(role).resolve("postmaster.pid");
        return ProcessHandle.of(
                        Long.parseLong(Files.readAllLines(file).getFirst().strip()))
                .orElseThrow();
    }

    /** Sends a signal to every process of a server. */
    void signal(String signal, ProcessHandle postmaster) throws IOException, InterruptedException {
        String processes = Stream.concat(Stream.of(postmaster), postmaster.descendants())
                .map(process -> Long.toString(process.pid()))
                .collect(Collectors.joining(" "));
        new ProcessBuilder("sh", "-c", "kill -" + signal + " " + processes)
                .inheritIO()
                .start()
                .waitFor();
    }

    @Override
    public void close() {
        server.close();
        postgres.close();
    }
}
