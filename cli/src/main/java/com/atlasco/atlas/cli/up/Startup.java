package com.atlasco.atlas.cli.up;

import com.atlasco.atlas.cli.CliContext;
import com.atlasco.atlas.cli.FailureException;
import com.atlasco.atlas.cli.http.ApiAddress;
import com.atlasco.atlas.cli.http.HttpApi;
import com.atlasco.atlas.cli.load.ImportSummary;
import com.atlasco.atlas.cli.load.Importer;
import com.atlasco.atlas.cli.text.Durations;
import com.atlasco.atlas.cli.text.ProgressFigures;
import com.atlasco.atlas.cli.text.ProgressLine;
import com.atlasco.atlas.embedded.DataDirectoryLock;
import com.atlasco.atlas.embedded.EmbeddedOptions;
import com.atlasco.atlas.embedded.EmbeddedPostgres;
import com.atlasco.atlas.embedded.PostgresEndpoint;
import com.atlasco.atlas.server.AtlasConfig;
import com.atlasco.atlas.server.AtlasServer;
import com.atlasco.atlas.server.alert.AlertConfig;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Starts the tiers one after another, and says so. Used once, by one thread. */
final class Startup {

    private static final String OPERATOR = "atlas_operator";
    /** Besides the write deadline, for which writes under way may go on. */
    private static final Duration PATIENCE_WITH_SERVER = Duration.ofSeconds(5);

    private static final Duration PATIENCE_WITH_POSTGRES = Duration.ofSeconds(25);
    private static final Duration PATIENCE_WITH_DESK = Duration.ofSeconds(1);
    private static final Duration PATIENCE_WITH_LOCK = Duration.ofMillis(500);
    private static final Duration PATIENCE_WITH_REPLICATION = Duration.ofMinutes(2);

    private final CliContext context;
    private final Steps steps;
    private final RunningTiers tiers;

    /**
     * What to start.
     *
     * @param requireKeys whether every request is asked for a key
     * @param replicas how many replicas there are
     * @param analytics whether there are a columnar store and change capture
     * @param json whether the status is printed instead of what to try
     * @param verbose whether warnings go to standard error
     * @param writes what writes keep to
     * @param synchronous whether a write waits for the replica's disk
     * @param verify whether the tiers are compared all the time
     * @param historyRetention how long the history is kept; zero for ever
     * @param promoted attributes of a tenant that are promoted automatically at most
     * @param reads what reads keep to
     * @param alerts which alerts there are, and who is told
     */
    record Settings(
            Path directory,
            String host,
            int port,
            boolean requireKeys,
            boolean sampleData,
            int replicas,
            boolean analytics,
            boolean json,
            boolean verbose,
            AtlasConfig.WriteConfig writes,
            boolean synchronous,
            AtlasConfig.VerifyConfig verify,
            Duration historyRetention,
            int promoted,
            AtlasConfig.ReadConfig reads,
            AlertConfig alerts) {}

    Startup(CliContext context, Steps steps, RunningTiers tiers) {
        this.context = context;
        this.steps = steps;
        this.tiers = tiers;
    }

    void run(Settings settings) throws InterruptedException {
        Path directory = settings.directory();
        DataDirectoryLock lock = tiers.add("lock", PATIENCE_WITH_LOCK, DataDirectoryLock.acquire(directory));
        Path log = LogFile.open(directory.resolve("logs"), settings.verbose());
        steps.say("Atlas in " + directory + ", log " + log);
        OperatorKeyFile.Found operatorKey = new OperatorKeyFile(directory)
                .find(Optional.ofNullable(System.getenv(OperatorKeyFile.VARIABLE)), new SecureRandom());
        if (settings.requireKeys()) {
            steps.say("Every request needs a key; the operator's is in " + operatorKey.where());
        }
        EmbeddedPostgres postgres = tiers.add(
                "PostgreSQL servers",
                PATIENCE_WITH_POSTGRES,
                EmbeddedPostgres.start(
                        new EmbeddedOptions(
                                directory, steps::say, Map.of(), settings.synchronous(), settings.replicas()),
                        lock));
        AtlasServer server = tiers.add(
                "HTTP server and capture",
                PATIENCE_WITH_SERVER.plus(settings.writes().deadline()),
                AtlasServer.start(config(settings, postgres, operatorKey.text())));
        tiers.add(
                "desk for failovers",
                PATIENCE_WITH_DESK,
                FailoverDesk.open(new FailoverFiles(directory), () -> failedOver(postgres)));
        steps.say((settings.analytics() ? "Analytics store, change capture and HTTP on " : "HTTP on ") + server.url());
        Optional<String> key = Optional.of(operatorKey.text()).filter(text -> settings.requireKeys());
        try (HttpApi api = new HttpApi(ApiAddress.of(reachable(server.url()), Optional.of(1L), key))) {
            List<String> tokens = settings.sampleData() ? loadSampleData(api, directory) : List.of();
            Optional<String> behind = new CatchUp(api, steps, context.ticker(), PATIENCE_WITH_REPLICATION)
                    .await(settings.analytics() ? tokens : List.of());
            behind.ifPresent(what -> steps.say("Not caught up yet: " + what
                    + ". Reads that need to be fresher go to the" + " primary until then; see " + log));
            JsonNode status = api.get("/status", Map.of()).body();
            steps.say("Ready");
            if (settings.json()) {
                context.out().println(status);
            } else {
                welcome(
                        server.url(),
                        settings.requireKeys()
                                ? new Welcome(server.url()).withKeys(operatorKey.file())
                                : examples(server.url(), empty(api)));
            }
            context.out().flush();
        }
    }

