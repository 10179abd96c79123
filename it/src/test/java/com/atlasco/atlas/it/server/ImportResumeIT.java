package com.atlasco.atlas.it.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.atlasco.atlas.cli.Main;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(TestServer.class)
@Timeout(240)
class ImportResumeIT {

    private static final int ROWS = 40_000;

    private final RunningServer server;
    private final ApiClient api;

    @TempDir
    Path directory;

    ImportResumeIT(RunningServer server) {
        this.server = server;
        this.api = server.newTenant();
    }

    /** The server takes twenty seconds for what there is: however slow this machine is, there is time to interfere. */
    @BeforeEach
    void slowDown() {
        api.post(
                        "/api/v1/admin/tenants",
                        "{\"tenant_id\":%d,\"name\":\"slow\",\"quotas\":{\"max_writes_per_second\":2000}}"
                                .formatted(api.tenant()))
                .expect(201);
    }

    private void speedUp() {
        api.patch("/api/v1/admin/tenants/" + api.tenant() + "/quotas", "{\"max_writes_per_second\":null}")
                .expect(200);
    }

    @Test
    void anImportThatIsKilledGoesOnAndStoresEveryRowOnce() throws Exception {
        Path file = rows();
        Process first = start(file);
        await().atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> count() > 4_000);
        first.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
        assertThat(count()).as("it was killed in the middle").isLessThan(ROWS);

        speedUp();
        Process second = start(file);
        assertThat(second.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).as(log()).isZero();
        assertThat(log()).contains("Going on behind row");
        everyRowIsThereOnce();
        assertThat(directory).isDirectoryNotContaining("glob:**.atlas-import");
    }

    @Test
    void anImportOutlivesARestartOfTheServer() throws Exception {
        Process running = start(rows());
        await().atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> count() > 4_000);
        assertThat(count()).as("it is in the middle").isLessThan(ROWS);
        server.restart();
        speedUp();
        assertThat(running.waitFor(150, TimeUnit.SECONDS)).isTrue();
        assertThat(running.exitValue()).as(log()).isZero();
        everyRowIsThereOnce();
    }

    /** Without ids: what is sent twice under two ids would be there twice. */
    private Path rows() throws IOException {
        StringBuilder lines = new StringBuilder("n,s\n");
        for (int row = 1; row <= ROWS; row++) {
            lines.append(row).append(",text of row ").append(row).append('\n');
        }
        return Files.writeString(directory.resolve("rows.csv"), lines);
    }

    private Process start(Path file) throws IOException {
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx200m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "import",
                        file.toString(),
                        "--register",
                        "--entity-type",
                        "row",
                        "--url",
                        server.url().toString(),
                        "--tenant",
                        Long.toString(api.tenant())))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
    }

    private String log() throws IOException {
        return Files.readString(directory.resolve("log"));
    }

    private long count() {
        return api.get(
                        "/api/v1/entities?limit=1&count=exact&filter=" + ApiClient.encode("entity_type = 'row'"),
                        "X-Freshness-Requirement",
                        "realtime")
                .json()
                .path("count")
                .path("value")
                .longValue();
    }

    private void everyRowIsThereOnce() {
        JsonNode total = api.post(
                        "/api/v1/analytics/aggregate",
                        "{\"metrics\":[{\"op\":\"count\"},{\"op\":\"sum\",\"attribute\":\"n\"},"
                                + "{\"op\":\"min\",\"attribute\":\"n\"},{\"op\":\"max\",\"attribute\":\"n\"}]}",
                        "X-Freshness-Requirement",
                        "realtime")
                .expect(200)
                .json()
                .path("groups")
                .path(0)
                .path("metrics");
        assertThat(total.path("count").longValue()).isEqualTo(ROWS);
        assertThat(total.path("sum(n)").longValue()).isEqualTo((long) ROWS * (ROWS + 1) / 2);
        assertThat(total.path("min(n)").longValue()).isEqualTo(1);
        assertThat(total.path("max(n)").longValue()).isEqualTo(ROWS);
    }
}
