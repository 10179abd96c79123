package com.atlasco.atlas.it.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.atlasco.atlas.embedded.PostgresEndpoint;
import com.atlasco.atlas.it.server.ApiClient.Answer;
import com.atlasco.atlas.server.alert.AlertConfig;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two replicas, which are paused, killed and promoted. */
@Timeout(240)
class ReplicasIT {

    private static final String NODE = "X-Data-Source-Node";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path cluster;

    @TempDir
    private Path analytics;

    private FailingTiers tiers;
    private ApiClient api;
    private int value;
    private String token = "";

    @BeforeEach
    void start() throws InterruptedException {
        tiers = FailingTiers.start(cluster, analytics, false, AlertConfig.defaults(), 2);
        api = tiers.api();
        api.register("value:number");
        write();
    }

    @AfterEach
    void stop() {
        tiers.close();
    }

    private void write() {
        value++;
        token = api.put("/api/v1/entities/1", "{\"entity_type\":\"t\",\"attributes\":{\"value\":" + value + "}}")
                .header(ApiClient.TOKEN);
    }

    /** Sees the last write, wherever it is served. */
    private Answer read(String freshness) {
        Answer answer = api.get("/api/v1/entities/1", "X-Freshness-Requirement", freshness, ApiClient.TOKEN, token);
        if (answer.status() == 200) {
            assertThat(answer.json().path("attributes").path("value").asInt()).isEqualTo(value);
        }
        return answer;
    }

    /** Writes and reads by turns; how many reads each served. */
    private Map<String, Integer> served(int reads) {
        Map<String, Integer> served = new TreeMap<>();
        for (int i = 0; i < reads; i++) {
            write();
            Answer answer = read("operational").expect(200);
            served.merge(answer.header(NODE), 1, Integer::sum);
        }
        return served;
    }

    private JsonNode component(String name) {
        return StreamSupport.stream(
                        api.get("/health/replication").json().path("components").spliterator(), false)
                .filter(component -> component.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void bothServeAndOneThatStandsStillOrDiesIsLeftOutUntilItIsBack() throws Exception {
        assertThat(served(60)).as("idle").containsKeys("replica", "replica-2");
        assertThat(api.get("/status").json().path("replica-2").path("port").asInt())
                .isEqualTo(tiers.postgres().replicas().get(1).port());
        assertThat(api.get("/metrics").body()).contains("node=\"replica-2\"");

        sql(1, "SELECT pg_wal_replay_pause()");
        await().atMost(PATIENCE).until(() -> served(20).equals(Map.of("replica", 20)));
        await("it is seen to lag")
                .atMost(PATIENCE)
                .until(() -> component("replica-2").path("state").asText().equals("lagging"));
        assertThat(component("replica").path("status").asText()).isEqualTo("up");
        assertThat(component("replica-2").path("status").asText()).isEqualTo("down");

        sql(0, "SELECT pg_wal_replay_pause()");
        write();
        Answer fallback = read("operational").expect(200);
        assertThat(fallback.header("X-Data-Source")).isEqualTo("primary");
        assertThat(fallback.header(NODE)).isEqualTo("primary");
        assertThat(fallback.header("X-Routing-Reason")).startsWith("fallback_primary:replica_");

        sql(1, "SELECT pg_wal_replay_resume()");
        await("the other takes over").atMost(PATIENCE).until(() -> served(20).equals(Map.of("replica-2", 20)));
        sql(0, "SELECT pg_wal_replay_resume()");
        await("both serve").atMost(PATIENCE).until(() -> served(20).size() == 2);

        tiers.signal("KILL", tiers.postmaster("replica"));
        Map<String, Integer> meanwhile = served(40);
        assertThat(meanwhile).containsKey("replica-2").doesNotContainKey("primary");
        await("it is back").atMost(PATIENCE).until(() -> served(20).size() == 2);
    }

    @Test
    void aReadThatOneCannotAnswerIsAnsweredByTheOther() throws Exception {
        served(10);
        tiers.postgres().stopReplica(2);
        for (int i = 0; i < 20; i++) {
            Answer answer =
                    api.get("/api/v1/entities/1", "X-Freshness-Requirement", "batch", "X-Fallback-Strategy", "fail");
            assertThat(answer.expect(200).header(NODE)).isEqualTo("replica");
        }
        tiers.postgres().startReplica(2);
        await("it is back").atMost(PATIENCE).until(() -> served(20).size() == 2);
    }

    @Test
    void afterAFailoverTheOtherFollowsTheNewPrimaryAndCaptureGoesOnFromIt() throws Exception {
        served(10);
        String kept =
                "SELECT count(*) FROM pg_replication_slots WHERE slot_name = 'atlas' AND synced AND NOT temporary";
        await("the slot of capture is kept by the replicas").atMost(PATIENCE).until(() -> {
            write();
            // A slot is kept from where running transactions are told of: by itself the primary does so every 15 s.
            one(tiers.postgres().primary(), "SELECT pg_log_standby_snapshot()");
            return one(0, kept).equals("1") && one(1, kept).equals("1");
        });
        tiers.postgres().failOver();
        await("writes are taken")
                .atMost(PATIENCE)
                .until(() -> api.put("/api/v1/entities/2", "{\"entity_type\":\"t\",\"attributes\":{\"value\":1}}")
                                .status()
                        < 300);
        PostgresEndpoint leader = tiers.postgres().writable();
        int follower = tiers.postgres().replicas().get(0).equals(leader) ? 1 : 0;
        await("realtime reads are served").atMost(PATIENCE).until(() -> {
            write();
            Answer answer = read("realtime");
            return answer.status() == 200;
        });
        String name = follower == 0 ? "replica" : "replica-2";
        await("the one that follows serves again")
                .atMost(PATIENCE)
                .until(() -> served(20).containsKey(name));
        assertThat(one(follower, "SELECT pg_is_in_recovery()")).isEqualTo("t");
        assertThat(one(follower, "SELECT received_tli FROM pg_stat_wal_receiver"))
                .isEqualTo("2");
        await("the analytics store has what the new primary was told")
                .atMost(PATIENCE)
                .until(() -> {
                    write();
                    return readFromOlap().status() == 200;
                });
    }

    private Answer readFromOlap() {
        return api.get(
                "/api/v1/entities/1",
                "X-Data-Source",
                "olap",
                "X-Freshness-Requirement",
                "interactive",
                ApiClient.TOKEN,
                token);
    }

    private void sql(int replica, String statement) throws SQLException {
        one(replica, statement);
    }

    private String one(int replica, String statement) throws SQLException {
        return one(tiers.postgres().replicas().get(replica), statement);
    }

    private static String one(PostgresEndpoint endpoint, String statement) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(endpoint.jdbcUrl(), endpoint.superuser(), endpoint.password());
                Statement question = connection.createStatement();
                var row = question.executeQuery(statement)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }
}
