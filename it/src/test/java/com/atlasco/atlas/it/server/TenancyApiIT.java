package com.atlasco.atlas.it.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.atlasco.atlas.it.TestCluster;
import com.atlasco.atlas.it.server.ApiClient.Answer;
import com.atlasco.atlas.server.AtlasServer;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tenants, keys and quotas over HTTP. */
@ExtendWith({TestCluster.class, TestServer.class})
@Timeout(180)
class TenancyApiIT {

    private static final String ADMIN = "/api/v1/admin/tenants";
    private static final String DELETE = "/api/v1/entities:delete";
    private static final String ALL_DRY = "{\"all\":true,\"dry_run\":true}";
    private static final String ENTITY = "{\"entity_type\":\"t\"}";

    private final RunningServer server;
    private final ApiClient api;

    TenancyApiIT(RunningServer server) {
        this.server = server;
        this.api = server.client(1);
    }

    @Test
    void aKeyIsHeldToItsTenantAndScopes() {
        long tenant = create("{\"name\":\"acme\"}");
        String both = key(tenant, "{\"name\":\"both\"}");
        String reader = key(tenant, "{\"name\":\"reader\",\"scopes\":[\"read\"]}");
        String writer = key(tenant, "{\"name\":\"writer\",\"scopes\":[\"write\"]}");
        String admin = key(tenant, "{\"name\":\"admin\",\"scopes\":[\"admin\"]}");
        ApiClient own = server.client(tenant);
        assertThat(own.put("/api/v1/attributes/n", "{\"data_type\":\"number\"}", "X-Api-Key", both)
                        .status())
                .isEqualTo(201);
        own.post("/api/v1/attributes", "{\"attributes\":[{\"name\":\"m\",\"data_type\":\"text\"}]}", bearer(writer))
                .expect(200);
        assertThat(own.put("/api/v1/entities/1", ENTITY, bearer(writer)).status())
                .isEqualTo(201);
        assertThat(own.entity(1, "X-Api-Key", reader, "X-Freshness-Requirement", "realtime")
                        .status())
                .isEqualTo(200);
        assertThat(own.post("/api/v1/entities/search", "{}", bearer(reader)).status())
                .isEqualTo(200);

        assertProblem(own.put("/api/v1/entities/2", ENTITY, bearer(reader)), 403, "forbidden");
        assertProblem(own.batch(ENTITY, bearer(reader)), 403, "forbidden");
        assertProblem(own.entity(1, bearer(writer)), 403, "forbidden");
        // What a filter or a dry run tells is read.
        for (String deletion : List.of("{\"filter\":\"n > 1\"}", "{\"filter\":\"n > 1\",\"dry_run\":true}", ALL_DRY)) {
            assertProblem(own.post(DELETE, deletion, bearer(writer)), 403, "forbidden");
            assertProblem(own.post(DELETE, deletion, bearer(reader)), 403, "forbidden");
            own.post(DELETE, deletion, bearer(both)).expect(200);
        }
        own.post(DELETE, "{\"all\":true}", bearer(writer)).expect(200);
        assertProblem(own.get(ADMIN + "/" + tenant + "/keys", bearer(both)), 403, "forbidden");
        assertThat(own.get(ADMIN + "/" + tenant + "/keys", bearer(admin))
                        .expect(200)
                        .json()
                        .path("keys"))
                .hasSize(4)
                .allSatisfy(listed -> assertThat(listed.has("key")).isFalse());

        // Another tenant, whether or not it exists, is answered alike.
        long existing = create("{\"name\":\"other\"}");
        Answer other = server.client(existing).get("/api/v1/attributes", bearer(both));
        Answer missing = server.client(7_777_777).get("/api/v1/attributes", bearer(both));
        assertProblem(other, 403, "forbidden");
        assertThat(missing.body().replace("7777777", Long.toString(existing))).isEqualTo(other.body());
        assertProblem(own.get(ADMIN + "/" + existing, bearer(admin)), 403, "forbidden");
        assertProblem(own.get(ADMIN + "/7777777", bearer(admin)), 403, "forbidden");
        for (String path : List.of(ADMIN, "/status", "/metrics")) {
            assertProblem(own.get(path, bearer(admin)), 403, "forbidden");
        }
        assertProblem(
                own.patch(ADMIN + "/" + tenant + "/quotas", "{\"max_entities\":null}", bearer(admin)),
                403,
                "forbidden");
    }

