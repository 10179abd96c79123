package com.atlasco.atlas.it.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.atlasco.atlas.embedded.PostgresEndpoint;
import com.atlasco.atlas.it.server.ApiClient.Answer;
import com.atlasco.atlas.server.alert.AlertConfig;
import com.atlasco.atlas.server.alert.AlertRulesFile;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A replica that stops replaying raises an alert, which moves reads until it replays again. */
@Timeout(300)
class AlertIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String CLASS = "X-Freshness-Requirement";
    private static final String FILTER = "/api/v1/entities?filter=score%3D1";
    private static final String COUNT = "{\"metrics\":[{\"op\":\"count\"}]}";

    /** The second never fires here. */
    private static final String RULES = """
            {"rules": [
              {"name": "late", "metric": "replica_lag_ms", "threshold": 1000, "for_s": 1, "resolve_for_s": 1,
               "action": "interactive_to_primary"},
              {"name": "patient", "metric": "replica_lag_ms", "threshold": 1000, "for_s": 3600, "action": "notify"}
            ]}""";

    @TempDir
    Path directory;

    private final List<JsonNode> posted = new CopyOnWriteArrayList<>();
    private final HttpServer receiver;

    AlertIT() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", this::take);
        receiver.start();
    }

    /** Turns the first message away. */
    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            posted.add(ApiClient.parse(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            exchange.sendResponseHeaders(posted.size() == 1 ? 503 : 204, -1);
        }
    }

    @AfterEach
    void stop() {
        receiver.stop(0);
    }

    @Test
    void anAlertOnTheReplicaMovesReadsToThePrimaryAndBack() throws Exception {
        AlertConfig alerts = new AlertConfig(
                AlertRulesFile.read(RULES.getBytes(StandardCharsets.UTF_8)),
                List.of(AlertConfig.webhook("http://127.0.0.1:%d/hook"
                        .formatted(receiver.getAddress().getPort()))));
        try (FailingTiers tiers = FailingTiers.start(directory.resolve("cluster"), directory, false, alerts)) {
            ApiClient api = tiers.api();
            api.register("score:number");
            String token = api.put("/api/v1/entities/1", "{\"entity_type\":\"t\",\"attributes\":{\"score\":1}}")
                    .header(ApiClient.TOKEN);
            api.entity(1, ApiClient.TOKEN, token).expect(200);
            await().atMost(PATIENCE).until(() -> state(api, "late").equals("ok") && servedBy(api, "replica"));

            onReplica(tiers, "SELECT pg_wal_replay_pause()");
            await().atMost(PATIENCE).until(() -> state(api, "late").equals("firing"));
            theReadsAreMoved(api, token);
            theAlertIsTold(api);
            theMetricsHaveTheNamesThatAreMonitored(api);

            onReplica(tiers, "SELECT pg_wal_replay_resume()");
            await().atMost(PATIENCE).until(() -> state(api, "late").equals("ok"));
            Answer back = api.entity(1, CLASS, "operational").expect(200);
            assertThat(back.header("X-Data-Source")).isEqualTo("replica");
            assertThat(back.header("X-Routing-Reason")).isEqualTo("preferred");
            assertThat(alert(api, "late").path("action_taken").asBoolean()).isFalse();
            assertThat(alert(api, "late").path("since").isNull()).isTrue();
            assertThat(api.get("/status").json().path("alerts")).isEmpty();
            await().atMost(PATIENCE).until(() -> posted.size() == 3);
            assertThat(posted.getLast().path("event").asText()).isEqualTo("resolved");
            assertThat(api.get("/metrics").body())
                    .contains(
                            "atlas_alert_firing{alert=\"late\"} 0",
                            "atlas_alert_transitions_total{alert=\"late\",to=\"resolved\"} 1",
                            "atlas_alert_transitions_total{alert=\"patient\",to=\"firing\"} 0");
        }
    }

    /** A class that the paused replica would meet for half a minute shows that the alert is what moves them. */
    private static void theReadsAreMoved(ApiClient api, String token) {
        for (Answer answer : List.of(
                api.entity(1, CLASS, "operational", ApiClient.TOKEN, token).expect(200),
                api.get(FILTER, CLASS, "operational").expect(200),
                api.entity(1, CLASS, "interactive").expect(200))) {
            assertThat(answer.header("X-Data-Source")).isEqualTo("primary");
            assertThat(answer.header("X-Routing-Reason")).isEqualTo("alert_replica_lag");
            assertThat(answer.header("X-Actual-Lag-Ms")).isEqualTo("0");
        }
        Answer aggregate = api.post("/api/v1/analytics/aggregate", COUNT, CLASS, "analytical")
                .expect(200);
        assertThat(aggregate.header("X-Data-Source")).isEqualTo("olap");
        Answer pinned = api.entity(1, CLASS, "interactive", "X-Data-Source", "replica");
        assertThat(pinned.expect(503).json().path("code").asText()).isEqualTo("freshness_unavailable");
    }

    private void theAlertIsTold(ApiClient api) {
        JsonNode firing = alert(api, "late");
        assertThat(firing.path("value").asLong()).isGreaterThan(1_000);
        assertThat(firing.path("action_taken").asBoolean()).isTrue();
        Instant since = Instant.parse(firing.path("since").asText());
        assertThat(Instant.parse(firing.path("changed_at").asText())).isAfterOrEqualTo(since.plusMillis(990));
        JsonNode patient = alert(api, "patient");
        assertThat(patient.path("state").asText()).isEqualTo("pending");
        assertThat(patient.path("action_taken").asBoolean()).isFalse();

        JsonNode status = api.get("/status").json().path("alerts");
        assertThat(status).hasSize(1);
        assertThat(status.get(0).path("name").asText()).isEqualTo("late");

        await().atMost(PATIENCE).until(() -> posted.size() == 2);
        assertThat(posted.get(1))
                .as("the message that was turned away comes again")
                .isEqualTo(posted.get(0));
        assertThat(posted.get(1).path("event").asText()).isEqualTo("firing");
        assertThat(posted.get(1).at("/alert/name").asText()).isEqualTo("late");
        assertThat(posted.get(1).path("at").asText())
                .isEqualTo(firing.path("changed_at").asText());
    }

    private static void theMetricsHaveTheNamesThatAreMonitored(ApiClient api) throws IOException {
        Path monitoring = Path.of("..", "docs", "monitoring");
        String metrics = api.get("/metrics").body();
        assertThat(metrics).contains("atlas_alert_firing{alert=\"late\"} 1");
        for (String file : List.of("atlas-alerts.yml", "atlas-dashboard.json")) {
            Set<String> named = Pattern.compile("atlas_\\w+")
                    .matcher(Files.readString(monitoring.resolve(file)))
                    .results()
                    .map(MatchResult::group)
                    .collect(Collectors.toSet());
            assertThat(named)
                    .as(file)
                    .hasSizeGreaterThan(8)
                    .allSatisfy(name -> assertThat(metrics).contains("\n" + name));
        }
    }

    private static boolean servedBy(ApiClient api, String source) {
        return api.entity(1, CLASS, "operational").header("X-Data-Source").equals(source);
    }

    private static String state(ApiClient api, String name) {
        return alert(api, name).path("state").asText();
    }

    private static JsonNode alert(ApiClient api, String name) {
        return StreamSupport.stream(
                        api.get("/api/v1/alerts")
                                .expect(200)
                                .json()
                                .path("alerts")
                                .spliterator(),
                        false)
                .filter(alert -> alert.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static void onReplica(FailingTiers tiers, String sql) throws SQLException {
        PostgresEndpoint replica = tiers.postgres().replica();
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://%s:%d/%s".formatted(replica.host(), replica.port(), replica.database()),
                        replica.superuser(),
                        replica.password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
