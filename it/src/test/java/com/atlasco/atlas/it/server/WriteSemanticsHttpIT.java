package com.atlasco.atlas.it.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.it.server.ApiClient.Answer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(TestServer.class)
@Timeout(120)
class WriteSemanticsHttpIT {

    private static final String ENTITIES = "/api/v1/entities";
    private static final String ONE = ENTITIES + "/1";
    private static final String[] REALTIME = {"X-Freshness-Requirement", "realtime"};

    private final RunningServer server;
    private ApiClient api;

    WriteSemanticsHttpIT(RunningServer server) {
        this.server = server;
        this.api = server.newTenant();
    }

    @BeforeEach
    void oneEntityIsThere() {
        api = server.newTenant();
        api.register("score:number", "status:text", "seen:ts", "extra:json");
        assertThat(api.put(ONE, entity("\"score\":1,\"status\":\"a\""))
                        .expect(201)
                        .header("ETag"))
                .isEqualTo("\"1\"");
    }

    private static String entity(String attributes) {
        return "{\"entity_type\":\"t\",\"attributes\":{" + attributes + "}}";
    }

    private static String code(Answer answer) {
        return answer.json().path("code").textValue();
    }

    private JsonNode value(String attribute) {
        return api.get(ONE + "/" + attribute, REALTIME).expect(200).json().path("value");
    }

    @Test
    void aWriteOfAnotherVersionIsRefusedWithTheCurrentOne() {
        api.patch(ONE, entity("\"score\":2"), "If-Match", "\"1\"").expect(200);
        Answer refused =
                api.patch(ONE, entity("\"score\":3"), "If-Match", "\"1\"").expect(412);
        assertThat(code(refused)).isEqualTo("version_mismatch");
        assertThat(refused.header("ETag")).isEqualTo("\"2\"");
        assertThat(refused.json().path("current_version").longValue()).isEqualTo(2);
        assertThat(refused.json().path("place").textValue()).isEqualTo("If-Match");

        api.patch(ONE, entity("\"score\":3"), "If-Match", "\"9\", \"2\" ,\"x\"").expect(200);
        api.put(ONE, entity("\"score\":4"), "If-Match", "*").expect(200);
        api.put(ONE, entity("\"score\":5"), "If-None-Match", "*").expect(412);
        api.put(ENTITIES + "/2", entity("\"score\":5"), "If-Match", "*").expect(412);
        api.put(ENTITIES + "/2", entity("\"score\":5"), "If-None-Match", "*").expect(201);
        api.delete(ONE, "If-Match", "\"1\"").expect(412);
        api.delete(ONE, "If-Match", "\"4\"").expect(204);
        api.patch(ONE, entity("\"score\":5"), "If-Match", "\"4\"").expect(404);
        assertThat(api.put(ONE, entity("\"score\":1")).expect(201).header("ETag"))
                .isEqualTo("\"5\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "W/\"1\"", "\"1", "\"1\" \"2\"", "\"1\",", "", "*, \"1\"", "\"1\", W/\"2\""})
    void anEntityTagThatCannotBeMeantIsRefused(String tag) {
        Answer answer = api.patch(ONE, entity("\"score\":2"), "If-Match", tag).expect(400);
        assertThat(code(answer)).isEqualTo("invalid_header");
        assertThat(value("score").intValue()).isEqualTo(1);
    }

    @Test
    void aReaderWhoHasTheVersionIsToldSo() {
        Answer first = api.entity(1, REALTIME).expect(200);
        String tag = first.header("ETag");
        for (String known : List.of(tag, "W/" + tag, "\"77\", " + tag, "*")) {
            Answer again = api.entity(1, REALTIME[0], REALTIME[1], "If-None-Match", known)
                    .expect(304);
            assertThat(again.header("ETag")).isEqualTo(tag);
            assertThat(again.body()).isEmpty();
            assertThat(again.has("X-Data-Source")).isTrue();
        }
        api.entity(1, REALTIME[0], REALTIME[1], "If-None-Match", "\"7\"").expect(200);
        api.get(ONE + "/score", REALTIME[0], REALTIME[1], "If-None-Match", tag).expect(304);
    }

