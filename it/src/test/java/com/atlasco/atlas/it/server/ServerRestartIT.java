package com.atlasco.atlas.it.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.atlasco.atlas.it.TestCluster.TestDatabase;
import com.atlasco.atlas.it.server.ApiClient.Answer;
import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.postgres.Database;
import com.atlasco.atlas.postgres.PostgresSettings;
import com.atlasco.atlas.postgres.registry.AttributeRegistry;
import com.atlasco.atlas.postgres.write.EntityWrite;
import com.atlasco.atlas.postgres.write.EntityWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestServer.class)
@Timeout(180)
class ServerRestartIT {

    private static final String AGGREGATE = "/api/v1/analytics/aggregate";
    private static final String COUNTS = "{\"group_by\":[{\"attribute\":\"n\"}],\"metrics\":[{\"op\":\"count\"}],"
            + "\"sort\":[\"n\"],\"limit\":100000}";

    private final RunningServer server;
    private final ApiClient api;

    ServerRestartIT(RunningServer server) {
        this.server = server;
        this.api = server.newTenant();
    }

    @Test
    void theAnalyticsStoreGoesOnWhereItStoppedAndMissesNothing() throws Exception {
        api.register("n:number");
        AtomicInteger acknowledged = new AtomicInteger();
        CountDownLatch underWay = new CountDownLatch(200);
        try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> writing = writers.submit(() -> writeUntilRefused(acknowledged, underWay));
            assertThat(underWay.await(60, TimeUnit.SECONDS)).isTrue();
            server.stop();
            writing.get(60, TimeUnit.SECONDS);
        }
        writeAside(server.database(), 1_000_001, 300);
        server.start();

        assertThat(server.capture().path("snapshot_rows").longValue()).isZero();
        String token = api.put("/api/v1/entities/2000000", "{\"entity_type\":\"t\",\"attributes\":{\"n\":2000000}}")
                .expect(201)
                .header(ApiClient.TOKEN);
        Answer olap = await().atMost(Duration.ofSeconds(30))
                .until(
                        () -> api.post(AGGREGATE, COUNTS, ApiClient.TOKEN, token, "X-Fallback-Strategy", "fail"),
                        answer -> answer.status() == 200);
        Answer primary = api.post(AGGREGATE, COUNTS, "X-Freshness-Requirement", "realtime")
                .expect(200);
        assertThat(olap.header("X-Data-Source")).isEqualTo("olap");
        assertThat(primary.header("X-Data-Source")).isEqualTo("primary");
        assertThat(olap.body()).isEqualTo(primary.body());
        assertThat(olap.json().path("groups").size()).isGreaterThanOrEqualTo(acknowledged.get() + 301);
        assertThat(olap.json().path("groups").findValues("metrics"))
                .allMatch(metrics -> metrics.path("count").intValue() == 1);
        assertThat(server.capture().path("snapshot_rows").longValue()).isZero();
    }

    private void writeUntilRefused(AtomicInteger acknowledged, CountDownLatch underWay) {
        for (int i = 1; ; i++) {
            try {
                Answer answer =
                        api.put("/api/v1/entities/" + i, "{\"entity_type\":\"t\",\"attributes\":{\"n\":" + i + "}}");
                if (answer.status() != 201) {
                    return;
                }
            } catch (RuntimeException closed) {
                return;
            }
            acknowledged.incrementAndGet();
            underWay.countDown();
        }
    }

    /** As another program on the same database would. */
    private void writeAside(TestDatabase database, long from, int count) {
        PostgresSettings settings = new PostgresSettings(
                database.jdbcUrl(), database.superuser(), database.password(), 4, Duration.ofSeconds(20), "atlas-it");
        try (Database primary = Database.open(settings);
                AttributeRegistry registry = AttributeRegistry.open(primary)) {
            TenantId tenant = new TenantId(api.tenant());
            AttributeType type = registry.snapshot(tenant).find("n").orElseThrow();
            List<EntityWrite> writes = new ArrayList<>();
            for (long id = from; id < from + count; id++) {
                writes.add(new EntityWrite.Replace(
                        id, "t", new Document(new TreeMap<>(Map.of(type.attributeId(), new Value.NumberValue(id))))));
            }
            assertThat(new EntityWriter(primary, registry).write(tenant, writes).results())
                    .hasSize(count);
        }
    }
}
