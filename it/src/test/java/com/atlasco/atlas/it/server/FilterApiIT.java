package com.atlasco.atlas.it.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.it.server.ApiClient.Answer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the API shows of the filter language, of orders, of projections and of counts. */
@ExtendWith(TestServer.class)
@Timeout(120)
class FilterApiIT {

    private static final String SEARCH = "/api/v1/entities/search";
    private static final String QUERYABLES = "/api/v1/queryables";
    private static final String[] PRIMARY = {"X-Freshness-Requirement", "realtime"};
    private static final String[] OLAP = {"X-Freshness-Requirement", "analytical", "X-Fallback-Strategy", "fail"};

    private final ApiClient api;
    private String token = "";

    FilterApiIT(RunningServer server) {
        this.api = server.newTenant();
    }

    @BeforeEach
    void write() {
        api.register("score:number", "country:text", "a,b:text", "seen:ts");
        StringBuilder lines = new StringBuilder();
        for (int i = 1; i <= 12; i++) {
            String country =
                    i % 4 == 0 ? "null" : List.of("\"US\"", "\"DE\"", "\"JP\"").get(i % 3);
            lines.append(
                    "{\"entity_id\":%d,\"entity_type\":\"t\",\"attributes\":{\"score\":%d,\"country\":%s,\"a,b\":\"x\"}}%n"
                            .formatted(i, i / 3, country));
        }
        token = api.batch(lines.toString()).expect(200).header(ApiClient.TOKEN);
    }