    @Test
    void aRevokedOrWrongKeyIsAnswered401() {
        long tenant = create("{\"name\":\"acme\"}");
        ApiClient own = server.client(tenant);
        String text = key(tenant, "{\"name\":\"k\"}");
        own.get("/api/v1/attributes", bearer(text)).expect(200);
        String keyId = text.substring("atlas_key_".length(), text.lastIndexOf('_'));
        assertThat(own.delete(ADMIN + "/" + tenant + "/keys/" + keyId).status()).isEqualTo(204);
        Answer refused = own.get("/api/v1/attributes", bearer(text));
        assertProblem(refused, 401, "unauthenticated");
        assertThat(refused.header("WWW-Authenticate")).startsWith("Bearer");
        assertThat(own.get("/api/v1/attributes", bearer(text + "x")).body()).isEqualTo(refused.body());
        assertThat(own.get("/api/v1/attributes", bearer("atlas_key_nonsense")).body())
                .isEqualTo(refused.body());
        assertProblem(own.delete(ADMIN + "/" + tenant + "/keys/nobodys"), 404, "key_not_found");
        assertProblem(
                own.post(ADMIN + "/" + tenant + "/keys", "{\"name\":\"k\",\"scopes\":[]}"), 400, "invalid_request");
        assertProblem(
                own.post(ADMIN + "/" + tenant + "/keys", "{\"name\":\"k\",\"expires_at\":\"soon\"}"),
                400,
                "invalid_request");
    }

