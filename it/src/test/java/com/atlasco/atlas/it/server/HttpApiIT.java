package com.atlasco.atlas.it.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.it.server.ApiClient.Answer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(TestServer.class)
@Timeout(120)
class HttpApiIT {

    private static final String ENTITIES = "/api/v1/entities";

    private final ApiClient api;

    HttpApiIT(RunningServer server) {
        this.api = server.newTenant();
    }

    @Test
    void anAttributeTypeIsRegisteredReadListedAndChanged() {
        Answer created = api.put(
                "/api/v1/attributes/score",
                "{\"data_type\":\"number\",\"hot\":true,\"unit\":\"points\",\"description\":\"von 0 bis 100\"}");
        assertThat(created.expect(201).json().path("filterable").booleanValue()).isTrue();
        assertThat(created.header(ApiClient.TOKEN)).isNotBlank();
        assertThat(api.get("/api/v1/attributes/score").expect(200).json()).isEqualTo(created.json());

        JsonNode changed = api.put("/api/v1/attributes/score", "{\"data_type\":\"number\",\"unit\":\"%\"}")
                .expect(200)
                .json();
        assertThat(changed.path("attribute_id")).isEqualTo(created.json().path("attribute_id"));
        assertThat(changed.path("unit").textValue()).isEqualTo("%");
        assertThat(changed.has("description")).isFalse();

        api.register("country:text", "age_years:number");
        JsonNode list = api.get("/api/v1/attributes").expect(200).json().path("attributes");
        assertThat(list.findValuesAsText("name")).containsExactly("age_years", "country", "score");
        assertThat(list.get(2)).isEqualTo(changed);
    }

