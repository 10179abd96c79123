package com.atlasco.atlas.it.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.atlasco.atlas.it.server.ApiClient.Answer;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The life of attribute types over HTTP, on all tiers. */
@ExtendWith(TestServer.class)
@Timeout(120)
class AttributeApiIT {

    private static final String AT = "/api/v1/attributes/";
    private static final String ENTITIES = "/api/v1/entities";

    private final ApiClient api;

    AttributeApiIT(RunningServer server) {
        this.api = server.newTenant();
    }

    @Test
    void constraintsAreKeptByEveryWriteAndChangedForLaterOnesOnly() {
        String definition = "{\"data_type\":\"number\",\"constraints\":{\"min\":0,\"max\":100}}";
        JsonNode type = api.put(AT + "charge", definition).expect(201).json();
        assertThat(type.path("constraints")).isEqualTo(ApiClient.parse("{\"min\":0,\"max\":100}"));
        assertThat(api.get(AT + "charge").json()).isEqualTo(type);

        api.put(ENTITIES + "/1", entity("{\"charge\":100}")).expect(201);
        assertViolated(api.put(ENTITIES + "/1", entity("{\"charge\":100.5}")), "/attributes/charge", "constraint max");
        assertViolated(
                api.patch(ENTITIES + "/1", "{\"attributes\":{\"charge\":-1}}"), "/attributes/charge", "constraint min");
        JsonNode results = api.batch("""
                        {"entity_id":2,"entity_type":"t","attributes":{"charge":5}}
                        {"entity_id":3,"entity_type":"t","attributes":{"charge":500}}
                        """).expect(200).json();
        assertThat(results.get(0).path("status").intValue()).isEqualTo(201);
        assertThat(results.get(1).path("error").path("code").textValue()).isEqualTo("constraint_violated");

        api.put(AT + "charge", "{\"data_type\":\"number\",\"constraints\":{\"max\":50}}")
                .expect(200);
        assertThat(api.entity(1, "X-Freshness-Requirement", "realtime")
                        .expect(200)
                        .json()
                        .path("attributes")
                        .path("charge")
                        .intValue())
                .isEqualTo(100);
        assertViolated(
                api.patch(ENTITIES + "/1", "{\"attributes\":{\"charge\":60}}"), "/attributes/charge", "constraint max");
    }

