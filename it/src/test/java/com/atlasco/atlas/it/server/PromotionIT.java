package com.atlasco.atlas.it.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.atlasco.atlas.it.server.ApiClient.Answer;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Columns that follow the questions, over HTTP. */
@ExtendWith(TestServer.class)
@Timeout(180)
class PromotionIT {

    private static final int ENTITIES = 50;
    private static final String AGGREGATE = "/api/v1/analytics/aggregate";
    private static final String QUESTION =
            "{\"group_by\":[{\"attribute\":\"promoted_by_questions\"}],\"metrics\":[{\"op\":\"count\"}]}";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ApiClient api;

    PromotionIT(RunningServer server) {
        this.api = server.newTenant();
    }

    private JsonNode ask() {
        return api.post(AGGREGATE, QUESTION, "X-Data-Source", "olap", "X-Freshness-Requirement", "batch")
                .expect(200)
                .json()
                .path("groups");
    }

    private Optional<JsonNode> promoted() {
        return StreamSupport.stream(
                        api.get("/status")
                                .json()
                                .path("analytics")
                                .path("promoted")
                                .spliterator(),
                        false)
                .filter(one -> one.path("attribute").asText().equals("promoted_by_questions"))
                .findFirst();
    }

    @Test
    void whatIsAskedForIsPromotedAndWhatIsNotAnyMoreIsDemoted() {
        api.register("promoted_by_questions:number");
        String token = "";
        for (int id = 1; id <= ENTITIES; id++) {
            token = api.put(
                            "/api/v1/entities/" + id,
                            "{\"entity_type\":\"t\",\"attributes\":{\"promoted_by_questions\":" + id % 3 + "}}")
                    .expect(201)
                    .header(ApiClient.TOKEN);
        }
        String last = token;
        await().atMost(PATIENCE).until(() -> {
            Answer answer = api.post(AGGREGATE, QUESTION, "X-Data-Source", "olap", ApiClient.TOKEN, last);
            return answer.status() == 200;
        });
        JsonNode before = ask();
        assertThat(before).hasSize(3);
        assertThat(promoted()).isEmpty();

        await("it is promoted").atMost(PATIENCE).pollDelay(Duration.ZERO).until(() -> {
            for (int i = 0; i < 20; i++) {
                assertThat(ask()).isEqualTo(before);
            }
            return promoted()
                    .filter(one -> one.path("state").asText().equals("used"))
                    .isPresent();
        });
        assertThat(promoted().orElseThrow().path("by").asText()).isEqualTo("automatic");
        assertThat(ask()).isEqualTo(before);

        await("it is demoted").atMost(PATIENCE).until(() -> promoted().isEmpty());
        assertThat(ask()).isEqualTo(before);
        JsonNode decisions = api.get("/status").json().path("analytics").path("decisions");
        assertThat(decisions)
                .filteredOn(decision -> decision.path("attribute").asText().equals("promoted_by_questions"))
                .extracting(decision -> decision.path("decision").asText())
                .startsWith("demoted")
                .endsWith("promoted");
        assertThat(decisions.path(0).path("reason").asText()).isNotBlank();
    }
}