    @Test
    void whereKeysAreRequiredNothingButHealthAndTheContractIsServedWithout() throws IOException {
        ApiClient client = server.newTenant();
        client.register("n:number");
        long tenant = client.tenant();
        String text = key(tenant, "{\"name\":\"k\"}");
        server.stop();
        server.start(true);
        try {
            for (String path : List.of(
                    "/api/v1/attributes",
                    "/api/v1/entities/1",
                    ADMIN,
                    "/status",
                    "/metrics",
                    "/health/replication",
                    "/x")) {
                Answer refused = client.get(path);
                assertProblem(refused, 401, "unauthenticated");
                assertThat(refused.has("WWW-Authenticate")).isTrue();
            }
            assertProblem(client.post("/api/v1/entities", ENTITY), 401, "unauthenticated");
            assertProblem(client.batch(ENTITY), 401, "unauthenticated");
            for (String path :
                    List.of("/health/live", "/health/ready", "/openapi.yaml", "/conformance", "/api/v1/conformance")) {
                assertThat(client.get(path).status()).as(path).isEqualTo(200);
            }
            // The first use of a key asks the primary while a long body waits: nothing of it may be lost.
            String items = IntStream.rangeClosed(1, 20_000)
                    .mapToObj(
                            i -> "{\"entity_id\":%d,\"entity_type\":\"t\",\"attributes\":{\"n\":%d}}\n".formatted(i, i))
                    .collect(Collectors.joining());
            JsonNode results = client.batch(items, bearer(text)).expect(200).json();
            assertThat(results).hasSize(20_000);
            assertThat(results.get(19_999).path("entity_id").asLong()).isEqualTo(20_000);
            String second = key(tenant, "{\"name\":\"k2\"}");
            client.put(
                            "/api/v1/entities/5",
                            ENTITY.replace("\"t\"", "\"" + "t".repeat(100) + "\""),
                            "X-Api-Key",
                            second)
                    .expect(200);
            // From elsewhere: with a key a name or an origin of another machine is no harm.
            assertThat(RawHttp.send(
                                    server.url(),
                                    "GET",
                                    "/api/v1/attributes",
                                    Map.of("Host", "atlas.example", "Authorization", "Bearer " + text),
                                    new byte[0])
                            .status())
                    .isEqualTo(200);
            assertProblem(
                    server.client(8_888_888).post("/api/v1/entities", ENTITY, bearer(RunningServer.OPERATOR_KEY)),
                    404,
                    "tenant_not_found");
            assertThatThrownBy(() -> AtlasServer.start(server.config("0.0.0.0", false)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("require keys");
        } finally {
            server.stop();
            server.start();
        }
    }

    @Test
    void quotasAreAnsweredWithTheLimitAndWhatToDo() {
        long tenant = create("{\"name\":\"q\",\"quotas\":{\"max_entities\":2,\"max_attribute_types\":1}}");
        ApiClient own = server.client(tenant);
        own.register("a:text");
        Answer types = own.put("/api/v1/attributes/b", "{\"data_type\":\"text\"}");
        assertProblem(types, 403, "quota_exceeded");
        assertThat(types.json().path("place").asText()).isEqualTo("max_attribute_types");
        own.put("/api/v1/entities/1", ENTITY).expect(201);
        own.put("/api/v1/entities/2", ENTITY).expect(201);
        Answer third = own.put("/api/v1/entities/3", ENTITY);
        assertProblem(third, 403, "quota_exceeded");
        assertThat(third.json().path("place").asText()).isEqualTo("max_entities");
        assertThat(third.json().path("detail").asText()).contains("2");
        own.put("/api/v1/entities/2", "{\"entity_type\":\"u\"}").expect(200);

        JsonNode changed = own.patch(
                        ADMIN + "/" + tenant + "/quotas", "{\"max_entities\":null,\"max_writes_per_second\":1}")
                .expect(200)
                .json();
        assertThat(changed.toString())
                .isEqualTo("{\"max_entities\":null,\"max_attribute_types\":1,\"max_writes_per_second\":1}");
        own.put("/api/v1/entities/3", ENTITY).expect(201);
        // Two within a second; a slow machine may need several attempts to be so fast.
        Answer tooFast = await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(1))
                .until(() -> own.put("/api/v1/entities/3", ENTITY), answer -> answer.status() != 200);
        assertProblem(tooFast, 429, "quota_exceeded");
        assertThat(tooFast.header("Retry-After")).isEqualTo("1");
        assertThat(tooFast.json().path("retry_after_ms").asLong()).isBetween(1L, 1_000L);
        assertThat(own.batch("{\"entity_id\":4,\"entity_type\":\"t\"}\n{\"entity_id\":5,\"entity_type\":\"t\"}")
                        .expect(200)
                        .json())
                .as("slowed, not refused")
                .allSatisfy(item -> assertThat(item.path("status").asInt()).isEqualTo(201));
        for (String quotas : List.of("{\"max_entities\":-1}", "{\"max_writes_per_second\":0}", "{\"x\":1}")) {
            assertProblem(own.patch(ADMIN + "/" + tenant + "/quotas", quotas), 400, "invalid_request");
        }
    }

    @Test
    void aDeletionByFilterIsSlowedToTheTenantsRateAndMakesRoom() {
        long tenant = create("{\"name\":\"slow\",\"quotas\":{\"max_entities\":50}}");
        ApiClient own = server.client(tenant);
        String items = IntStream.rangeClosed(1, 50)
                .mapToObj("{\"entity_id\":%d,\"entity_type\":\"t\"}\n"::formatted)
                .collect(Collectors.joining());
        own.batch(items).expect(200);
        own.patch(ADMIN + "/" + tenant + "/quotas", "{\"max_writes_per_second\":20}")
                .expect(200);
        JsonNode deletion = own.post(DELETE, "{\"filter\":\"entity_type = 't'\"}")
                .expect(200)
                .json();
        assertThat(deletion.path("deleted").asInt()).isEqualTo(50);
        assertThat(deletion.path("done").asBoolean()).isTrue();
        own.patch(ADMIN + "/" + tenant + "/quotas", "{\"max_writes_per_second\":null}")
                .expect(200);
        assertThat(own.batch(items).expect(200).json())
                .as("there is room again at once")
                .allSatisfy(item -> assertThat(item.path("status").asInt()).isEqualTo(201));
    }

    @Test
    void twoWhoChangeDifferentQuotasAtOnceUndoNothing() {
        long tenant = create("{\"name\":\"both\"}");
        String path = ADMIN + "/" + tenant;
        for (int i = 1; i <= 20; i++) {
            int round = i;
            List.of("max_entities", "max_attribute_types", "max_writes_per_second").parallelStream()
                    .forEach(quota -> api.patch(path + "/quotas", "{\"%s\":%d}".formatted(quota, round))
                            .expect(200));
            assertThat(api.get(path).expect(200).json().path("quotas"))
                    .allSatisfy(quota -> assertThat(quota.asInt()).isEqualTo(round));
        }
    }

    @Test
    void tenantsAreListedPageByPageAndTakenIdsRefused() {
        long first = create("{\"name\":\"one\"}");
        long second = create("{\"name\":\"two\"}");
        assertThat(second).isGreaterThan(first);
        assertProblem(api.post(ADMIN, "{\"name\":\"x\",\"tenant_id\":" + first + "}"), 409, "tenant_exists");
        assertProblem(api.post(ADMIN, "{\"name\":\"\"}"), 400, "invalid_name");
        assertProblem(api.post(ADMIN, "{\"tenant_id\":5}"), 400, "invalid_request");
        assertProblem(api.get(ADMIN + "/7777777"), 404, "tenant_not_found");
        assertProblem(api.get(ADMIN + "/seven"), 400, "invalid_request");
        JsonNode page =
                api.get(ADMIN + "?limit=1&after=" + (first - 1)).expect(200).json();
        assertThat(page.path("tenants").get(0).path("tenant_id").asLong()).isEqualTo(first);
        assertThat(page.path("next_after").asLong()).isEqualTo(first);
        JsonNode next = api.get(ADMIN + "?after=" + (second - 1)).expect(200).json();
        assertThat(next.path("tenants").get(0).path("name").asText()).isEqualTo("two");
    }

    @Test
    void aTenantComesIntoBeingQuickly() {
        long[] admin = new long[60];
        long[] firstWrite = new long[60];
        long[] plain = new long[60];
        ApiClient known = server.newTenant();
        // In turns, so that what else the machine does slows all alike.
        for (int i = 0; i < 60; i++) {
            String entity = "/api/v1/entities/" + (i + 1);
            ApiClient client = server.newTenant();
            admin[i] = nanos(() -> create("{\"name\":\"quick\"}"));
            firstWrite[i] = nanos(() -> client.put(entity, ENTITY).expect(201));
            plain[i] = nanos(() -> known.put(entity, ENTITY).expect(201));
        }
        Arrays.sort(admin);
        Arrays.sort(firstWrite);
        Arrays.sort(plain);
        System.out.printf(
                "a tenant is created in %s ms (median, worst), its first write takes %s ms%n",
                millis(admin), millis(firstWrite));
        // On a machine so busy that a plain write takes long, as long as a few of them.
        long patience = Math.max(Duration.ofMillis(100).toNanos(), 5 * plain[30]);
        assertThat(admin[30]).isLessThan(patience);
        assertThat(firstWrite[30]).isLessThan(patience);
    }

    @Test
    void aDeletedTenantIsRefusedAtOnceAndLeavesNoTraceOnAnyTier() throws SQLException {
        long tenant = create("{\"name\":\"short-lived\"}");
        ApiClient own = server.client(tenant);
        own.register("n:number");
        String items = IntStream.rangeClosed(1, 5_000)
                .mapToObj(i ->
                        "{\"entity_id\":%d,\"entity_type\":\"t\",\"attributes\":{\"n\":%d}}\n".formatted(i, i % 10))
                .collect(Collectors.joining());
        own.batch(items).expect(200);
        String count = "{\"metrics\":[{\"op\":\"count\"}]}";
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            Answer answer = own.post("/api/v1/analytics/aggregate", count);
            return answer.status() == 200
                    && answer.header("X-Data-Source").equals("olap")
                    && answer.body().contains("5000");
        });