    @Test
    void anEntityOfATypeHasWhatIsRequired() {
        api.put(AT + "serial", "{\"data_type\":\"text\",\"constraints\":{\"required_for\":[\"device\"]}}")
                .expect(201);
        api.register("note:text");
        assertViolated(
                api.post(ENTITIES, "{\"entity_type\":\"device\",\"attributes\":{\"note\":\"x\"}}"),
                "/attributes/serial",
                "required_for");
        api.put(ENTITIES + "/1", entity("{}")).expect(201);
        assertViolated(
                api.patch(ENTITIES + "/1", "{\"entity_type\":\"device\"}"), "/attributes/serial", "required_for");
        api.patch(ENTITIES + "/1", "{\"entity_type\":\"device\",\"attributes\":{\"serial\":\"s1\"}}")
                .expect(200);
        assertViolated(
                api.patch(ENTITIES + "/1", "{\"attributes\":{\"serial\":null}}"), "/attributes/serial", "required_for");
        JsonNode results = api.batch("""
                        {"entity_id":2,"entity_type":"device"}
                        {"entity_id":2,"entity_type":"device","attributes":{"serial":"s2"}}
                        {"op":"replace","entity_id":2,"entity_type":"device","attributes":{"note":"y"}}
                        """).expect(200).json();
        assertThat(results.findValuesAsText("status").subList(0, 1)).containsExactly("400");
        assertThat(results.get(1).path("status").intValue()).isEqualTo(201);
        assertThat(results.get(2).path("error").path("code").textValue()).isEqualTo("constraint_violated");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "number | {\"min\": 2, \"max\": 1}            | /constraints/min",
                "number | {\"enum\": [1, \"one\"]}            | /constraints/enum/1",
                "number | {\"max_length\": 5}                 | /constraints/max_length",
                "text   | {\"pattern\": \"(\"}                | /constraints/pattern",
                "text   | {\"largest\": 5}                    | /constraints/largest",
            })
    void constraintsThatMakeNoSenseAreRefusedAtTheirPlace(String type, String constraints, String place) {
        JsonNode problem = api.put(AT + "a", "{\"data_type\":\"" + type + "\",\"constraints\":" + constraints + "}")
                .expect(400)
                .json();
        assertThat(problem.path("code").textValue()).isEqualTo("invalid_constraint");
        assertThat(problem.path("place").textValue()).isEqualTo(place);
        problem = api.post(
                        "/api/v1/attributes",
                        "{\"attributes\":[{\"name\":\"b\",\"data_type\":\"bool\"},{\"name\":\"a\",\"data_type\":\""
                                + type + "\",\"constraints\":" + constraints + "}]}")
                .expect(400)
                .json();
        assertThat(problem.path("place").textValue()).isEqualTo("/attributes/1" + place);
        api.get(AT + "b").expect(404);
    }

    @Test
    void manyAreRegisteredAtOnce() {
        Answer answer = api.post("/api/v1/attributes", """
                {"attributes":[{"name":"b","data_type":"number","unit":"m"},{"name":"a","data_type":"text"}]}""").expect(200);
        assertThat(answer.header(ApiClient.TOKEN)).isNotBlank();
        assertThat(answer.json().path("attributes").findValuesAsText("name")).containsExactly("b", "a");
        assertThat(answer.json().path("attributes").findValuesAsText("created")).containsExactly("true", "true");
        for (String bad : new String[] {
            "{\"attributes\":[]}",
            "{\"attributes\":[7]}",
            "{\"attributes\":[{\"name\":7,\"data_type\":\"text\"}]}",
            "{\"attributes\":[{\"name\":\"\",\"data_type\":\"text\"}]}",
            "{\"attributes\":[{\"name\":\"x\",\"data_type\":\"text\",\"y\":1}]}",
            "{\"attributes\":[{\"name\":\"x\",\"data_type\":\"text\",\"unit\":1}]}",
        }) {
            assertThat(api.post("/api/v1/attributes", bad)
                            .expect(400)
                            .json()
                            .path("place")
                            .textValue())
                    .startsWith("/attributes");
        }
    }

    @Test
    void aRenamedAttributeIsFollowedByEveryTier() {
        api.put(AT + "scor", "{\"data_type\":\"number\",\"hot\":true}").expect(201);
        api.register("taken:text");
        api.put(ENTITIES + "/1", entity("{\"scor\":7}")).expect(201);
        JsonNode before = api.get(AT + "scor").json();
        assertThat(api.post(AT + "scor/rename", "{\"name\":\"taken\"}")
                        .expect(409)
                        .json()
                        .path("place")
                        .textValue())
                .isEqualTo("/name");
        assertThat(api.post(AT + "scor/rename", "{\"name\":\"version\"}")
                        .expect(400)
                        .json()
                        .path("code")
                        .textValue())
                .isEqualTo("invalid_name");
        api.post(AT + "none/rename", "{\"name\":\"any\"}").expect(404);
        Answer renamed = api.post(AT + "scor/rename", "{\"name\":\"score\"}").expect(200);
        assertThat(renamed.json().path("attribute_id")).isEqualTo(before.path("attribute_id"));
        api.get(AT + "scor").expect(404);
        String token = api.patch(ENTITIES + "/1", "{\"attributes\":{\"score\":8}}")
                .expect(200)
                .header(ApiClient.TOKEN);
        assertThat(api.find("score = 8").expect(200).json().path("entities").size())
                .isLessThanOrEqualTo(1);
        assertThat(api.entity(1, ApiClient.TOKEN, token).json().path("attributes"))
                .isEqualTo(ApiClient.parse("{\"score\":8}"));
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            Answer answer = api.post(
                            "/api/v1/analytics/aggregate",
                            "{\"filter\":\"score > 0\",\"metrics\":[{\"op\":\"sum\",\"attribute\":\"score\"}]}")
                    .expect(200);
            assertThat(answer.header("X-Data-Source")).isEqualTo("olap");
            assertThat(answer.json()
                            .path("groups")
                            .get(0)
                            .path("metrics")
                            .path("sum(score)")
                            .intValue())
                    .isEqualTo(8);
        });
    }

    @Test
    void aRetiredAttributeIsReadAndNothingElseUntilItComesBack() {
        api.register("score:number", "note:text");
        api.put(ENTITIES + "/1", entity("{\"score\":7,\"note\":\"x\"}")).expect(201);
        assertThat(api.delete(AT + "score").expect(200).json().path("retired").booleanValue())
                .isTrue();
        assertRetired(api.patch(ENTITIES + "/1", "{\"attributes\":{\"score\":8}}"));
        assertRetired(api.put(AT + "score", "{\"data_type\":\"number\",\"hot\":true}"));
        assertRetired(api.find("score = 7"));
        assertRetired(api.find("note = 'x'", "sortby=score"));
        assertRetired(
                api.post("/api/v1/analytics/aggregate", "{\"metrics\":[{\"op\":\"sum\",\"attribute\":\"score\"}]}"));
        JsonNode results = api.batch("{\"entity_id\":2,\"entity_type\":\"t\",\"attributes\":{\"score\":5}}\n")
                .expect(200)
                .json();
        assertThat(results.get(0).path("error").path("code").textValue()).isEqualTo("attribute_retired");
        api.patch(ENTITIES + "/1", "{\"attributes\":{\"note\":\"y\"}}").expect(200);
        assertThat(api.entity(1, "X-Freshness-Requirement", "realtime").json().path("attributes"))
                .isEqualTo(ApiClient.parse("{\"score\":7,\"note\":\"y\"}"));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> api.get(AT + "score")
                        .json()
                        .path("pivot_state")
                        .textValue()
                        .equals("none"));

        api.send("POST", AT + "score/restore", BodyPublishers.noBody()).expect(200);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> api.find("score = 7").status() == 200
                        && api.find("score = 7").json().path("entities").size() == 1);
        api.patch(ENTITIES + "/1", "{\"attributes\":{\"score\":null}}").expect(200);
    }

    @Test
    void anAttributeBecomesFilterableInTheBackground() {
        api.put(AT + "score", "{\"data_type\":\"number\",\"filterable\":false}").expect(201);
        api.put(ENTITIES + "/1", entity("{\"score\":7}")).expect(201);
        assertThat(api.find("score = 7").expect(400).json().path("code").textValue())
                .isEqualTo("not_filterable");
        JsonNode asked =
                api.put(AT + "score", "{\"data_type\":\"number\"}").expect(200).json();
        assertThat(asked.path("filterable").booleanValue()).isTrue();
        assertThat(asked.path("pivot_state").textValue()).isEqualTo("filling");
        JsonNode filling = api.get(AT + "score").json();
        if (filling.path("pivot_state").textValue().equals("filling")) {
            assertThat(filling.path("pivot_progress").path("rows_total").intValue())
                    .isEqualTo(1);
        }
        await().atMost(Duration.ofSeconds(20))
                .until(() -> api.find("score = 7").status() == 200
                        && api.find("score = 7").json().path("entities").size() == 1);
        assertThat(api.get(AT + "score").json().path("pivot_state").textValue()).isEqualTo("ready");
    }

    private static String entity(String attributes) {
        return "{\"entity_type\":\"t\",\"attributes\":" + attributes + "}";
    }

    private static void assertViolated(Answer answer, String place, String detail) {
        JsonNode problem = answer.expect(400).json();
        assertThat(problem.path("code").textValue()).isEqualTo("constraint_violated");
        assertThat(problem.path("place").textValue()).isEqualTo(place);
        assertThat(problem.path("detail").textValue()).contains(detail);
        assertThat(problem.path("hint").textValue()).isNotBlank();
    }

    private static void assertRetired(Answer answer) {
        JsonNode problem = answer.expect(409).json();
        assertThat(problem.path("code").textValue()).isEqualTo("attribute_retired");
        assertThat(problem.path("hint").textValue()).contains("restore");
    }
}
