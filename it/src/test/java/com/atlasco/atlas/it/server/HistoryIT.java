package com.atlasco.atlas.it.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.atlasco.atlas.it.server.ApiClient.Answer;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The past over HTTP, through capture and the columnar store. */
@ExtendWith(TestServer.class)
@Timeout(120)
class HistoryIT {

    private static final String ENTITY = "/api/v1/entities/1";
    private static final String AGGREGATE = "/api/v1/analytics/aggregate";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ApiClient api;

    HistoryIT(RunningServer server) {
        this.api = server.newTenant();
    }

    private JsonNode history(int changes, String parameters) {
        List<JsonNode> seen = new ArrayList<>();
        await().atMost(PATIENCE).until(() -> {
            Answer answer = api.get(ENTITY + "/history" + parameters);
            if (answer.status() == 503) {
                return false;
            }
            seen.add(answer.expect(200).json());
            return seen.getLast().path("changes").size() == changes;
        });
        return seen.getLast();
    }

    @Test
    void whatBecameOfAnEntityIsToldChangeByChange() {
        api.register("score:number", "name:text");
        api.put(ENTITY, "{\"entity_type\":\"t\",\"attributes\":{\"score\":1,\"name\":\"a\"}}")
                .expect(201);
        api.patch(ENTITY, "{\"attributes\":{\"score\":2}}").expect(200);
        api.delete(ENTITY + "/name").expect(204);
        api.delete(ENTITY).expect(204);

        JsonNode changes = history(5, "").path("changes");
        assertThat(changes.path(0).path("event").textValue()).isEqualTo("deleted");
        assertThat(changes.path(1).path("event").textValue()).isEqualTo("removed");
        assertThat(changes.path(1).path("attribute").textValue()).isEqualTo("name");
        assertThat(changes.path(2).path("value").intValue()).isEqualTo(2);
        assertThat(changes.path(2).path("version").intValue()).isEqualTo(2);

        JsonNode scores = history(2, "?attribute=score").path("changes");
        assertThat(scores.path(1).path("value").intValue()).isEqualTo(1);

        JsonNode page = history(2, "?limit=2");
        JsonNode rest = history(3, "?limit=3&cursor=" + page.path("next_cursor").textValue());
        assertThat(rest.path("changes").path(0)).isEqualTo(changes.path(2));
        assertThat(rest.path("next_cursor").isNull()).isTrue();

        // Each state, at the instant that began it.
        String first = changes.path(4).path("committed_at").textValue();
        String second = changes.path(2).path("committed_at").textValue();
        String last = changes.path(0).path("committed_at").textValue();
        Answer then = api.get(ENTITY + "?as_of=" + first).expect(200);
        assertThat(then.header("X-Data-Source")).isEqualTo("olap");
        assertThat(then.header("X-Routing-Reason")).isEqualTo("pinned");
        assertThat(then.json().path("attributes").path("score").intValue()).isEqualTo(1);
        JsonNode later = api.get(ENTITY + "?as_of=" + second).expect(200).json();
        assertThat(later.path("attributes").path("score").intValue()).isEqualTo(2);
        assertThat(later.path("attributes").path("name").textValue()).isEqualTo("a");
        api.get(ENTITY + "?as_of=" + last).expect(404);
        JsonNode sum = api.post(
                        AGGREGATE,
                        "{\"as_of\":\"" + second
                                + "\",\"metrics\":[{\"op\":\"count\"},{\"op\":\"sum\",\"attribute\":\"score\"}]}")
                .expect(200)
                .json();
        assertThat(sum.path("groups").path(0).path("metrics").path("sum(score)").intValue())
                .isEqualTo(2);
    }

    @Test
    void badQuestionsAreRefusedWithTheirPlace() {
        api.register("score:number");
        for (String parameters : List.of("?as_of=yesterday", "?as_of=2999-01-01", "?as_of=1999-01-01")) {
            await().atMost(PATIENCE).until(() -> api.get(ENTITY + parameters).status() != 503);
            JsonNode problem = api.get(ENTITY + parameters).expect(400).json();
            assertThat(problem.path("hint").textValue()).isNotBlank();
        }
        api.get(ENTITY + "/history?attribute=scor").expect(404);
        api.get(ENTITY + "/history?cursor=abc").expect(400);
        api.get(ENTITY + "/history?limit=0").expect(400);
        api.get(ENTITY + "/history?from=never").expect(400);
    }

    @Test
    void aPinnedSourceServesTheReadOrNobodyDoes() {
        api.register("score:number");
        String token = api.put(ENTITY, "{\"entity_type\":\"t\",\"attributes\":{\"score\":1}}")
                .expect(201)
                .header(ApiClient.TOKEN);
        for (String source : List.of("primary", "replica", "olap")) {
            await().atMost(PATIENCE).untilAsserted(() -> {
                Answer answer = api.entity(
                        1, "X-Data-Source", source, ApiClient.TOKEN, token, "X-Freshness-Requirement", "batch");
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.header("X-Data-Source")).isEqualTo(source);
                assertThat(answer.header("X-Routing-Reason")).isIn("pinned", "waited");
            });
        }
        api.entity(1, "X-Data-Source", "olap", "X-Max-Acceptable-Lag-Ms", "0").expect(503);
        api.entity(1, "X-Data-Source", "cellar").expect(400);
    }
}