    @Test
    void bothLanguagesKeepTheSame() {
        String json = "{\"op\":\"and\",\"args\":[{\"op\":\">=\",\"args\":[{\"property\":\"score\"},2]},"
                + "{\"op\":\"not\",\"args\":[{\"op\":\"isNull\",\"args\":[{\"property\":\"country\"}]}]}]}";
        List<Long> wanted = ids(get("filter=" + ApiClient.encode("score >= 2 AND country IS NOT NULL")));
        assertThat(wanted).containsExactly(6L, 7L, 9L, 10L, 11L);
        assertThat(ids(get("filter-lang=cql2-text&filter=" + ApiClient.encode("score >= 2 AND country IS NOT NULL"))))
                .isEqualTo(wanted);
        assertThat(ids(get("filter-lang=cql2-json&filter=" + ApiClient.encode(json))))
                .isEqualTo(wanted);
        assertThat(ids(search("{\"filter\":" + json + "}"))).isEqualTo(wanted);
        assertThat(ids(search("{\"filter\":" + json + ",\"filter_lang\":\"cql2-json\"}")))
                .isEqualTo(wanted);
        assertThat(ids(search(
                        "{\"filter\":\"%s\",\"filter_lang\":\"cql2-json\"}".formatted(json.replace("\"", "\\\"")))))
                .isEqualTo(wanted);
        JsonNode counted = api.post(
                        "/api/v1/analytics/aggregate",
                        "{\"filter\":" + json + ",\"metrics\":[{\"op\":\"count\"}]}",
                        ApiClient.TOKEN,
                        token)
                .expect(200)
                .json();
        assertThat(counted.at("/groups/0/metrics/count").intValue()).isEqualTo(5);
        JsonNode deletable = api.post("/api/v1/entities:delete", "{\"dry_run\":true,\"filter\":" + json + "}")
                .expect(200)
                .json();
        assertThat(deletable.toString()).contains("5");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'filter':{'op':'>','args':[{'property':'scroe'},1]}}|unknown_attribute|/filter/args/0/property|Did you mean 'score'?",
                "{'filter':{'op':'>','args':[{'property':'score'},'x']}}|filter_type|/filter/args/1|score = 5",
                "{'filter':{'op':'!=','args':[1,2]}}|filter_syntax|/filter/op|isNull",
                "{'filter':{'op':'='},'filter_lang':'cql2-text'}|invalid_request|/filter_lang|cql2-json",
                "{'filter':'score > 1','filter_lang':'cql2-json'}|filter_syntax||cql2-text",
            })
    void aProblemOfAJsonFilterNamesThePlaceInTheBody(String body, String code, String place, String hint) {
        JsonNode problem = search(body.replace('\'', '"')).expect(400).json();
        assertThat(problem.path("code").textValue()).isEqualTo(code);
        assertThat(problem.path("place").asText("")).isEqualTo(place == null ? "" : place);
        assertThat(problem.path("hint").textValue()).contains(hint);
        assertThat(problem.has("position")).isEqualTo(place == null);
    }

    @Test
    void aProblemOfATextFilterNamesLineAndColumn() {
        JsonNode problem = get("filter=" + ApiClient.encode("score > 1 AND\n scroe = 2"))
                .expect(400)
                .json();
        assertThat(problem.at("/position/line").intValue()).isEqualTo(2);
        assertThat(problem.at("/position/column").intValue()).isEqualTo(2);
        assertThat(problem.path("hint").textValue()).contains("score");
    }

    @ParameterizedTest
    @CsvSource({"(,101", "'NOT ',101", "-,30000"})
    void nestingThatIsTooDeepIsRefused(String nest, int times) {
        String filter = nest.repeat(times) + "score > 1" + (nest.equals("(") ? ")".repeat(times) : "");
        JsonNode problem =
                search("{\"filter\":\"%s\"}".formatted(filter)).expect(400).json();
        assertThat(problem.path("code").textValue()).startsWith("filter_");
        JsonNode deep = search(
                        "{\"filter\":" + "{\"op\":\"not\",\"args\":[".repeat(101) + "true" + "]}".repeat(101) + "}")
                .expect(400)
                .json();
        assertThat(deep.path("code").textValue()).isEqualTo("filter_too_large");
    }

    @Test
    void severalSortKeysAreOneOrderOnEverySourceAndAcrossPages() {
        for (String[] source : List.of(PRIMARY, OLAP)) {
            assertThat(ids(get("sortby=" + ApiClient.encode("-score,-country,entity_id"), source)))
                    .as(source[1])
                    .containsExactlyElementsOf(order());
            List<Long> paged = new ArrayList<>();
            String cursor = "";
            do {
                Answer page = get("limit=5&sortby=-score,-country,entity_id" + cursor, source);
                paged.addAll(ids(page));
                JsonNode next = page.json().path("next_cursor");
                cursor = next.isNull() ? "" : "&cursor=" + next.textValue();
            } while (!cursor.isEmpty());
            assertThat(paged).as(source[1]).containsExactlyElementsOf(order());
        }
        String cursor =
                get("limit=5&sortby=-score,country").json().path("next_cursor").textValue();
        assertThat(get("limit=5&sortby=-score,-country&cursor=" + cursor)
                        .expect(400)
                        .json()
                        .path("code")
                        .textValue())
                .isEqualTo("invalid_cursor");
    }

    /** By descending score, then by descending country with the missing last, then by id. */
    private static List<Long> order() {
        return LongStream.rangeClosed(1, 12)
                .boxed()
                .sorted(Comparator.<Long>comparingLong(i -> -(i / 3))
                        .thenComparingLong(
                                i -> i % 4 == 0 ? 3 : List.of(0L, 2L, 1L).get((int) (i % 3)))
                        .thenComparingLong(i -> i))
                .toList();
    }

    @Test
    void aProjectionKeepsTheNamedAttributes() {
        JsonNode entity = get("limit=1&properties=" + ApiClient.encode("score, \"a,b\",version"))
                .expect(200)
                .json()
                .at("/entities/0");
        assertThat(entity.path("attributes").toString()).isEqualTo("{\"a,b\":\"x\",\"score\":0}");
        assertThat(entity.has("version")).isTrue();
        assertThat(search("{\"limit\":1,\"properties\":[\"a,b\"]}")
                        .json()
                        .at("/entities/0/attributes")
                        .toString())
                .isEqualTo("{\"a,b\":\"x\"}");
        JsonNode problem = get("properties=scroe").expect(400).json();
        assertThat(problem.path("place").textValue()).isEqualTo("properties");
        assertThat(problem.path("hint").textValue()).isEqualTo("Did you mean 'score'?");
    }

    @Test
    void countsSayWhatTheyRestOn() {
        String filter = "&filter=" + ApiClient.encode("score >= 2");
        for (String[] source : List.of(PRIMARY, OLAP)) {
            for (String wanted : List.of("exact", "estimate")) {
                JsonNode count = get("limit=1&count=" + wanted + filter, source)
                        .expect(200)
                        .json()
                        .path("count");
                assertThat(count.toString()).isEqualTo("{\"value\":7,\"method\":\"exact\"}");
            }
            assertThat(get("limit=1&count=none" + filter, source)
                            .json()
                            .path("count")
                            .isNull())
                    .isTrue();
        }
        assertThat(search("{\"limit\":1,\"count\":\"estimate\"}")
                        .json()
                        .at("/count/value")
                        .intValue())
                .isEqualTo(12);
        get("count=maybe").expect(400);
    }

    @Test
    void conformanceNamesTheClassesOfTheStandard() {
        JsonNode conformance = api.get("/conformance").expect(200).json();
        assertThat(conformance.path("conformsTo").toString())
                .contains(
                        "\"http://www.opengis.net/spec/cql2/1.0/conf/cql2-text\"",
                        "\"http://www.opengis.net/spec/cql2/1.0/conf/cql2-json\"",
                        "\"http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2\"");
        assertThat(api.get("/api/v1/conformance").expect(200).json()).isEqualTo(conformance);
    }

    @Test
    void queryablesAreASchemaOfTheAttributesInUse() {
        api.put(
                        "/api/v1/attributes/level",
                        "{\"data_type\":\"number\",\"filterable\":false,\"unit\":\"m\",\"description\":\"above the sea\","
                                + "\"constraints\":{\"min\":0,\"max\":9000}}")
                .expect(201);
        api.put("/api/v1/attributes/colour", "{\"data_type\":\"text\",\"constraints\":{\"enum\":[\"red\",\"blue\"]}}")
                .expect(201);
        api.put(
                        "/api/v1/attributes/code",
                        "{\"data_type\":\"text\",\"constraints\":{\"pattern\":\"^[a-z]+$\",\"max_length\":5}}")
                .expect(201);
        api.register("old:text", "extra:json");
        api.delete("/api/v1/attributes/old").expect(200);
        Answer answer = api.get(QUERYABLES).expect(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/schema+json");
        JsonNode schema = answer.json();
        assertThat(schema.path("$schema").textValue()).isEqualTo("https://json-schema.org/draft/2020-12/schema");
        assertThat(schema.path("$id").textValue()).endsWith(QUERYABLES);
        assertThat(schema.path("additionalProperties").booleanValue()).isFalse();
        JsonNode properties = schema.path("properties");
        assertThat(properties.fieldNames())
                .toIterable()
                .containsExactly(
                        "entity_id",
                        "entity_type",
                        "version",
                        "updated_at",
                        "a,b",
                        "code",
                        "colour",
                        "country",
                        "extra",
                        "level",
                        "score",
                        "seen");
        assertThat(properties.path("level").toString())
                .isEqualTo("{\"title\":\"level\",\"description\":\"above the sea\",\"type\":\"number\",\"minimum\":0,"
                        + "\"maximum\":9000,\"x-ogc-unit\":\"m\",\"x-atlas-filterable\":false}");
        assertThat(properties.at("/colour/enum").toString()).isEqualTo("[\"red\",\"blue\"]");
        assertThat(properties.at("/code/pattern").textValue()).isEqualTo("^[a-z]+$");
        assertThat(properties.at("/code/maxLength").intValue()).isEqualTo(5);
        assertThat(properties.at("/seen/format").textValue()).isEqualTo("date-time");
        assertThat(properties.path("extra").has("type")).isFalse();

        String tag = answer.header("ETag");
        assertThat(api.get(QUERYABLES, "If-None-Match", tag).expect(304).header("ETag"))
                .isEqualTo(tag);
        api.register("another:bool");
        assertThat(api.get(QUERYABLES, "If-None-Match", tag).expect(200).header("ETag"))
                .isNotEqualTo(tag);
    }

    private Answer get(String parameters, String... headers) {
        return api.get("/api/v1/entities?" + parameters, withToken(headers));
    }

    private Answer search(String body) {
        return api.post(SEARCH, body, withToken(PRIMARY));
    }

    private String[] withToken(String... headers) {
        List<String> all = new ArrayList<>(List.of(headers));
        all.addAll(List.of(ApiClient.TOKEN, token));
        return all.toArray(String[]::new);
    }

    private static List<Long> ids(Answer answer) {
        return StreamSupport.stream(answer.expect(200).json().path("entities").spliterator(), false)
                .map(entity -> entity.path("entity_id").longValue())
                .toList();
    }
}
