package com.atlasco.atlas.it.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.atlasco.atlas.it.server.ApiClient.Answer;
import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(TestServer.class)
@Timeout(120)
class FreshnessIT {

    private static final String ENTITIES = "/api/v1/entities";
    private static final String AGGREGATE = "/api/v1/analytics/aggregate";
    private static final String COUNT = "{\"metrics\":[{\"op\":\"count\"}]}";
    private static final String CLASS = "X-Freshness-Requirement";
    private static final String FALLBACK = "X-Fallback-Strategy";
    private static final String MAX_LAG = "X-Max-Acceptable-Lag-Ms";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final RunningServer server;
    private final ApiClient api;

    FreshnessIT(RunningServer server) {
        this.server = server;
        this.api = server.newTenant();
    }

    private Answer write(long entityId, double score) {
        return api.put(ENTITIES + "/" + entityId, "{\"entity_type\":\"t\",\"attributes\":{\"score\":" + score + "}}");
    }

    @Test
    void everyReadSaysHowFreshItIs() {
        api.register("score:number");
        String token = write(1, 1).header(ApiClient.TOKEN);
        for (Answer answer : List.of(
                api.entity(1, ApiClient.TOKEN, token).expect(200),
                api.get(ENTITIES + "/1/score", ApiClient.TOKEN, token).expect(200),
                api.entity(2).expect(404),
                api.get(ENTITIES + "?filter=score%3D1").expect(200),
                api.post(ENTITIES + "/search", "{}").expect(200),
                api.post(AGGREGATE, COUNT, ApiClient.TOKEN, token).expect(200),
                api.entity(1, CLASS, "realtime").expect(200))) {
            assertThat(answer.header("X-Data-Source")).isIn("primary", "replica", "olap");
            assertThat(answer.header("X-Data-Freshness"))
                    .isIn("realtime", "interactive", "operational", "analytical", "batch");
            long lag = Long.parseLong(answer.header("X-Actual-Lag-Ms"));
            Instant answered = Instant.parse(answer.header("X-Data-Timestamp"));
            assertThat(lag).isNotNegative();
            // The bound holds for the moment the read began, a little before it was answered.
            assertThat(Duration.between(Instant.parse(answer.header("X-Source-Timestamp")), answered)
                            .toMillis())
                    .isBetween(lag, lag + 5_000);
            assertThat(answered).isBetween(Instant.now().minusSeconds(60), Instant.now());
            assertThat(answer.header("X-Replication-Health")).isIn("healthy", "degraded");
            assertThat(answer.header("X-Routing-Reason")).isNotBlank();
            assertThat(answer.header(ApiClient.TOKEN)).hasSize(34);
        }
    }

    @ParameterizedTest
    @CsvSource({"realtime,100", "interactive,1000", "operational,30000", "analytical,300000", "batch,3600000"})
    void eachClassKeepsItsBoundAndItsSources(String freshness, long bound) {
        api.register("score:number");
        write(1, 1).expect(201);
        Answer point = api.entity(
                        1, CLASS, freshness, ApiClient.TOKEN, write(1, 2).header(ApiClient.TOKEN))
                .expect(200);
        Answer filter =
                api.get(ENTITIES + "?filter=score%3D2", CLASS, freshness).expect(200);
        Answer aggregate = api.post(AGGREGATE, COUNT, CLASS, freshness).expect(200);
        for (Answer answer : List.of(point, filter, aggregate)) {
            assertThat(Long.parseLong(answer.header("X-Actual-Lag-Ms"))).isLessThan(bound);
            if (freshness.equals("realtime")) {
                assertThat(answer.header("X-Data-Source")).isEqualTo("primary");
                assertThat(answer.header("X-Routing-Reason")).isEqualTo("class_realtime");
            }
        }
        if (bound >= 30_000) {
            assertThat(point.header("X-Data-Source")).isEqualTo("replica");
            assertThat(filter.header("X-Data-Source")).isEqualTo("replica");
            assertThat(aggregate.header("X-Data-Source")).isEqualTo("olap");
        }
    }

    @Test
    void noLagAtAllMeansThePrimary() {
        api.register("score:number");
        Answer answer = api.entity(1, MAX_LAG, "0").expect(404);
        assertThat(answer.header("X-Data-Source")).isEqualTo("primary");
        assertThat(answer.header("X-Routing-Reason")).isEqualTo("max_lag_zero");
    }

    @Test
    void theReplicaShowsEveryWriteToWhoHoldsItsToken() {
        api.register("score:number");
        for (int i = 0; i < 200; i++) {
            String token = write(1, i).header(ApiClient.TOKEN);
            Answer read = served(() -> api.entity(1, ApiClient.TOKEN, token, FALLBACK, "fail", CLASS, "interactive"));
            assertThat(read.header("X-Data-Source")).isEqualTo("replica");
            assertThat(read.json().path("attributes").path("score").intValue()).isEqualTo(i);
        }
    }

    /** A bound is never silently broken: a source that is late refuses, and a later try has it. */
    private static Answer served(Supplier<Answer> read) {
        Answer first = read.get();
        if (first.status() != 503) {
            return first.expect(200);
        }
        assertThat(first.header("Retry-After")).isNotBlank();
        return await().atMost(PATIENCE).until(read::get, answer -> answer.status() == 200);
    }