    @Test
    void oneAttributeIsSetAndDeleted() {
        api.put(ONE + "/extra", "{\"value\":{\"a\":1}}").expect(200);
        Answer set = api.put(ONE + "/extra", "{\"value\":{\"b\":2}}", "If-Match", "\"2\"")
                .expect(200);
        assertThat(set.header("ETag")).isEqualTo("\"3\"");
        assertThat(value("extra")).isEqualTo(ApiClient.parse("{\"b\":2}"));
        api.put(ONE + "/score", "{\"value\":\"x\"}").expect(400);
        api.put(ONE + "/score", "{\"value\":null}").expect(400);
        api.put(ONE + "/scor", "{\"value\":1}").expect(404);
        api.put(ENTITIES + "/2/score", "{\"value\":1}").expect(404);

        Answer deleted = api.delete(ONE + "/extra", "Idempotency-Key", "d").expect(204);
        assertThat(deleted.header("ETag")).isEqualTo("\"4\"");
        assertThat(deleted.has(ApiClient.TOKEN)).isTrue();
        assertThat(api.delete(ONE + "/extra", "Idempotency-Key", "d")
                        .expect(204)
                        .header("Idempotency-Replayed"))
                .isEqualTo("true");
        assertThat(code(api.delete(ONE + "/extra").expect(404))).isEqualTo("attribute_not_found");
        assertThat(code(api.delete(ONE + "/scor").expect(404))).isEqualTo("attribute_not_found");
        assertThat(code(api.delete(ENTITIES + "/2/score").expect(404))).isEqualTo("entity_not_found");
    }

    @Test
    void aWriteWithAKeyTakesPlaceOnceAndIsAnsweredAlike() {
        String body = entity("\"score\":7");
        Answer first = api.post(ENTITIES, body, "Idempotency-Key", "k 1").expect(201);
        Answer second = api.post(ENTITIES, body, "Idempotency-Key", "k 1").expect(201);
        assertThat(first.has("Idempotency-Replayed")).isFalse();
        assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(second.json()).isEqualTo(first.json());
        assertThat(second.header("ETag")).isEqualTo(first.header("ETag"));
        assertThat(second.header("Location")).isEqualTo(first.header("Location"));
        api.get(first.header("Location"), ApiClient.TOKEN, second.header(ApiClient.TOKEN))
                .expect(200);

        Answer reused = api.post(ENTITIES, entity("\"score\":8"), "Idempotency-Key", "k 1")
                .expect(422);
        assertThat(code(reused)).isEqualTo("idempotency_key_reused");
        for (String key : List.of("", "x".repeat(256), "k\tk")) {
            api.post(ENTITIES, body, "Idempotency-Key", key).expect(400);
        }
        api.delete(ONE, "Idempotency-Key", "gone").expect(204);
        api.delete(ONE, "Idempotency-Key", "gone").expect(204);
    }

    @Test
    void itemsOfABatchHaveConditionsAndKeysOfTheirOwn() {
        String items = """
                {"entity_id":1,"attributes":{"score":2},"if_version":1,"idempotency_key":"a"}
                {"entity_id":1,"attributes":{"score":3},"if_version":1}
                {"entity_id":2,"entity_type":"t","idempotency_key":"b"}
                {"entity_id":3,"entity_type":"t","idempotency_key":""}
                {"entity_id":3,"entity_type":"t","if_version":"1"}
                """;
        JsonNode first = api.batch(items).expect(200).json();
        assertThat(first.findValuesAsText("status")).startsWith("200", "412").contains("201", "400");
        assertThat(first.get(1).path("error").path("current_version").longValue())
                .isEqualTo(2);
        assertThat(first.get(1).path("error").path("place").textValue()).isEqualTo("/if_version");
        JsonNode second = api.batch(items).expect(200).json();
        assertThat(second.get(0).path("replayed").booleanValue()).isTrue();
        assertThat(second.get(0).path("version").longValue()).isEqualTo(2);
        assertThat(second.get(2).path("status").intValue()).isEqualTo(201);
        api.batch(items, "Idempotency-Key", "k").expect(400);
        api.batch(items, "If-Match", "*").expect(400);
    }