        Answer deleting = api.delete(ADMIN + "/" + tenant).expect(202);
        assertThat(deleting.json().path("state").asText()).isEqualTo("deleting");
        for (Answer refused : Arrays.asList(
                own.entity(1),
                own.put("/api/v1/entities/1", ENTITY),
                own.put("/api/v1/attributes/m", "{\"data_type\":\"text\"}"),
                own.post("/api/v1/analytics/aggregate", count),
                own.batch(items))) {
            assertProblem(refused, 410, "tenant_gone");
        }
        await().atMost(Duration.ofSeconds(60))
                .until(() -> api.get(ADMIN + "/" + tenant).status() == 410);
        assertProblem(api.post(ADMIN, "{\"name\":\"x\",\"tenant_id\":" + tenant + "}"), 410, "tenant_gone");
        assertProblem(own.put("/api/v1/entities/1", ENTITY), 410, "tenant_gone");

        // What comes after it in the log has arrived, so all of it has.
        ApiClient later = server.newTenant();
        later.put("/api/v1/entities/1", ENTITY).expect(201);
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            Answer answer = later.post("/api/v1/analytics/aggregate", count);
            return answer.status() == 200
                    && answer.header("X-Data-Source").equals("olap")
                    && answer.body().contains("\"count\":1");
        });
        server.stop();
        try (Connection store = DriverManager.getConnection("jdbc:duckdb:" + server.analyticsFile());
                Statement statement = store.createStatement()) {
            for (String table : List.of("entity", "history", "attribute_type", "promoted")) {
                try (ResultSet row = statement.executeQuery(
                        "SELECT count(*) FROM %s WHERE tenant_id = %d".formatted(table, tenant))) {
                    row.next();
                    assertThat(row.getLong(1)).as(table).isZero();
                }
            }
        } finally {
            server.start();
        }
    }

    private long create(String json) {
        return api.post(ADMIN, json).expect(201).json().path("tenant_id").asLong();
    }

    private String key(long tenant, String json) {
        return api.post(ADMIN + "/" + tenant + "/keys", json, bearer(RunningServer.OPERATOR_KEY))
                .expect(201)
                .json()
                .path("key")
                .asText();
    }

    private static String[] bearer(String key) {
        return new String[] {"Authorization", "Bearer " + key};
    }

    private static void assertProblem(Answer answer, int status, String code) {
        answer.expect(status);
        assertThat(answer.json().path("code").asText()).isEqualTo(code);
        assertThat(answer.json().path("hint").asText()).isNotEmpty();
    }

    private static long nanos(Runnable action) {
        long began = System.nanoTime();
        action.run();
        return System.nanoTime() - began;
    }

    private static String millis(long[] sorted) {
        return "%.1f, %.1f".formatted(sorted[sorted.length / 2] / 1e6, sorted[sorted.length - 1] / 1e6);
    }
}
