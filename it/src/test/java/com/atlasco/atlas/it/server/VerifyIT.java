package com.atlasco.atlas.it.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.atlasco.atlas.cli.AtlasCli;
import com.atlasco.atlas.cli.CliContext;
import com.atlasco.atlas.cli.ExitCode;
import com.atlasco.atlas.cli.text.Terminal;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The comparison of all tiers of a node that runs. */
@ExtendWith(TestServer.class)
class VerifyIT {

    private static final String VERIFY = "/api/v1/verify";

    private final RunningServer server;
    private final ApiClient client;

    VerifyIT(RunningServer server) {
        this.server = server;
        this.client = server.newTenant();
    }

    /** The lines of an answer. */
    private List<JsonNode> verify(String more) {
        String body = client.post(VERIFY, "{\"tenants\":[%d]%s}".formatted(client.tenant(), more))
                .expect(200)
                .body();
        List<JsonNode> lines = body.lines().map(ApiClient::parse).toList();
        assertThat(lines.getLast().path("type").asText()).as(body).isEqualTo("summary");
        assertThat(lines.getLast().path("done").asBoolean()).as(body).isTrue();
        return lines;
    }

    private static List<JsonNode> findings(List<JsonNode> lines) {
        return lines.stream()
                .filter(line -> line.path("type").asText().equals("finding")
                        && !line.path("kind").asText().equals("undecided"))
                .toList();
    }

    private static void requireAllCompared(List<JsonNode> lines) {
        List<String> compared = new ArrayList<>();
        lines.getLast().path("sources").forEach(source -> {
            assertThat(source.path("compared").asBoolean())
                    .as(source.toString())
                    .isTrue();
            compared.add(source.path("source").asText());
        });
        assertThat(compared).containsExactly("pivot", "replica", "olap");
    }

    private void load(int entities) {
        client.register("score:number", "label:text", "seen:ts", "flag:bool", "more:json");
        client.put("/api/v1/attributes/hot", "{\"data_type\":\"number\",\"hot\":true}")
                .expect(201);
        StringBuilder batch = new StringBuilder();
        for (int id = 1; id <= entities; id++) {
            batch.append(item(id, id)).append('\n');
        }
        client.batch(batch.toString()).expect(200);
    }

    private static String item(long id, long score) {
        return ("{\"entity_id\":%d,\"entity_type\":\"thing\",\"attributes\":{\"score\":%d.5,\"label\":\"label %d\","
                        + "\"seen\":\"2024-01-01T00:00:00.%06dZ\",\"flag\":%b,\"more\":{\"a\":[%d]},\"hot\":%d}}")
                .formatted(id, score, score, score % 1_000_000, score % 2 == 0, score, score);
    }