    @Test
    void theDataTypeOfAnAttributeStays() {
        api.register("score:number");
        JsonNode problem = api.put("/api/v1/attributes/score", "{\"data_type\":\"text\"}")
                .expect(409)
                .json();
        assertThat(problem.path("code").textValue()).isEqualTo("attribute_conflict");
        assertThat(problem.path("hint").textValue()).isNotBlank();
        assertThat(api.get("/api/v1/attributes/score").json().path("data_type").textValue())
                .isEqualTo("number");
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "-5", "null", "[1]", "with \"quotes\"", "größe", "a/b", "100%", "a b", "a:b", "\\"})
    void anAttributeMayHaveAnOddName(String name) throws IOException {
        String path = "/api/v1/attributes/" + ApiClient.encode(name);
        api.put(path, "{\"data_type\":\"number\"}").expect(201);
        assertThat(api.get(path).expect(200).json().path("name").textValue()).isEqualTo(name);
        String token = api.put(
                        ENTITIES + "/1",
                        "{\"entity_type\":\"t\",\"attributes\":{" + ApiClient.MAPPER.writeValueAsString(name) + ":5}}")
                .expect(201)
                .header(ApiClient.TOKEN);
        assertThat(api.get(ENTITIES + "/1/" + ApiClient.encode(name), ApiClient.TOKEN, token)
                        .expect(200)
                        .json()
                        .path("value")
                        .intValue())
                .isEqualTo(5);
        String quoted = "\"" + name.replace("\"", "\"\"") + "\"";
        assertThat(api.find(quoted + " =\n 5", "count=exact")
                        .expect(200)
                        .json()
                        .path("count")
                        .path("value")
                        .intValue())
                .isEqualTo(1);
    }

    @Test
    void anEntityIsCreatedOnceUnderItsId() {
        api.register("status:text");
        String body = "{\"entity_id\":12345,\"entity_type\":\"user\",\"attributes\":{\"status\":\"active\"}}";
        Answer created = api.post(ENTITIES, body).expect(201);
        assertThat(created.json().path("entity_id").longValue()).isEqualTo(12345);
        assertThat(created.header("Location")).isEqualTo("/api/v1/entities/12345");
        assertThat(created.header("ETag"))
                .isEqualTo("\"" + created.json().path("version").longValue() + "\"");
        assertThat(api.post(ENTITIES, body).expect(409).json().path("code").textValue())
                .isEqualTo("entity_exists");

        String token = created.header(ApiClient.TOKEN);
        JsonNode entity = api.entity(12345, ApiClient.TOKEN, token).expect(200).json();
        assertThat(entity.path("entity_type").textValue()).isEqualTo("user");
        assertThat(entity.path("version")).isEqualTo(created.json().path("version"));
        assertThat(entity.path("attributes")).isEqualTo(ApiClient.parse("{\"status\":\"active\"}"));
        assertThat(entity.path("updated_at").textValue()).endsWith("Z");

        JsonNode attribute = api.get("/api/v1/entities/12345/status", ApiClient.TOKEN, token)
                .expect(200)
                .json();
        assertThat(attribute.path("entity_id").longValue()).isEqualTo(12345);
        assertThat(attribute.path("attribute").textValue()).isEqualTo("status");
        assertThat(attribute.path("value").textValue()).isEqualTo("active");
        assertThat(attribute.path("version")).isEqualTo(created.json().path("version"));
    }

    @Test
    void idsAreGivenOutAndNeverTwice() {
        List<Long> given = IntStream.range(0, 50)
                .mapToObj(i -> api.post(ENTITIES, "{\"entity_type\":\"user\"}")
                        .expect(201)
                        .json()
                        .path("entity_id")
                        .longValue())
                .toList();
        assertThat(given).doesNotHaveDuplicates().allMatch(id -> id > 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/merge-patch+json", "application/json", "application/json; charset=utf-8"})
    void aMergePatchSetsRemovesAndLeaves(String mediaType) {
        api.register("a:number", "b:number", "c:number");
        api.put(ENTITIES + "/1", "{\"entity_type\":\"t\",\"attributes\":{\"a\":1,\"b\":2}}")
                .expect(201);
        Answer patched = api.patch(ENTITIES + "/1", "{\"attributes\":{\"a\":null,\"c\":3}}", "Content-Type", mediaType)
                .expect(200);
        JsonNode entity = api.entity(1, ApiClient.TOKEN, patched.header(ApiClient.TOKEN))
                .expect(200)
                .json();
        assertThat(entity.path("attributes")).isEqualTo(ApiClient.parse("{\"b\":2,\"c\":3}"));
        assertThat(entity.path("entity_type").textValue()).isEqualTo("t");
    }

    @Test
    void aMergePatchOfNothingThereIsNotFound() {
        api.register("a:number");
        api.patch(ENTITIES + "/77", "{\"attributes\":{\"a\":1}}").expect(404);
    }

    @Test
    void aReplacementLeavesNothingOfWhatWas() {
        api.register("a:number", "b:number");
        Answer first = api.put(ENTITIES + "/1", "{\"entity_type\":\"t\",\"attributes\":{\"a\":1}}")
                .expect(201);
        Answer second = api.put(ENTITIES + "/1", "{\"entity_type\":\"u\",\"attributes\":{\"b\":2}}")
                .expect(200);
        assertThat(second.json().path("version").longValue())
                .isGreaterThan(first.json().path("version").longValue());
        JsonNode entity = api.entity(1, ApiClient.TOKEN, second.header(ApiClient.TOKEN))
                .expect(200)
                .json();
        assertThat(entity.path("attributes")).isEqualTo(ApiClient.parse("{\"b\":2}"));
        assertThat(entity.path("entity_type").textValue()).isEqualTo("u");
    }

    @Test
    void aDeletedEntityIsGone() {
        api.register("a:number");
        api.put(ENTITIES + "/1", "{\"entity_type\":\"t\",\"attributes\":{\"a\":1}}")
                .expect(201);
        Answer deleted = api.delete(ENTITIES + "/1").expect(204);
        assertThat(deleted.body()).isEmpty();
        api.entity(1, ApiClient.TOKEN, deleted.header(ApiClient.TOKEN)).expect(404);
        api.delete(ENTITIES + "/1").expect(404);
        assertThat(api.find("a = 1").json().path("entities")).isEmpty();
    }

    @Test
    void oneTenantSeesNothingOfAnother(RunningServer server) {
        api.register("a:number");
        api.put(ENTITIES + "/1", "{\"entity_type\":\"t\",\"attributes\":{\"a\":1}}")
                .expect(201);
        ApiClient other = server.newTenant();
        other.register("b:number");
        other.entity(1, "X-Freshness-Requirement", "realtime").expect(404);
        other.find("a = 1").expect(400);
        assertThat(other.get(ENTITIES, "X-Freshness-Requirement", "realtime")
                        .expect(200)
                        .json()
                        .path("entities"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                "number | 0 | 0",
                "number | -0.0 | 0",
                "number | 12.5 | 12.5",
                "number | -1e-300 | -1e-300",
                "number | 1.7976931348623157e308 | 1.7976931348623157e308",
                "number | 9007199254740992 | 9007199254740992",
                "number | 0.1 | 0.1",
                "text | \"\" | \"\"",
                "text | \"a\\\"b\\\\c\\n\\t/\" | \"a\\\"b\\\\c\\n\\t/\"",
                "text | \"Grüße, 世界 🌍 \\u0001\" | \"Grüße, 世界 🌍 \\u0001\"",
                "text | \"e\\u0301\" | \"e\\u0301\"",
                "text | \" padded \" | \" padded \"",
                "ts | \"2026-01-31T12:00:00Z\" | \"2026-01-31T12:00:00Z\"",
                "ts | \"2026-01-31T12:00:00+05:30\" | \"2026-01-31T06:30:00Z\"",
                "ts | \"2026-01-31T23:30:00.123456789-01:00\" | \"2026-02-01T00:30:00.123456Z\"",
                "ts | \"1969-12-31T23:59:59.999999Z\" | \"1969-12-31T23:59:59.999999Z\"",
                "ts | \"0001-01-01T00:00:00Z\" | \"0001-01-01T00:00:00Z\"",
                "ts | \"9999-12-31T23:59:59.999999Z\" | \"9999-12-31T23:59:59.999999Z\"",
                "ts | \"2026-01-31\" | \"2026-01-31T00:00:00Z\"",
                "bool | true | true",
                "bool | false | false",
                "json | {\"b\":[1,2.5,\"x\",null,true],\"a\":{}} | {\"a\":{},\"b\":[1,2.5,\"x\",null,true]}",
                "json | [] | []",
                "json | \"text\" | \"text\"",
                "json | 12 | 12"
            })
    void aValueComesBackAsItWasGiven(String type, String given, String wanted) {
        api.register("v:" + type);
        String token = api.put(ENTITIES + "/1", "{\"entity_type\":\"t\",\"attributes\":{\"v\":" + given + "}}")
                .expect(201)
                .header(ApiClient.TOKEN);
        JsonNode fromReplica = api.get(ENTITIES + "/1/v", ApiClient.TOKEN, token)
                .expect(200)
                .json()
                .path("value");
        assertThat(same(fromReplica, ApiClient.parse(wanted)))
                .as("%s", fromReplica)
                .isTrue();
        JsonNode fromPrimary = api.entity(1, "X-Freshness-Requirement", "realtime")
                .expect(200)
                .json()
                .path("attributes")
                .path("v");
        assertThat(fromPrimary).isEqualTo(fromReplica);
    }

    private static boolean same(JsonNode left, JsonNode right) {
        return (left.isNumber() && right.isNumber()) ? left.doubleValue() == right.doubleValue() : left.equals(right);
    }

    @Test
    void aBatchAnswersPerItemAndStoresTheGoodOnes() {
        api.register("a:number", "b:text");
        api.put(ENTITIES + "/5", "{\"entity_type\":\"t\",\"attributes\":{\"a\":5,\"b\":\"five\"}}")
                .expect(201);
        Answer answer = api.batch("""
                {"entity_id":1,"entity_type":"t","attributes":{"a":1}}
                {"entity_id":2,"entity_type":"t","attributes":{"a":"no number"}}

                {"op":"create","entity_type":"t","attributes":{"a":3}}
                {"op":"create","entity_id":5,"entity_type":"t"}
                {"op":"patch","entity_id":5,"attributes":{"b":null}}
                {"op":"patch","entity_id":99,"attributes":{"a":1}}
                {"op":"replace","entity_id":6,"entity_type":"t","attributes":{"b":"six"}}
                {"op":"delete","entity_id":6}
                {"op":"delete","entity_id":98}
                {"entity_id":7,"entity_type":"t","attributes":{"a":7}
                {"op":"upsert","entity_id":8,"entity_type":"t"}
                {"entity_id":9,"entity_type":"t","attributes":{"unknown":7}}
                {"entity_id":10,"entity_type":"t","a":7}
                [1]
                {"op":"merge","entity_id":1,"attributes":{"b":"one"}}
                """).expect(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        JsonNode results = answer.json();
        assertThat(IntStream.range(0, results.size())
                        .mapToObj(i -> results.get(i).path("status").intValue()))
                .containsExactly(201, 400, 201, 409, 200, 404, 201, 204, 404, 400, 400, 400, 400, 400, 200);
        for (int i = 0; i < results.size(); i++) {
            JsonNode result = results.get(i);
            assertThat(result.path("index").intValue()).isEqualTo(i);
            if (result.path("status").intValue() >= 400) {
                assertThat(result.path("error").path("code").textValue()).isNotBlank();
                assertThat(result.path("error").path("status")).isEqualTo(result.path("status"));
            } else {
                assertThat(result.path("entity_id").longValue()).isPositive();
                assertThat(result.path("version").longValue()).isPositive();
            }
        }
        JsonNode first = api.entity(1, ApiClient.TOKEN, answer.header(ApiClient.TOKEN))
                .expect(200)
                .json();
        assertThat(first.path("attributes")).isEqualTo(ApiClient.parse("{\"a\":1,\"b\":\"one\"}"));
        assertThat(api.find("a >= 0", "count=exact")
                        .json()
                        .path("count")
                        .path("value")
                        .intValue())
                .isEqualTo(3);
    }

    @Test
    void aBatchMayBeAJsonArray() {
        api.register("a:number");
        Answer answer = api.post(
                        ENTITIES + ":batch",
                        "[{\"entity_id\":1,\"entity_type\":\"t\",\"attributes\":{\"a\":1}},"
                                + " {\"entity_id\":2,\"entity_type\":\"t\",\"attributes\":{\"a\":true}},"
                                + " {\"entity_id\":3,\"entity_type\":\"t\",\"attributes\":{\"a\":3}}]")
                .expect(200);
        assertThat(statuses(answer)).containsExactly(201, 400, 201);
        assertThat(answer.has(ApiClient.TOKEN)).isTrue();
        assertThat(statuses(api.post(ENTITIES + ":batch", "[]").expect(200))).isEmpty();
    }

    @Test
    void whatFollowsABreakInAnArrayIsRefusedAndWhatCameBeforeIsStored() {
        api.register("a:number");
        Answer answer = api.post(
                        ENTITIES + ":batch",
                        "[{\"entity_id\":1,\"entity_type\":\"t\",\"attributes\":{\"a\":1}}, {\"entity_id\":2")
                .expect(200);
        assertThat(statuses(answer)).containsExactly(201, 400);
        api.entity(1, "X-Freshness-Requirement", "realtime").expect(200);
    }

    @Test
    void aLargeBatchIsWrittenInSeveralTransactionsAndAnsweredAsNdjson() {
        api.register("a:number");
        StringBuilder lines = new StringBuilder();
        for (int i = 1; i <= 2_500; i++) {
            lines.append("{\"entity_id\":%d,\"entity_type\":\"t\",\"attributes\":{\"a\":%d}}%n".formatted(i, i));
        }
        Answer answer =
                api.batch(lines.toString(), "Accept", "application/x-ndjson").expect(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/x-ndjson");
        List<JsonNode> results = answer.body().lines().map(ApiClient::parse).toList();
        assertThat(results)
                .hasSize(2_500)
                .allMatch(result -> result.path("status").intValue() == 201);
        assertThat(results.getLast().path("entity_id").longValue()).isEqualTo(2_500);
        assertThat(api.get(
                                ENTITIES + "?filter=" + ApiClient.encode("a > 0") + "&limit=1&count=exact",
                                "X-Freshness-Requirement",
                                "realtime")
                        .json()
                        .path("count")
                        .path("value")
                        .intValue())
                .isEqualTo(2_500);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "-a"})
    void pagesLeadThroughAllRowsOnceAndInOrder(String sortby) {
        api.register("a:number", "b:text");
        StringBuilder lines = new StringBuilder();
        for (int i = 1; i <= 103; i++) {
            // Every tenth has no a, the others' have ties.
            String a = i % 10 == 0 ? "" : "\"a\":%d,".formatted(i * 37 % 19);
            lines.append("{\"entity_id\":%d,\"entity_type\":\"t\",\"attributes\":{%s\"b\":\"x\"}}%n".formatted(i, a));
        }
        String token = api.batch(lines.toString()).expect(200).header(ApiClient.TOKEN);
        List<Long> wanted = new ArrayList<>();
        IntStream.rangeClosed(1, 103).forEach(i -> wanted.add((long) i));
        Comparator<Long> byId = sortby.startsWith("-") ? Comparator.reverseOrder() : Comparator.naturalOrder();
        if (!sortby.isEmpty()) {
            Comparator<Long> byValue = Comparator.comparingLong(i -> i * 37 % 19);
            wanted.sort(Comparator.<Long, Boolean>comparing(i -> i % 10 == 0)
                    .thenComparing(sortby.startsWith("-") ? byValue.reversed() : byValue)
                    .thenComparing(byId));
            List<Long> absent =
                    wanted.stream().filter(i -> i % 10 == 0).sorted(byId).toList();
            wanted.removeAll(absent);
            wanted.addAll(absent);
        }
        List<Long> seen = new ArrayList<>();
        String cursor = "";
        int pages = 0;
        do {
            JsonNode page = api.get(
                            ENTITIES + "?filter=" + ApiClient.encode("b = 'x'") + "&limit=10&sortby=" + sortby
                                    + (cursor.isEmpty() ? "" : "&cursor=" + ApiClient.encode(cursor)),
                            ApiClient.TOKEN,
                            token)
                    .expect(200)
                    .json();
            seen.addAll(ids(page));
            assertThat(page.path("count").isNull()).isTrue();
            cursor = page.path("next_cursor").asText("");
            cursor = cursor.equals("null") ? "" : cursor;
            pages++;
        } while (!cursor.isEmpty());
        assertThat(seen).containsExactlyElementsOf(wanted);
        assertThat(pages).isEqualTo(11);
    }

    @Test
    void propertiesSayWhichAttributesComeBack() {
        api.register("a:number", "b:number", "c:number");
        String token = api.put(ENTITIES + "/1", "{\"entity_type\":\"t\",\"attributes\":{\"a\":1,\"b\":2,\"c\":3}}")
                .header(ApiClient.TOKEN);
        JsonNode page = api.get(ENTITIES + "?filter=a%20%3D%201&properties=c,a", ApiClient.TOKEN, token)
                .expect(200)
                .json();
        assertThat(page.path("entities").get(0).path("attributes")).isEqualTo(ApiClient.parse("{\"a\":1,\"c\":3}"));
        assertThat(page.path("entities").get(0).path("entity_id").longValue()).isEqualTo(1);
    }

    @Test
    void aSearchIsTheSameAsAGet() {
        api.register("a:number", "b:text");
        StringBuilder lines = new StringBuilder();
        for (int i = 1; i <= 60; i++) {
            lines.append("{\"entity_id\":%d,\"entity_type\":\"t\",\"attributes\":{\"a\":%d,\"b\":\"x%d\"}}%n"
                    .formatted(i, i % 7, i % 3));
        }
        String token = api.batch(lines.toString()).header(ApiClient.TOKEN);
        Answer got = api.get(
                        ENTITIES + "?filter=" + ApiClient.encode("b = 'x1' AND a < 5")
                                + "&sortby=-a&limit=5&properties=a&count=exact",
                        ApiClient.TOKEN,
                        token)
                .expect(200);
        Answer searched = api.post(
                        ENTITIES + "/search",
                        "{\"filter\":\"b = 'x1' AND a < 5\",\"filter_lang\":\"cql2-text\",\"sortby\":\"-a\",\"limit\":5,"
                                + "\"properties\":[\"a\"],\"count\":\"exact\"}",
                        ApiClient.TOKEN,
                        token)
                .expect(200);
        assertThat(searched.body()).isEqualTo(got.body());
        String cursor = got.json().path("next_cursor").textValue();
        Answer next = api.post(
                        ENTITIES + "/search",
                        "{\"filter\":\"b = 'x1' AND a < 5\",\"sortby\":\"-a\",\"limit\":100,\"cursor\":\"" + cursor
                                + "\"}",
                        ApiClient.TOKEN,
                        token)
                .expect(200);
        assertThat(ids(next.json()))
                .hasSize(got.json().path("count").path("value").intValue() - 5);
    }

    @Test
    void theFoundingQueryFindsExactlyItsRowsAmongTwentyThousand() {
        api.register("status:text", "country:text", "score:number");
        List<String> statuses = List.of("active", "inactive", "banned");
        List<String> countries = List.of("US", "DE", "JP", "BR");
        List<Long> wanted = new ArrayList<>();
        StringBuilder lines = new StringBuilder();
        for (long i = 1; i <= 20_000; i++) {
            String status = statuses.get((int) (i * 7 % 11 % 3));
            String country = countries.get((int) (i * 13 % 17 % 4));
            double score = i * 31 % 1_000 / 10.0;
            String scored = i % 50 == 0 ? "" : ",\"score\":" + score;
            if (i % 50 != 0 && status.equals("active") && country.equals("US") && score > 80) {
                wanted.add(i);
            }
            lines.append(
                    "{\"entity_id\":%d,\"entity_type\":\"user\",\"attributes\":{\"status\":\"%s\",\"country\":\"%s\"%s}}%n"
                            .formatted(i, status, country, scored));
        }
        assertThat(statuses(api.batch(lines.toString()).expect(200)))
                .hasSize(20_000)
                .containsOnly(201);
        Answer answer = api.get(
                        ENTITIES + "?limit=10000&count=exact&filter="
                                + ApiClient.encode("status = 'active' AND country = 'US' AND score > 80"),
                        "X-Freshness-Requirement",
                        "realtime")
                .expect(200);
        assertThat(ids(answer.json())).containsExactlyElementsOf(wanted);
        assertThat(answer.json().path("count").path("value").intValue()).isEqualTo(wanted.size());
        assertThat(wanted).hasSizeGreaterThan(100);
    }

    @Test
    void theContractIsServed() throws IOException {
        Answer answer = api.get("/openapi.yaml").expect(200);
        assertThat(answer.header("Content-Type")).startsWith("application/yaml");
        JsonNode document = new YAMLMapper().readTree(answer.body());
        assertThat(document.path("openapi").textValue()).startsWith("3.1");
        assertThat(document.path("paths").has("/api/v1/entities:batch")).isTrue();
    }

    @Test
    void theNodeTellsOfItself() {
        assertThat(api.get("/health/live").expect(200).json().path("status").textValue())
                .isEqualTo("up");
        assertThat(api.get("/health/ready").expect(200).json().path("status").textValue())
                .isEqualTo("up");
        assertThat(api.get("/status").expect(200).json().path("sources").findValuesAsText("name"))
                .containsExactly("primary", "replica", "olap");
        assertThat(api.get("/metrics").expect(200).body())
                .contains("atlas_source_bound_milliseconds{node=\"olap\",source=\"olap\"}");
    }

    private static List<Long> ids(JsonNode page) {
        return StreamSupport.stream(page.path("entities").spliterator(), false)
                .map(entity -> entity.path("entity_id").longValue())
                .toList();
    }

    private static List<Integer> statuses(Answer batch) {
        return StreamSupport.stream(batch.json().spliterator(), false)
                .map(result -> result.path("status").intValue())
                .toList();
    }
}