    @Test
    void theAnalyticsStoreShowsEveryWriteToWhoHoldsItsToken() {
        api.register("score:number");
        for (int i = 1; i <= 100; i++) {
            String token = write(i, i).header(ApiClient.TOKEN);
            Answer read = served(() -> api.post(AGGREGATE, COUNT, ApiClient.TOKEN, token, FALLBACK, "fail"));
            assertThat(read.header("X-Data-Source")).isEqualTo("olap");
            assertThat(read.json().at("/groups/0/metrics/count").intValue()).isEqualTo(i);
        }
    }

    @Test
    void aReplicaThatFallsBehindServesOnlyWhoCanWait() throws SQLException {
        api.register("score:number");
        String token = write(1, 1).header(ApiClient.TOKEN);
        api.entity(1, ApiClient.TOKEN, token).expect(200);
        onReplica("SELECT pg_wal_replay_pause()");
        try {
            await().atMost(PATIENCE)
                    .until(() -> api.entity(1).header("X-Data-Source").equals("primary"));
            Answer fallenBack = api.entity(1).expect(200);
            assertThat(fallenBack.header("X-Routing-Reason")).startsWith("fallback_primary:replica_");
            Answer refused = api.entity(1, FALLBACK, "fail").expect(503);
            assertThat(refused.json().path("code").textValue()).isEqualTo("freshness_unavailable");
            assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
            assertThat(Integer.parseInt(refused.header("Retry-After"))).isPositive();

            Answer first = api.entity(1, CLASS, "operational").expect(200);
            assertThat(first.header("X-Data-Source")).isEqualTo("replica");
            long lag = Long.parseLong(first.header("X-Actual-Lag-Ms"));
            await().atMost(PATIENCE)
                    .until(() ->
                            Long.parseLong(api.entity(1, CLASS, "operational").header("X-Actual-Lag-Ms")) > lag + 300);
            await().atMost(PATIENCE).until(() -> api.get("/health/replication").status() == 503);
            api.get("/health/ready").expect(200);

            String unseen = write(1, 2).header(ApiClient.TOKEN);
            Answer read =
                    api.entity(1, CLASS, "operational", ApiClient.TOKEN, unseen).expect(200);
            assertThat(read.header("X-Data-Source")).isEqualTo("primary");
            assertThat(read.header("X-Routing-Reason")).isEqualTo("fallback_primary:replica_behind_token");
        } finally {
            onReplica("SELECT pg_wal_replay_resume()");
        }
        await().atMost(PATIENCE)
                .until(
                        () -> api.entity(1, FALLBACK, "fail"),
                        answer -> answer.status() == 200
                                && answer.header("X-Data-Source").equals("replica")
                                && answer.json().at("/attributes/score").intValue() == 2);
        await().atMost(PATIENCE).until(() -> api.get("/health/replication").status() == 200);
    }

    @Test
    void theAnalyticsStoreAndThePrimaryAggregateToTheSameFigures() {
        api.register("score:number", "country:text");
        Random random = new Random(20_260_131);
        List<String> countries = List.of("US", "DE", "JP", "BR");
        StringBuilder lines = new StringBuilder();
        for (int i = 1; i <= 5_000; i++) {
            String score = random.nextInt(10) == 0 ? "null" : Double.toString(random.nextDouble() * 120 - 10);
            String country = random.nextInt(10) == 0 ? "null" : "\"" + countries.get(random.nextInt(4)) + "\"";
            lines.append("{\"entity_id\":%d,\"entity_type\":\"t\",\"attributes\":{\"score\":%s,\"country\":%s}}%n"
                    .formatted(i, score, country));
        }
        api.batch(lines.toString()).expect(200);
        String token = write(5_001, 50).header(ApiClient.TOKEN);
        String body = "{\"group_by\":[{\"attribute\":\"country\"},"
                + "{\"attribute\":\"score\",\"histogram\":{\"min\":0,\"max\":100,\"buckets\":10}}],"
                + "\"metrics\":[{\"op\":\"count\"},{\"op\":\"avg\",\"attribute\":\"score\"},"
                + "{\"op\":\"sum\",\"attribute\":\"score\"},{\"op\":\"min\",\"attribute\":\"score\"},"
                + "{\"op\":\"count_distinct\",\"attribute\":\"score\"}]}";
        Answer olap = await().atMost(PATIENCE)
                .until(
                        () -> api.post(AGGREGATE, body, ApiClient.TOKEN, token, FALLBACK, "fail"),
                        answer -> answer.status() == 200);
        Answer primary = api.post(AGGREGATE, body, CLASS, "realtime").expect(200);
        assertThat(olap.header("X-Data-Source")).isEqualTo("olap");
        assertThat(primary.header("X-Data-Source")).isEqualTo("primary");
        assertThat(olap.json().path("groups")).hasSizeGreaterThan(50);
        // DuckDB's mean is a double before it is rounded to 15 digits, PostgreSQL's is exact: near a tie they differ by
        // one
        // in the 15th.
        assertThat(olap.json().equals(FreshnessIT::compareLeaves, primary.json()))
                .as("%s%n%s", olap.body(), primary.body())
                .isTrue();
    }

    private static int compareLeaves(JsonNode left, JsonNode right) {
        if (left.isDouble() && right.isDouble()) {
            double difference = Math.abs(left.doubleValue() - right.doubleValue());
            return difference <= 1.5e-14 * Math.abs(right.doubleValue()) ? 0 : 1;
        }
        return left.equals(right) ? 0 : 1;
    }

    private void onReplica(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        server.database().replicaJdbcUrl(),
                        server.database().replica().superuser(),
                        server.database().replica().password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