    @Test
    void anEntityIsAtMostOneMebibyteAlsoAfterAMerge() {
        String half = "x".repeat(600_000);
        api.patch(ONE, entity("\"status\":\"" + half + "\"")).expect(200);
        Answer grown = api.patch(ONE, entity("\"extra\":\"" + half + "\"")).expect(413);
        assertThat(code(grown)).isEqualTo("entity_too_large");
        assertThat(grown.json().path("limit_bytes").intValue()).isEqualTo(1_048_576);
        assertThat(grown.json().path("size_bytes").intValue()).isBetween(1_200_000, 1_200_200);
        api.put(ONE + "/extra", "{\"value\":\"" + half + "\"}").expect(413);
        JsonNode batch = api.batch("{\"entity_id\":1,\"attributes\":{\"extra\":\"" + half + "\"}}\n"
                        + "{\"entity_id\":2,\"entity_type\":\"t\"}\n")
                .expect(200)
                .json();
        assertThat(batch.findValuesAsText("status")).contains("413", "201");
        assertThat(value("status").textValue()).isEqualTo(half);
    }

    /** What docs/values.md promises is kept. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            score  | 9007199254740993                       | -
            score  | 9007199254740992                       | 9007199254740992
            score  | 0.1                                    | 0.1
            score  | -0.0                                   | 0
            score  | 1e309                                  | -
            score  | 1.7976931348623157e308                 | 1.7976931348623157e308
            seen   | "2026-01-31T13:00:00.123456+01:00"     | "2026-01-31T12:00:00.123456Z"
            seen   | "2026-01-31T12:00:00.1234569Z"         | "2026-01-31T12:00:00.123456Z"
            seen   | "2026-01-31"                           | "2026-01-31T00:00:00Z"
            seen   | "2026-01-31T12:00:00"                  | -
            seen   | "10000-01-01T00:00:00Z"                | -
            status | "a\\u0000"                             | -
            status | "\\ud800"                              | -
            status | "\\ud83d\\ude00"                       | "\\ud83d\\ude00"
            extra  | {"b":[1.0,true,null],"a":"x"}          | {"a":"x","b":[1,true,null]}
            extra  | {"a\\u0000":1}                         | -
            extra  | [9007199254740993]                     | -
            """)
    void aValueIsKeptAsPromisedOrRefused(String attribute, String given, String kept) {
        Answer answer = api.patch(ONE, entity("\"" + attribute + "\":" + given));
        if (kept.equals("-")) {
            assertThat(code(answer.expect(400))).isEqualTo("invalid_value");
            assertThat(answer.json().path("place").textValue()).isEqualTo("/attributes/" + attribute);
        } else {
            answer.expect(200);
            assertThat(value(attribute)).isEqualTo(ApiClient.parse(kept));
        }
    }

    @Test
    void jsonIsAtMostTwoHundredLevelsDeep() {
        api.patch(ONE, entity("\"extra\":" + "[".repeat(200) + "]".repeat(200))).expect(200);
        api.patch(ONE, entity("\"extra\":" + "[".repeat(201) + "]".repeat(201))).expect(400);
        api.patch(ONE, entity("\"extra\":" + "{\"a\":".repeat(201) + "1" + "}".repeat(201)))
                .expect(400);
    }

    /** Each reads, adds one, and writes if nobody has meanwhile: no addition is lost. */
    @Test
    void countingUnderConditionsLosesNothing() throws Exception {
        int threads = 4;
        int additions = 8;
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> futures = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                futures.add(executor.submit(() -> {
                    for (int done = 0; done < additions; ) {
                        Answer read = api.entity(1, REALTIME).expect(200);
                        int score = read.json().path("attributes").path("score").intValue();
                        Answer write =
                                api.patch(ONE, entity("\"score\":" + (score + 1)), "If-Match", read.header("ETag"));
                        assertThat(write.status()).isIn(200, 412);
                        done += write.status() == 200 ? 1 : 0;
                    }
                }));
            }
            for (Future<?> future : futures) {
                future.get();
            }
        }
        assertThat(value("score").intValue()).isEqualTo(1 + threads * additions);
        assertThat(api.entity(1, REALTIME).header("ETag")).isEqualTo("\"" + (1 + threads * additions) + "\"");
    }
}
