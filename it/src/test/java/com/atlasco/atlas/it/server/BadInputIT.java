package com.atlasco.atlas.it.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.it.server.ApiClient.Answer;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(TestServer.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class BadInputIT {

    private static final String ENTITIES = "/api/v1/entities";
    private static final String BATCH = "/api/v1/entities:batch";
    private static final String AGGREGATE = "/api/v1/analytics/aggregate";
    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");
    private static final int HUGE = 100 * 1024 * 1024;

    private final RunningServer server;
    private final ApiClient api;
    private final ApiClient nobody;

    BadInputIT(RunningServer server) {
        this.server = server;
        this.api = server.newTenant();
        this.nobody = server.newTenant();
    }

    @BeforeAll
    void oneEntityIsThere() {
        api.register("score:number", "status:text", "seen:ts", "ok:bool", "extra:json");
        api.put(ENTITIES + "/1", "{\"entity_type\":\"t\",\"attributes\":{\"score\":1,\"status\":\"a\",\"ok\":true}}")
                .expect(201);
    }

    /** One bad request and what it is answered with; the target has a byte in each character. */
    record Bad(
            String name,
            int status,
            String code,
            String method,
            String target,
            Map<String, String> headers,
            String body) {

        static Bad get(String name, int status, String code, String target, String... headers) {
            return new Bad(name, status, code, "GET", target, pairs(headers), "");
        }

        static Bad send(String method, String name, int status, String code, String target, String body) {
            return new Bad(name, status, code, method, target, JSON, body);
        }

        static Bad entity(String name, int status, String code, String body) {
            return send("POST", name, status, code, ENTITIES, body);
        }

        static Bad value(String name, int status, String code, String attribute) {
            return entity(name, status, code, "{\"entity_type\":\"t\",\"attributes\":{" + attribute + "}}");
        }

        static Bad filter(String name, String code, String filter) {
            return get(name, 400, code, ENTITIES + "?filter=" + ApiClient.encode(filter));
        }

        static Bad aggregate(String name, String code, String body) {
            return send("POST", name, 400, code, AGGREGATE, body);
        }

        @Override
        public String toString() {
            return name;
        }

        private static Map<String, String> pairs(String... headers) {
            Map<String, String> pairs = new LinkedHashMap<>();
            for (int i = 0; i < headers.length; i += 2) {
                pairs.put(headers[i], headers[i + 1]);
            }
            return pairs;
        }
    }

    static Stream<Bad> badRequests() {
        return Stream.of(filters(), paths(), bodies(), values(), headers(), parameters(), registry(), aggregates())
                .flatMap(List::stream);
    }

    private static List<Bad> filters() {
        return List.of(
                Bad.filter("unknown attribute", "unknown_attribute", "scor > 1"),
                Bad.filter("wrong type", "filter_type", "score = 'high'"),
                Bad.filter("text against number", "filter_type", "status > 5"),
                Bad.filter("syntax", "filter_syntax", "score >> 1"),
                Bad.filter("nothing behind AND", "filter_syntax", "score > 1 AND"),
                Bad.filter("open quote", "filter_syntax", "status = 'open"),
                Bad.filter("NUL", "", "status = 'a\0b'"),
                Bad.filter("10,000 parentheses", "", "(".repeat(10_000) + "score > 1" + ")".repeat(10_000)),
                Bad.filter("NOT in a long row", "", "NOT ".repeat(20_000) + "ok = true"),
                Bad.filter("a number beyond doubles", "", "score > 1e999"),
                Bad.get("broken percent-encoding", 400, "", ENTITIES + "?filter=%zz"),
                Bad.get("cut percent-encoding", 400, "", ENTITIES + "?filter=score%20%3E%201%2"),
                Bad.get("not UTF-8 in a filter", 400, "", ENTITIES + "?filter=status%20=%20'%FF%FE'"),
                Bad.send(
                        "POST",
                        "unknown attribute in a search",
                        400,
                        "unknown_attribute",
                        ENTITIES + "/search",
                        "{\"filter\":\"scor > 1\"}"),
                Bad.send("POST", "filter is no string", 400, "", ENTITIES + "/search", "{\"filter\":17}"));
    }

    private static List<Bad> paths() {
        return List.of(
                Bad.get("unknown id", 404, "entity_not_found", ENTITIES + "/424242"),
                Bad.get("id 0", 400, "invalid_value", ENTITIES + "/0"),
                Bad.get("negative id", 400, "invalid_value", ENTITIES + "/-1"),
                Bad.get("letters for an id", 400, "invalid_value", ENTITIES + "/abc"),
                Bad.get("id beyond long", 400, "invalid_value", ENTITIES + "/99999999999999999999"),
                Bad.get("id with a sign", 400, "invalid_value", ENTITIES + "/%2B1"),
                Bad.get("id with other digits", 400, "invalid_value", ENTITIES + "/%D9%A1"),
                Bad.get("id with a NUL", 400, "", ENTITIES + "/1%00"),
                Bad.get("unknown attribute of an entity", 404, "attribute_not_found", ENTITIES + "/1/scor"),
                Bad.get("attribute without a value", 404, "attribute_not_found", ENTITIES + "/1/seen"),
                Bad.send(
                        "DELETE",
                        "retiring a name with a NUL",
                        404,
                        "attribute_not_found",
                        "/api/v1/attributes/a%00b",
                        ""),
                Bad.send(
                        "POST",
                        "restoring a name with a NUL",
                        404,
                        "attribute_not_found",
                        "/api/v1/attributes/a%00b/restore",
                        ""),
                Bad.send(
                        "POST",
                        "renaming a name with a NUL",
                        404,
                        "attribute_not_found",
                        "/api/v1/attributes/a%00b/rename",
                        "{\"name\":\"b\"}"),
                Bad.get("not UTF-8 in an attribute's name", 4, "", ENTITIES + "/1/%FF"),
                Bad.get("not UTF-8 in a path", 4, "", "/api/v1/attributes/%C3%28"),
                Bad.get("broken percent-encoding in a path", 4, "", ENTITIES + "/%zz"),
                Bad.get("cut percent-encoding in a path", 4, "", ENTITIES + "/1%2"),
                Bad.get("bytes beyond ASCII in a path", 4, "", ENTITIES + "/\u00ff"),
                Bad.get("unknown route", 404, "route_not_found", "/api/v1/nothing"),
                Bad.get("unknown route at the root", 404, "route_not_found", "/"),
                Bad.get("one level too deep", 404, "route_not_found", ENTITIES + "/1/score/x"),
                Bad.get("up and out", 4, "", "/api/v1/../../etc/passwd"),
                Bad.send("DELETE", "delete of the collection", 405, "method_not_allowed", ENTITIES, ""),
                Bad.send("POST", "post to an entity", 405, "method_not_allowed", ENTITIES + "/1", "{}"),
                Bad.get("get of the aggregate", 405, "method_not_allowed", AGGREGATE),
                Bad.get("get of the batch", 405, "method_not_allowed", BATCH),
                Bad.send("TRACE", "trace", 4, "", ENTITIES, ""),
                Bad.send("FOO", "an unknown method", 4, "", ENTITIES, ""),
                Bad.send("POST", "what only begins like the batch", 404, "route_not_found", BATCH + "es", "[]"),
                Bad.send("DELETE", "delete of nothing", 404, "entity_not_found", ENTITIES + "/424242", ""));
    }

    private static List<Bad> bodies() {
        String deep = "[".repeat(100_000);
        return List.of(
                Bad.entity("empty body", 400, "", ""),
                Bad.entity("null", 400, "", "null"),
                Bad.entity("array", 400, "", "[]"),
                Bad.entity("string", 400, "", "\"x\""),
                Bad.entity("number", 400, "", "1"),
                Bad.entity("no JSON", 400, "", "{entity_type}"),
                Bad.entity("cut JSON", 400, "", "{\"entity_type\":\"t\""),
                Bad.entity("two values", 400, "", "{\"entity_type\":\"t\"} {}"),
                Bad.entity("100,000 brackets", 400, "", deep),
                Bad.entity(
                        "100,000 brackets inside",
                        400,
                        "",
                        "{\"entity_type\":\"t\",\"attributes\":{\"extra\":" + deep + "]".repeat(100_000) + "}}"),
                Bad.entity("duplicate members", 400, "invalid_json", "{\"entity_type\":\"t\",\"entity_type\":\"u\"}"),
                Bad.entity("no type", 400, "", "{\"attributes\":{}}"),
                Bad.entity("blank type", 400, "", "{\"entity_type\":\"  \"}"),
                Bad.entity("type of 201 characters", 400, "", "{\"entity_type\":\"" + "x".repeat(201) + "\"}"),
                Bad.entity("type with NUL", 400, "", "{\"entity_type\":\"a\\u0000b\"}"),
                Bad.entity("type is a number", 400, "", "{\"entity_type\":5}"),
                Bad.entity("unknown member", 400, "", "{\"entity_type\":\"t\",\"score\":1}"),
                Bad.entity("attributes as array", 400, "", "{\"entity_type\":\"t\",\"attributes\":[]}"),
                Bad.entity("attributes as string", 400, "", "{\"entity_type\":\"t\",\"attributes\":\"score\"}"),
                Bad.entity("id 0 in a body", 400, "", "{\"entity_type\":\"t\",\"entity_id\":0}"),
                Bad.entity("id in quotes", 400, "", "{\"entity_type\":\"t\",\"entity_id\":\"1\"}"),
                Bad.entity("id with a fraction", 400, "", "{\"entity_type\":\"t\",\"entity_id\":1.5}"),
                Bad.entity(
                        "id beyond long in a body",
                        400,
                        "",
                        "{\"entity_type\":\"t\",\"entity_id\":99999999999999999999}"),
                Bad.entity("id with a huge exponent", 400, "", "{\"entity_type\":\"t\",\"entity_id\":1e400}"),
                Bad.entity("not UTF-8", 400, "invalid_json", "{\"entity_type\":\"\u00ff\u00fe\"}"),
                Bad.entity("UTF-8 cut off", 400, "invalid_json", "{\"entity_type\":\"\u00c3\"}"),
                Bad.send(
                        "PUT",
                        "two ids",
                        400,
                        "invalid_request",
                        ENTITIES + "/1",
                        "{\"entity_type\":\"t\",\"entity_id\":2}"),
                Bad.send("PATCH", "patch as array", 400, "", ENTITIES + "/1", "[]"),
                Bad.send("PATCH", "patch with an unknown member", 400, "", ENTITIES + "/1", "{\"score\":1}"),
                new Bad(
                        "form",
                        415,
                        "unsupported_media_type",
                        "POST",
                        ENTITIES,
                        Map.of("Content-Type", "application/x-www-form-urlencoded"),
                        "a=b"),
                new Bad(
                        "text",
                        415,
                        "unsupported_media_type",
                        "POST",
                        ENTITIES,
                        Map.of("Content-Type", "text/plain"),
                        "{\"entity_type\":\"t\"}"),
                new Bad(
                        "multipart",
                        415,
                        "unsupported_media_type",
                        "POST",
                        ENTITIES,
                        Map.of("Content-Type", "multipart/form-data; boundary=x"),
                        "--x--"),
                new Bad("no content type", 415, "unsupported_media_type", "POST", ENTITIES, Map.of(), "{}"),
                new Bad(
                        "garbage for a content type",
                        415,
                        "unsupported_media_type",
                        "PUT",
                        ENTITIES + "/1",
                        Map.of("Content-Type", ";;;"),
                        "{}"),
                new Bad(
                        "batch as text",
                        415,
                        "unsupported_media_type",
                        "POST",
                        BATCH,
                        Map.of("Content-Type", "text/plain"),
                        "{}"),
                new Bad("batch of no type", 415, "unsupported_media_type", "POST", BATCH, Map.of(), "{}"));
    }

    private static List<Bad> values() {
        return List.of(
                Bad.value("unknown attribute in a body", 400, "unknown_attribute", "\"scor\":1"),
                Bad.value("NaN", 400, "", "\"score\":NaN"),
                Bad.value("Infinity", 400, "", "\"score\":Infinity"),
                Bad.value("1e400", 400, "", "\"score\":1e400"),
                Bad.value("-1e400", 400, "", "\"score\":-1e400"),
                Bad.value("exponent beyond int", 400, "", "\"score\":1e99999999999"),
                Bad.value("2,000 digits", 400, "", "\"score\":" + "9".repeat(2_000)),
                Bad.value("number in quotes", 400, "invalid_value", "\"score\":\"1\""),
                Bad.value("number for text", 400, "invalid_value", "\"status\":1"),
                Bad.value("array for text", 400, "invalid_value", "\"status\":[\"a\"]"),
                Bad.value("text for bool", 400, "invalid_value", "\"ok\":\"true\""),
                Bad.value("timestamp without offset", 400, "invalid_value", "\"seen\":\"2026-01-31T12:00:00\""),
                Bad.value("30 February", 400, "invalid_value", "\"seen\":\"2026-02-30T12:00:00Z\""),
                Bad.value("year 10000", 400, "invalid_value", "\"seen\":\"+10000-01-01T00:00:00Z\""),
                Bad.value("NUL in text", 400, "", "\"status\":\"a\\u0000b\""),
                Bad.value("lone surrogate", 400, "", "\"status\":\"\\ud800\""),
                Bad.value("NUL in JSON", 400, "", "\"extra\":{\"a\":[\"\\u0000\"]}"),
                Bad.value("NUL in a JSON name", 400, "", "\"extra\":{\"\\u0000\":1}"),
                Bad.value("lone surrogate in JSON", 400, "", "\"extra\":[\"\\udc00\"]"),
                Bad.value("1e400 in JSON", 400, "", "\"extra\":[1e400]"),
                Bad.value("duplicate attributes", 400, "invalid_json", "\"score\":1,\"score\":2"));
    }

    private static List<Bad> headers() {
        String one = ENTITIES + "/1";
        List<Bad> cases = new ArrayList<>();
        for (String text : List.of("soon", "REALTIME", "", "realtime,batch", "\u00ff")) {
            cases.add(Bad.get("freshness '" + text + "'", 400, "invalid_header", one, "X-Freshness-Requirement", text));
        }
        for (String text : List.of("-1", "abc", "1.5", "", "99999999999999999999", "3600001", "1e3")) {
            cases.add(Bad.get("lag '" + text + "'", 400, "invalid_header", one, "X-Max-Acceptable-Lag-Ms", text));
        }
        for (String text : List.of("-1", "abc", "1.5", "", "30001")) {
            cases.add(Bad.get("wait '" + text + "'", 400, "invalid_header", one, "X-Max-Wait-Ms", text));
        }
        for (String text : List.of("never", "olap", "")) {
            cases.add(Bad.get("fallback '" + text + "'", 400, "invalid_header", one, "X-Fallback-Strategy", text));
        }
        for (String text : List.of("garbage", "", "!!!!", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "A".repeat(5_000))) {
            cases.add(Bad.get("token of " + text.length(), 400, "", one, "X-Consistency-Token", text));
        }
        for (String text : List.of("0", "-1", "abc", "", "1.5", "9223372036854775808", "1 OR 1=1")) {
            cases.add(Bad.get("tenant '" + text + "'", 400, "invalid_header", one, "X-Tenant-Id", text));
            cases.add(new Bad(
                    "batch of tenant '" + text + "'",
                    400,
                    "invalid_header",
                    "POST",
                    BATCH,
                    Map.of("Content-Type", "application/json", "X-Tenant-Id", text),
                    "[]"));
        }
        cases.add(new Bad(
                "token at an aggregate",
                400,
                "invalid_token",
                "POST",
                AGGREGATE,
                Map.of("Content-Type", "application/json", "X-Consistency-Token", "garbage"),
                "{\"metrics\":[{\"op\":\"count\"}]}"));
        return cases;
    }

    private static List<Bad> parameters() {
        List<Bad> cases = new ArrayList<>();
        for (String text : List.of("0", "10001", "abc", "-1", "1.5", "", "99999999999999999999")) {
            cases.add(Bad.get("limit '" + text + "'", 400, "", ENTITIES + "?limit=" + text));
        }
        cases.addAll(List.of(
                Bad.get("limit twice", 400, "", ENTITIES + "?limit=1&limit=2"),
                Bad.get("garbage cursor", 400, "invalid_cursor", ENTITIES + "?cursor=garbage"),
                Bad.get("cursor not in base64", 400, "invalid_cursor", ENTITIES + "?cursor=%21%21"),
                Bad.get("unknown sort", 400, "unknown_attribute", ENTITIES + "?sortby=scor"),
                Bad.get("sort by JSON", 400, "", ENTITIES + "?sortby=extra"),
                Bad.get("sort by one twice", 400, "", ENTITIES + "?sortby=score,-score"),
                Bad.get("sort by none and one", 400, "unknown_attribute", ENTITIES + "?sortby=score,"),
                Bad.get("unknown property", 400, "unknown_attribute", ENTITIES + "?properties=score,scor"),
                Bad.get("unknown count", 400, "", ENTITIES + "?count=maybe"),
                Bad.get("unknown language", 400, "", ENTITIES + "?filter-lang=sql"),
                Bad.send("POST", "limit 0 in a search", 400, "", ENTITIES + "/search", "{\"limit\":0}"),
                Bad.send("POST", "huge limit in a search", 400, "", ENTITIES + "/search", "{\"limit\":1e30}"),
                Bad.send("POST", "limit text in a search", 400, "", ENTITIES + "/search", "{\"limit\":\"5\"}"),
                Bad.send("POST", "unknown member of a search", 400, "", ENTITIES + "/search", "{\"filtre\":\"\"}"),
                Bad.send("POST", "cursor null in a search", 400, "", ENTITIES + "/search", "{\"cursor\":5}"),
                Bad.send("POST", "search of null", 400, "", ENTITIES + "/search", "null")));
        return cases;
    }

    private static List<Bad> registry() {
        String number = "{\"data_type\":\"number\"}";
        String at = "/api/v1/attributes/";
        List<Bad> cases = new ArrayList<>(List.of(
                Bad.send("PUT", "name of 201 characters", 400, "", at + "x".repeat(201), number),
                Bad.send("PUT", "name with a control character", 400, "", at + "a%01b", number),
                Bad.send("PUT", "name with NUL", 400, "", at + "a%00b", number),
                Bad.send("PUT", "name with a line break", 400, "", at + "a%0Ab", number),
                Bad.send("PUT", "name not in UTF-8", 400, "", at + "%FF", number),
                Bad.send("PUT", "unknown data type", 400, "", at + "x", "{\"data_type\":\"decimal\"}"),
                Bad.send("PUT", "no data type", 400, "", at + "x", "{}"),
                Bad.send("PUT", "unknown member of a type", 400, "", at + "x", "{\"data_type\":\"number\",\"x\":1}"),
                Bad.send(
                        "PUT",
                        "filterable as text",
                        400,
                        "",
                        at + "x",
                        "{\"data_type\":\"number\",\"filterable\":\"yes\"}"),
                Bad.send("PUT", "unit with NUL", 400, "", at + "x", "{\"data_type\":\"number\",\"unit\":\"\\u0000\"}"),
                Bad.send(
                        "PUT",
                        "unit of 101",
                        400,
                        "",
                        at + "x",
                        "{\"data_type\":\"number\",\"unit\":\"" + "u".repeat(101) + "\"}"),
                Bad.send(
                        "PUT",
                        "description with a lone surrogate",
                        400,
                        "",
                        at + "x",
                        "{\"data_type\":\"number\",\"description\":\"\\ud800\"}"),
                Bad.send(
                        "PUT",
                        "another data type",
                        409,
                        "attribute_conflict",
                        at + "score",
                        "{\"data_type\":\"text\"}"),
                Bad.get("unknown type", 404, "attribute_not_found", at + "scor")));
        for (String reserved : List.of("entity_id", "entity_type", "updated_at", "version")) {
            cases.add(Bad.send("PUT", "the reserved name " + reserved, 400, "", at + reserved, number));
        }
        return cases;
    }

    private static List<Bad> aggregates() {
        String histogram =
                "{\"metrics\":[{\"op\":\"count\"}],\"group_by\":[{\"attribute\":\"score\",\"histogram\":%s}]}";
        return List.of(
                Bad.aggregate("no metrics", "", "{}"),
                Bad.aggregate("empty metrics", "", "{\"metrics\":[]}"),
                Bad.aggregate("unknown op", "", "{\"metrics\":[{\"op\":\"median\",\"attribute\":\"score\"}]}"),
                Bad.aggregate("op in capitals", "", "{\"metrics\":[{\"op\":\"COUNT\"}]}"),
                Bad.aggregate("metric as text", "", "{\"metrics\":[\"count\"]}"),
                Bad.aggregate("avg of nothing", "", "{\"metrics\":[{\"op\":\"avg\"}]}"),
                Bad.aggregate(
                        "avg of text", "filter_type", "{\"metrics\":[{\"op\":\"avg\",\"attribute\":\"status\"}]}"),
                Bad.aggregate(
                        "avg of unknown",
                        "unknown_attribute",
                        "{\"metrics\":[{\"op\":\"avg\",\"attribute\":\"scor\"}]}"),
                Bad.aggregate("min above max", "", histogram.formatted("{\"min\":5,\"max\":1,\"buckets\":3}")),
                Bad.aggregate("min at max", "", histogram.formatted("{\"min\":5,\"max\":5,\"buckets\":3}")),
                Bad.aggregate("no buckets", "", histogram.formatted("{\"min\":0,\"max\":5,\"buckets\":0}")),
                Bad.aggregate("half a bucket", "", histogram.formatted("{\"min\":0,\"max\":5,\"buckets\":1.5}")),
                Bad.aggregate("too many buckets", "", histogram.formatted("{\"min\":0,\"max\":5,\"buckets\":10001}")),
                Bad.aggregate(
                        "more buckets than int",
                        "",
                        histogram.formatted("{\"min\":0,\"max\":5,\"buckets\":99999999999}")),
                Bad.aggregate("max beyond doubles", "", histogram.formatted("{\"min\":0,\"max\":1e400,\"buckets\":3}")),
                Bad.aggregate(
                        "range beyond doubles",
                        "",
                        histogram.formatted("{\"min\":-1.7e308,\"max\":1.7e308,\"buckets\":3}")),
                Bad.aggregate("no max", "", histogram.formatted("{\"min\":0,\"buckets\":3}")),
                Bad.aggregate(
                        "histogram of text",
                        "filter_type",
                        histogram
                                .formatted("{\"min\":0,\"max\":5,\"buckets\":3}")
                                .replace("score", "status")),
                Bad.aggregate(
                        "interval of numbers",
                        "filter_type",
                        "{\"metrics\":[{\"op\":\"count\"}],\"group_by\":[{\"attribute\":\"score\",\"interval\":\"day\"}]}"),
                Bad.aggregate(
                        "unknown interval",
                        "",
                        "{\"metrics\":[{\"op\":\"count\"}],\"group_by\":[{\"attribute\":\"seen\",\"interval\":\"week\"}]}"),
                Bad.aggregate(
                        "histogram and interval",
                        "",
                        "{\"metrics\":[{\"op\":\"count\"}],\"group_by\":[{\"attribute\":\"seen\",\"interval\":\"day\","
                                + "\"histogram\":{\"min\":0,\"max\":5,\"buckets\":3}}]}"),
                Bad.aggregate("group by nothing", "", "{\"metrics\":[{\"op\":\"count\"}],\"group_by\":[{}]}"),
                Bad.aggregate(
                        "group by JSON",
                        "filter_type",
                        "{\"metrics\":[{\"op\":\"count\"}],\"group_by\":[{\"attribute\":\"extra\"}]}"),
                Bad.aggregate("sort by what is not there", "", "{\"metrics\":[{\"op\":\"count\"}],\"sort\":[\"avg\"]}"),
                Bad.aggregate("limit 0", "", "{\"metrics\":[{\"op\":\"count\"}],\"limit\":0}"),
                Bad.aggregate("limit with a fraction", "", "{\"metrics\":[{\"op\":\"count\"}],\"limit\":1.5}"),
                Bad.aggregate(
                        "broken filter", "filter_syntax", "{\"metrics\":[{\"op\":\"count\"}],\"filter\":\"score >\"}"),
                Bad.aggregate("filter as object", "", "{\"metrics\":[{\"op\":\"count\"}],\"filter\":{}}"));
    }

    @ParameterizedTest
    @MethodSource("badRequests")
    void aBadRequestIsRefusedWithAProblemThatHelps(Bad bad) throws IOException {
        Map<String, String> headers = new LinkedHashMap<>(bad.headers());
        headers.putIfAbsent("X-Tenant-Id", Long.toString(api.tenant()));
        RawHttp.Answer answer = RawHttp.send(
                server.url(), bad.method(), bad.target(), headers, bad.body().getBytes(ISO_8859_1));

        if (bad.status() == 4) {
            assertThat(answer.status()).as(answer.body()).isBetween(400, 499);
        } else {
            assertThat(answer.status()).as(answer.body()).isEqualTo(bad.status());
        }
        assertThat(answer.head()).containsIgnoringCase("content-type: application/problem+json");
        JsonNode problem = ApiClient.parse(answer.body());
        assertThat(problem.path("status").intValue()).isEqualTo(answer.status());
        assertThat(problem.path("detail").textValue()).isNotBlank().hasSizeLessThan(2_000);
        assertThat(problem.path("hint").textValue()).isNotBlank();
        if (bad.code().isEmpty()) {
            assertThat(problem.path("code").textValue()).isNotBlank();
        } else {
            assertThat(problem.path("code").textValue()).as(answer.body()).isEqualTo(bad.code());
        }
    }

    @Test
    void anUnknownAttributeInAFilterIsShownWithTheNearestOne() {
        JsonNode problem = api.find("status = 'a'\nAND scor > 1").expect(400).json();
        assertThat(problem.path("code").textValue()).as("%s", problem).isEqualTo("unknown_attribute");
        assertThat(problem.path("position").path("line").intValue()).isEqualTo(2);
        assertThat(problem.path("position").path("column").intValue()).isEqualTo(5);
        assertThat(problem.path("hint").textValue()).contains("score");
    }

    @Test
    void aTenantThatIsNotThereIsNotFoundByReads() {
        for (Answer answer : List.of(
                nobody.entity(1),
                nobody.get(ENTITIES + "/1/score"),
                nobody.get(ENTITIES),
                nobody.post(ENTITIES + "/search", "{}"),
                nobody.post(AGGREGATE, "{\"metrics\":[{\"op\":\"count\"}]}"),
                nobody.delete(ENTITIES + "/1"))) {
            assertThat(answer.expect(404).json().path("code").textValue()).isEqualTo("tenant_not_found");
        }
        // Whoever brings the first data asks first what is registered.
        assertThat(nobody.get("/api/v1/attributes").expect(200).json().path("attributes"))
                .isEmpty();
    }

    @Test
    void aCursorIsOfOneQueryOnly() {
        api.batch("{\"entity_id\":2,\"entity_type\":\"t\"}\n{\"entity_id\":3,\"entity_type\":\"t\"}\n")
                .expect(200);
        String cursor = api.get(ENTITIES + "?limit=1", "X-Freshness-Requirement", "realtime")
                .json()
                .path("next_cursor")
                .textValue();
        assertThat(cursor).isNotBlank();
        JsonNode problem = api.find("score > 0", "cursor=" + cursor).expect(400).json();
        assertThat(problem.path("code").textValue()).isEqualTo("invalid_cursor");
        api.get(ENTITIES + "?sortby=score&cursor=" + cursor).expect(400);
        api.get(ENTITIES + "?cursor=" + cursor.substring(1)).expect(400);
    }

    @Test
    void longTextIsStoredAndFound() {
        String text = "ä".repeat(100_000);
        String token = api.put(
                        ENTITIES + "/100", "{\"entity_type\":\"t\",\"attributes\":{\"status\":\"" + text + "\"}}")
                .expect(201)
                .header(ApiClient.TOKEN);
        assertThat(api.get(ENTITIES + "/100/status", ApiClient.TOKEN, token)
                        .expect(200)
                        .json()
                        .path("value")
                        .textValue())
                .isEqualTo(text);
        String start = text.substring(0, 60_000);
        assertThat(api.post(ENTITIES + "/search", "{\"filter\":\"status > '" + start + "'\"}", ApiClient.TOKEN, token)
                        .expect(200)
                        .json()
                        .path("entities"))
                .hasSize(1);
    }

    @Test
    void brokenLinesOfABatchBreakOnlyThemselves() {
        byte[] body = String.join(
                        "\n",
                        "{\"entity_id\":201,\"entity_type\":\"t\"}",
                        "{\"entity_id\":202,\"entity_type\":\"\u00ff\"}",
                        "{\"entity_id\":203,\"entity_type\":\"t\"",
                        "{\"entity_id\":204,\"entity_id\":205,\"entity_type\":\"t\"}",
                        "[".repeat(100_000),
                        "{\"entity_id\":206,\"entity_type\":\"" + "x".repeat(5 * 1024 * 1024) + "\"}",
                        "null",
                        "{\"entity_id\":207,\"entity_type\":\"t\",\"attributes\":{\"score\":NaN}}",
                        "{\"entity_id\":208,\"entity_type\":\"t\"}",
                        "{\"entity_id\":209,\"entity_type\":")
                .getBytes(ISO_8859_1);
        Answer answer = api.send(
                        "POST", BATCH, BodyPublishers.ofByteArray(body), "Content-Type", "application/x-ndjson")
                .expect(200);
        JsonNode results = answer.json();
        assertThat(IntStream.range(0, results.size())
                        .mapToObj(i -> results.get(i).path("status").intValue()))
                .containsExactly(201, 400, 400, 400, 400, 413, 400, 400, 201, 400);
        assertThat(results.findValues("error"))
                .allMatch(problem -> problem.path("detail").textValue().length() < 500)
                .allMatch(problem -> problem.path("hint").isTextual());
        api.entity(208, "X-Freshness-Requirement", "realtime").expect(200);
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedInWordsTheClientCanRead() throws IOException {
        byte[] body = new byte[HUGE];
        Arrays.fill(body, (byte) ' ');
        RawHttp.Answer raw = RawHttp.send(server.url(), "POST", ENTITIES, JSON, body);
        assertThat(raw.status()).isEqualTo(413);
        assertThat(ApiClient.parse(raw.body()).path("code").textValue()).isEqualTo("payload_too_large");
        assertThat(ApiClient.parse(raw.body()).path("hint").textValue()).contains("batch");

        Answer answer =
                api.send("POST", ENTITIES, BodyPublishers.ofByteArray(body), "Content-Type", "application/json");
        assertThat(answer.expect(413).json().path("code").textValue()).isEqualTo("payload_too_large");
    }

    @Test
    void aClientThatGivesUpInABatchDisturbsNobody() throws IOException {
        try (Socket socket = new Socket(server.url().getHost(), server.url().getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST " + BATCH + " HTTP/1.1\r\nHost: localhost\r\nX-Tenant-Id: " + api.tenant()
                            + "\r\nContent-Type: application/x-ndjson\r\nContent-Length: 1000000\r\n\r\n"
                            + "{\"entity_id\":301,\"entity_type\":\"t\"}\n{\"entity_id\":")
                    .getBytes(UTF_8));
        }
        api.get("/health/ready").expect(200);
    }

    @Test
    void mutatedRequestsNeverMeetAMistakeOfTheServer() throws IOException {
        long seed = Long.getLong("atlas.seed", 20_260_131L);
        ApiClient mutated = server.newTenant();
        mutated.register("score:number", "status:text", "seen:ts", "ok:bool", "extra:json");
        Mutations mutations = new Mutations(new Random(seed), mutated.tenant());
        for (int i = 0; i < 2_000; i++) {
            Mutations.Request request = mutations.next();
            RawHttp.Answer answer;
            try {
                answer = RawHttp.send(
                        server.url(), request.method(), request.target(), request.headers(), request.body());
            } catch (IOException failure) {
                throw new IOException("seed %d, request %d: %s".formatted(seed, i, request), failure);
            }
            assertThat(answer.status())
                    .as("seed %d, request %d: %s%n%s", seed, i, request, answer.body())
                    .isLessThan(500);
            if (answer.status() >= 400 && !request.method().equals("HEAD")) {
                assertThat(ApiClient.parse(answer.body()).path("code").textValue())
                        .as("seed %d, request %d: %s", seed, i, request)
                        .isNotBlank();
            }
        }
    }
}