    private static String failedOver(EmbeddedPostgres postgres) {
        postgres.failOver();
        PostgresEndpoint primary = postgres.writable();
        return "The server on %s:%d is the primary now".formatted(primary.host(), primary.port());
    }

    /** Every address is listened on, but none is called so. */
    private static String reachable(String url) {
        return url.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:");
    }

    private static AtlasConfig config(Settings settings, EmbeddedPostgres postgres, String operatorKey) {
        return new AtlasConfig(
                new AtlasConfig.HttpConfig(settings.host(), settings.port()),
                tier(
                        postgres.primary(),
                        postgres.replicas().stream().map(Startup::address).toList()),
                postgres.replicas().stream()
                        .map(replica -> tier(replica, List.of()))
                        .toList(),
                settings.analytics() ? Optional.of(duckDb(settings)) : Optional.empty(),
                settings.writes(),
                new AtlasConfig.AccessConfig(settings.requireKeys(), Optional.of(operatorKey)),
                settings.reads(),
                settings.verify(),
                settings.alerts());
    }

    private static AtlasConfig.DuckDbConfig duckDb(Settings settings) {
        Path analytics = settings.directory().resolve("analytics");
        try {
            Files.createDirectories(analytics);
        } catch (IOException exception) {
            throw new FailureException(
                    "The directory " + analytics + " cannot be made: " + exception.getMessage(), exception);
        }
        return new AtlasConfig.DuckDbConfig(
                analytics.resolve("atlas.duckdb"), true, settings.historyRetention(), settings.promoted());
    }

    private static AtlasConfig.Address address(PostgresEndpoint endpoint) {
        return new AtlasConfig.Address(endpoint.host(), endpoint.port());
    }

    private static AtlasConfig.PostgresTier tier(PostgresEndpoint endpoint, List<AtlasConfig.Address> successors) {
        return new AtlasConfig.PostgresTier(
                endpoint.host(),
                endpoint.port(),
                endpoint.database(),
                endpoint.superuser(),
                endpoint.password(),
                OPERATOR,
                successors);
    }

    /** Loads the sample data on the first start, and after a load that was interrupted; returns what was reached. */
    private List<String> loadSampleData(HttpApi api, Path directory) throws InterruptedException {
        SampleDataMarker marker = new SampleDataMarker(directory);
        switch (marker.read()) {
            case LOADED -> {
                return List.of();
            }
            case LOADING -> steps.say("Sample data: the load was interrupted, doing it again");
            case ABSENT -> {
                if (!empty(api)) {
                    steps.say("No sample data: the store holds data of its own");
                    return List.of();
                }
            }
        }
        marker.loading();
        ImportSummary summary;
        try (ProgressLine progress =
                new ProgressLine(context.err(), context.errTerminal(), context.ticker(), "Sample data", "entities")) {
            summary = new SampleData().load(api, observer(progress), context.ticker());
        }
        marker.loaded();
        steps.say(String.format(
                Locale.ROOT, "Sample data: %,d entities in %s", summary.rows(), Durations.of(summary.seconds())));
        return summary.tokens();
    }

    private static Importer.Observer observer(ProgressLine progress) {
        return new Importer.Observer() {
            @Override
            public void inferring(ProgressFigures figures) {}

            @Override
            public void sending(ProgressFigures figures) {
                progress.update(figures);
            }
        };
    }

    private static boolean empty(HttpApi api) {
        if (!api.get("/api/v1/attributes", Map.of()).body().path("attributes").isEmpty()) {
            return false;
        }
        return api.post(
                        "/api/v1/entities/search",
                        JsonNodeFactory.instance.objectNode().put("limit", 1),
                        Map.of("X-Freshness-Requirement", "realtime"))
                .body()
                .path("entities")
                .isEmpty();
    }

    private static List<Welcome.Example> examples(String url, boolean empty) {
        return empty ? new Welcome(url).overNothing() : new Welcome(url).overSampleData();
    }

    private void welcome(String url, List<Welcome.Example> examples) {
        context.out().println();
        context.out().println("Atlas       " + url + "/api/v1");
        context.out().println("API         " + url + "/openapi.yaml");
        context.out().println("Status      " + url + "/status   (or ./atlas status)");
        context.out().println("Metrics     " + url + "/metrics");
        for (Welcome.Example example : examples) {
            context.out().println();
            context.out().println("# " + example.purpose());
            context.out().println(example.commandLine());
        }
        context.out().println();
        context.out().println("Ctrl-C stops everything.");
    }
}
