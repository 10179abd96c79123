package com.atlasco.atlas.it.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.it.server.ApiClient.Answer;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** How it is said where a filter goes and what it takes, and what becomes of those that indexes cannot serve. */
@ExtendWith(TestServer.class)
@Timeout(120)
class ExplainIT {

    private static final String[] NOW = {"X-Freshness-Requirement", "realtime"};

    private final ApiClient api;

    ExplainIT(RunningServer server) {
        this.api = server.newTenant();
    }

    private void write() {
        api.register("status:text", "score:number");
        api.put("/api/v1/attributes/note", "{\"data_type\":\"text\",\"filterable\":false}")
                .expect(201);
        api.batch(IntStream.rangeClosed(1, 300)
                        .mapToObj(id ->
                                "{\"entity_id\":%d,\"entity_type\":\"t\",\"attributes\":{\"status\":\"%s\",\"score\":%d,\"note\":\"n%d\"}}"
                                        .formatted(id, id % 3 == 0 ? "idle" : "active", id, id % 7))
                        .collect(Collectors.joining("\n")))
                .expect(200);
    }

    @Test
    void aSearchIsExplainedByStatisticsAndWhatItReallyReads() {
        write();
        JsonNode built =
                api.post("/api/v1/statistics/rebuild", "{}").expect(200).json();
        assertThat(built.path("attributes").findValuesAsText("name")).containsExactly("score", "status");

        Answer answer = api.post(
                        "/api/v1/explain",
                        "{\"filter\":\"status = 'idle' AND score BETWEEN 10 AND 12\",\"analyze\":true}",
                        NOW)
                .expect(200);
        JsonNode explanation = answer.json();
        assertThat(explanation.path("source").textValue()).isEqualTo("primary");
        assertThat(explanation.path("reason").textValue()).isEqualTo("class_realtime");
        // The catalog samples the replica, which may not have had the rows yet.
        assertThat(explanation.path("basis").textValue()).isEqualTo("statistics");
        assertThat(explanation.path("alternatives").size()).isGreaterThan(2);
        assertThat(explanation.path("alternatives").get(0).path("plan")).isEqualTo(explanation.path("plan"));
        assertThat(explanation.path("actual").path("rows").intValue()).isEqualTo(1);
        assertThat(explanation.path("detail").size()).isPositive();

        JsonNode of = api.find("score = 7", "explain=true").expect(200).json();
        assertThat(of.has("entities")).isFalse();
        assertThat(of.path("plan").textValue()).contains("score");
        assertThat(of.path("actual").isNull()).isTrue();
    }

    @Test
    void anAttributeWithoutAnIndexIsRefusedOrServedByTheColumnarStoreAsTheClassAllows() {
        write();
        Answer refused = api.get("/api/v1/entities?filter=" + ApiClient.encode("note = 'n3'"));
        assertThat(refused.expect(400).json().path("code").textValue()).isEqualTo("not_filterable");

        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            Answer served = api.get(
                            "/api/v1/entities?filter=" + ApiClient.encode("note = 'n3'"),
                            "X-Freshness-Requirement",
                            "analytical")
                    .expect(200);
            assertThat(served.header("X-Data-Source")).isEqualTo("olap");
            assertThat(served.header("X-Routing-Reason")).isEqualTo("olap_for:not_filterable");
            assertThat(served.json().path("entities").size()).isEqualTo(43);
        });
    }
}
