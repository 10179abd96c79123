package com.atlasco.atlas.it.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.atlasco.atlas.it.server.ApiClient.Answer;
import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestServer.class)
@Timeout(180)
class CacheIT {

    private static final String ENTITIES = "/api/v1/entities";
    private static final String CLASS = "X-Freshness-Requirement";
    private static final String SOURCE = "X-Data-Source";
    private static final String LAG = "X-Actual-Lag-Ms";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final RunningServer server;
    private final ApiClient api;

    CacheIT(RunningServer server) {
        this.server = server;
        this.api = server.newTenant();
    }

    @BeforeEach
    void withCache() {
        server.restartWithCache(4 << 20);
        api.register("score:number");
    }

    @AfterEach
    void withoutCache() {
        server.restartWithCache(0);
    }

    private Answer write(long entityId, int score) {
        return api.put(ENTITIES + "/" + entityId, "{\"entity_type\":\"t\",\"attributes\":{\"score\":" + score + "}}");
    }

    private Answer untilCached(long entityId, String... headers) {
        return await("the cache serves it")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(
                        () -> api.entity(entityId, headers),
                        answer ->
                                answer.status() == 200 && answer.header(SOURCE).equals("cache"));
    }

    private static int score(Answer answer) {
        return answer.json().path("attributes").path("score").intValue();
    }

    private static long lag(Answer answer) {
        return Long.parseLong(answer.header(LAG));
    }

    @Test
    void whatWasReadIsServedAgainWithItsVersionAndATokenThatContainsIt() {
        String token = write(1, 7).expect(201).header(ApiClient.TOKEN);
        Answer cached = untilCached(1, ApiClient.TOKEN, token);
        Answer direct = api.entity(1, CLASS, "realtime").expect(200);
        assertThat(direct.header(SOURCE)).isEqualTo("primary");
        assertThat(cached.body()).isEqualTo(direct.body());
        assertThat(cached.header("ETag")).isEqualTo(direct.header("ETag"));
        assertThat(cached.header("X-Routing-Reason")).isEqualTo("preferred");
        assertThat(lag(cached)).isLessThan(1_000);
        api.entity(1, SOURCE, "replica", ApiClient.TOKEN, cached.header(ApiClient.TOKEN), "X-Max-Wait-Ms", "5000")
                .expect(200);
        api.patch(ENTITIES + "/1", "{\"attributes\":{\"score\":8}}", "If-Match", cached.header("ETag"))
                .expect(200);
        // What this node wrote itself it does not show from before, once it has said so.
        Answer after = api.entity(1, SOURCE, "cache");
        assertThat(after.status() == 503 || score(after) == 8).as(after.body()).isTrue();
        assertThat(api.entity(1, CLASS, "realtime").header(SOURCE)).isEqualTo("primary");
        api.get(ENTITIES + "?filter=score%3D8", SOURCE, "cache").expect(400);
        assertThat(api.entity(999, SOURCE, "cache")
                        .expect(503)
                        .json()
                        .path("code")
                        .asText())
                .isEqualTo("freshness_unavailable");
    }

    /** Nobody reads it anew: the change stream alone keeps it fresh. */
    @Test
    void aCopyThatNoChangeTouchesStaysFreshWithoutBeingReadAgain() {
        String token = write(1, 7).expect(201).header(ApiClient.TOKEN);
        // The write's own change has passed in the stream, and drops nothing any more.
        api.entity(1, SOURCE, "olap", CLASS, "operational", ApiClient.TOKEN, token, "X-Max-Wait-Ms", "20000")
                .expect(200);
        await("the cache has a copy that the change stream vouches for")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> untilCached(1).header("X-Replication-Health").equals("healthy"));
        long begun = System.nanoTime();
        await("for longer than the class allows a copy to age")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    Answer pinned =
                            api.entity(1, SOURCE, "cache", CLASS, "operational").expect(200);
                    return System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(4) && lag(pinned) < 2_000;
                });
        JsonNode components = api.get("/health/replication").expect(200).json().path("components");
        JsonNode cache = components
                .valueStream()
                .filter(component -> component.path("name").asText().equals("cache"))
                .findFirst()
                .orElseThrow();
        assertThat(cache.path("state").asText()).isEqualTo("healthy");
        assertThat(cache.path("lag_ms").isNumber()).isTrue();
        assertThat(api.get("/metrics").body())
                .contains("atlas_cache_hits_total ", "atlas_cache_misses_total ", "atlas_cache_evictions_total ")
                .contains("atlas_cache_bytes ")
                .contains("class=\"operational\",source=\"cache\"");
    }

    /** Another writer than this node, and readers who hold every answer against what had been committed. */
    @Test
    void noCopyHidesWhatWasWrittenPastThisNodeForLongerThanItsBound() throws Exception {
        for (int score = 0; score < 40; score++) {
            write(100 + score, score).expect(201);
        }
        write(1, 0).expect(201);
        // Until a replica has it, it may be missing as well as old.
        await().atMost(Duration.ofSeconds(30))
                .until(() -> api.entity(1, CLASS, "operational").status() == 200);
        NavigableMap<Long, Integer> committed = new ConcurrentSkipListMap<>();
        committed.put(System.nanoTime(), 0);
        int fromCache = 0;
        try (Connection connection = server.database().connectAsSuperuser()) {
            Thread writer = Thread.ofVirtual().start(() -> {
                for (int score = 1; score < 40; score++) {
                    overwrite(connection, score);
                    committed.put(System.nanoTime(), score);
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
                }
            });
            String[][] ways = {{CLASS, "interactive"}, {CLASS, "operational"}, {"X-Max-Acceptable-Lag-Ms", "400"}};
            for (int read = 0; writer.isAlive(); read++) {
                long begun = System.nanoTime();
                Answer answer = api.entity(1, ways[read % ways.length]).expect(200);
                long needed = begun - TimeUnit.MILLISECONDS.toNanos(lag(answer));
                var least = committed.floorEntry(needed);
                if (least != null) {
                    assertThat(score(answer))
                            .as("read from the %s with a bound of %d ms", answer.header(SOURCE), lag(answer))
                            .isGreaterThanOrEqualTo(least.getValue());
                }
                fromCache += answer.header(SOURCE).equals("cache") ? 1 : 0;
            }
            try (Statement delete = connection.createStatement()) {
                delete.execute("DELETE FROM entity WHERE entity_id = 1 AND tenant_id = " + api.tenant());
            }
        }
        assertThat(fromCache).isGreaterThan(50);
        assertThat(committed.lastEntry().getValue()).isEqualTo(39);
        await("the deletion is shown")
                .atMost(PATIENCE)
                .until(() -> api.entity(1, CLASS, "operational").status() == 404);
    }

    private void overwrite(Connection connection, int score) {
        try (PreparedStatement update = connection.prepareStatement("""
                UPDATE entity e SET document = o.document, version = e.version + 1, updated_at = now()
                FROM entity o
                WHERE e.tenant_id = ? AND e.entity_id = 1 AND o.tenant_id = e.tenant_id AND o.entity_id = ?""")) {
            update.setLong(1, api.tenant());
            update.setLong(2, 100L + score);
            assertThat(update.executeUpdate()).isEqualTo(1);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }
}