    @Test
    void findsNothingWhileOthersCreateChangeAndDelete() throws Exception {
        load(3_000);
        long seed = System.nanoTime();
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong writes = new AtomicLong();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> writers = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                RandomGenerator random =
                        RandomGeneratorFactory.of("L64X128MixRandom").create(seed + thread);
                writers.add(threads.submit(() -> {
                    while (!stop.get()) {
                        write(random);
                        writes.incrementAndGet();
                    }
                }));
            }
            try {
                for (int round = 0; round < 3; round++) {
                    List<JsonNode> lines = verify("");
                    assertThat(findings(lines)).as("seed " + seed).isEmpty();
                    requireAllCompared(lines);
                    assertThat(lines.getLast().path("entities").asLong()).isGreaterThan(6_000);
                }
            } finally {
                stop.set(true);
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
        }
        assertThat(writes.get()).isGreaterThan(50);
        List<JsonNode> quiet = verify("");
        assertThat(findings(quiet)).isEmpty();
        assertThat(quiet.getLast().path("undecided").asLong()).isZero();
        assertThat(quiet.stream().map(line -> line.path("type").asText())).contains("progress");
    }

    private void write(RandomGenerator random) {
        // Some are changed again and again, so that they are met in states that come and go.
        long id = 1L + random.nextInt(random.nextBoolean() ? 8 : 4_000);
        int score = random.nextInt(1_000_000);
        switch (random.nextInt(4)) {
            case 0 -> client.delete("/api/v1/entities/" + id);
            case 1 ->
                client.put(
                        "/api/v1/entities/" + id,
                        "{\"entity_type\":\"thing\",\"attributes\":{\"score\":%d,\"hot\":%d}}".formatted(score, score));
            case 2 -> client.batch(item(id, score) + "\n" + item(5_000 + score, score) + "\n");
            default ->
                client.patch(
                        "/api/v1/entities/" + id,
                        "{\"attributes\":{\"label\":\"changed %d\",\"more\":null,\"flag\":%b}}"
                                .formatted(score, score % 2 == 0));
        }
    }

    @Test
    void damageIsPrintedAndMendedByTheCommand() throws Exception {
        load(50);
        String tenant = Long.toString(client.tenant());
        assertThat(cli("verify", "--tenant", tenant).exitCode()).isEqualTo(ExitCode.OK);
        try (Connection connection = server.database().connectAsSuperuser();
                Statement sql = connection.createStatement()) {
            sql.execute("DELETE FROM entity_attribute WHERE tenant_id = %s AND entity_id = 7 AND value_bool IS NOT NULL"
                    .formatted(tenant));
            sql.execute("UPDATE entity_attribute SET value_text = 'other' WHERE tenant_id = %s AND entity_id = 8"
                            .formatted(tenant)
                    + " AND value_text IS NOT NULL");
        }
        Run found = cli("verify", "--tenant", tenant, "--source", "pivot");
        assertThat(found.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(found.out())
                .contains("missing  tenant %s  pivot  entity 7  attribute flag: primary false, pivot has none"
                        .formatted(tenant))
                .contains("stale  tenant %s  pivot  entity 8  attribute label: primary \"label 8\", pivot other"
                        .formatted(tenant))
                .contains("2 differences, 0 mended");
        Run mended = cli("verify", "--tenant", tenant, "--source", "pivot", "--repair");
        assertThat(mended.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(mended.out()).contains("(mended)").contains("2 differences, 2 mended");
        assertThat(cli("verify", "--tenant", tenant, "--json").exitCode()).isEqualTo(ExitCode.OK);
        assertThat(cli("verify", "--source", "primary").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(cli("verify", "--tenant", "987654").exitCode()).isEqualTo(ExitCode.FAILED);
    }

    private record Run(int exitCode, String out) {}

    private Run cli(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--url", server.url().toString()));
        int exitCode = new AtlasCli(new CliContext(
                        new ByteArrayInputStream(new byte[0]),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        Terminal.none(),
                        Terminal.none(),
                        Path.of(""),
                        InstantSource.system(),
                        System::nanoTime))
                .run(all.toArray(String[]::new));
        return new Run(exitCode, out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void damageInTheColumnarStoreIsFoundAndMended() throws Exception {
        load(50);
        // All of it has arrived.
        assertThat(findings(verify(""))).isEmpty();
        server.stop();
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + server.analyticsFile());
                Statement sql = connection.createStatement()) {
            String where = " WHERE tenant_id = %d AND ".formatted(client.tenant());
            sql.execute("DELETE FROM entity" + where + "entity_id = 7");
            sql.execute("UPDATE entity SET version = 0, texts = NULL" + where + "entity_id = 8");
            sql.execute(
                    "INSERT INTO entity SELECT * REPLACE (9999 AS entity_id) FROM entity" + where + "entity_id = 9");
            sql.execute("UPDATE entity SET number_1 = 42" + where + "entity_id = 10");
            sql.execute("DELETE FROM attribute_type" + where + "name = 'seen'");
            sql.execute("UPDATE attribute_type SET filterable = NOT filterable" + where + "name = 'flag'");
        } finally {
            server.start();
        }
        List<JsonNode> found = findings(verify(",\"sources\":[\"olap\"]"));
        assertThat(found)
                .extracting(finding -> finding.path("kind").asText() + " "
                        + finding.path("entity_id").asText() + " "
                        + finding.path("attribute").asText() + " "
                        + finding.path("property").asText())
                .containsExactlyInAnyOrder(
                        "missing 7  ",
                        "stale 8  version",
                        "missing 8 label ",
                        "orphaned 9999  ",
                        "stale 10 hot column number_1",
                        "missing  seen type",
                        "stale  flag filterable");
        assertThat(findings(verify(",\"sources\":[\"olap\"],\"repair\":true")))
                .hasSize(found.size())
                .allMatch(finding -> finding.path("repaired").asBoolean());
        assertThat(findings(verify(""))).isEmpty();
    }

    @Test
    void aReplicaThatDoesNotFollowIsNotCompared() throws SQLException {
        load(10);
        onReplica("SELECT pg_wal_replay_pause()");
        try {
            JsonNode summary = verify(",\"sources\":[\"replica\",\"olap\"]").getLast();
            JsonNode replica = summary.path("sources").get(0);
            assertThat(replica.path("compared").asBoolean()).isFalse();
            assertThat(replica.path("not_compared").asText()).contains("the replica did not reach");
            assertThat(summary.path("sources").get(1).path("compared").asBoolean())
                    .isTrue();
        } finally {
            onReplica("SELECT pg_wal_replay_resume()");
        }
        await("the replica follows")
                .atMost(Duration.ofSeconds(30))
                .until(() -> client.get("/health/replication").status() == 200);
        assertThat(findings(verify(",\"sources\":[\"replica\"]"))).isEmpty();
    }

    private void onReplica(String statement) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        server.database().replicaJdbcUrl(),
                        server.database().superuser(),
                        server.database().password());
                Statement sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }

    @Test
    void aWholePassIsInTheMetrics() {
        load(10);
        String body = client.post(VERIFY, "{}").expect(200).body();
        JsonNode summary = ApiClient.parse(body.lines().toList().getLast());
        assertThat(summary.path("done").asBoolean()).as(body).isTrue();
        String metrics = client.get("/metrics").expect(200).body();
        assertThat(metrics.lines())
                .anyMatch(line -> line.matches("atlas_verify_drift\\{source=\"pivot\"} 0\\.0"))
                .anyMatch(line -> line.matches("atlas_verify_entities_total\\{source=\"olap\"} [1-9].*"))
                .anyMatch(line -> line.matches("atlas_verify_pass_age_seconds [0-9].*"));
    }

    @Test
    void whatIsNoRequestIsRefused() {
        client.post(VERIFY, "{\"sources\":[\"primary\"]}").expect(400);
        client.post(VERIFY, "{\"sample\":0}").expect(400);
        client.post(VERIFY, "{\"tenants\":[0]}").expect(400);
        client.post(VERIFY, "{\"unknown\":1}").expect(400);
        client.post(VERIFY, "{\"tenants\":[987654]}").expect(404);
        client.get(VERIFY).expect(405);
    }
}
