package com.atlasco.atlas.it.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
@Timeout(300)
class UpCommandIT {

    private static final int SIGTERM = 143;

    @TempDir
    Path directory;

    @Test
    void servesUntilSigtermAndLeavesNothingRunning() throws IOException, InterruptedException {
        int port = AtlasProcess.freePort();
        try (AtlasProcess atlas = AtlasProcess.start(directory, port, "--no-sample-data")) {
            JsonNode status = atlas.awaitReady();
            assertThat(status.isObject()).isTrue();
            assertThat(status.path("sources")).isNotEmpty();
            assertThat(status.toString()).doesNotContain("assword");

            write(atlas);
            assertThat(read(atlas)).contains("87.5");
            assertThat(atlas.postgresProcesses()).isNotEmpty();

            assertThat(atlas.terminated(10)).as(atlas.standardError()).isTrue();
            assertThat(atlas.exitCode()).isEqualTo(SIGTERM);
            assertThat(atlas.restOfOutput()).isEmpty();
            assertThat(atlas.postgresProcesses()).isEmpty();
        }
    }

    @Test
    void startsAgainAfterACrashWithWhatWasWritten() throws IOException, InterruptedException {
        int port = AtlasProcess.freePort();
        try (AtlasProcess atlas = AtlasProcess.start(directory, port, "--no-sample-data")) {
            atlas.awaitReady();
            write(atlas);
            atlas.kill();
        }
        try (AtlasProcess atlas = AtlasProcess.start(directory, port, "--no-sample-data")) {
            atlas.awaitReady();
            assertThat(read(atlas)).contains("87.5");
            assertThat(atlas.terminated(10)).as(atlas.standardError()).isTrue();
            assertThat(atlas.postgresProcesses()).isEmpty();
        }
    }

    @Test
    void tiersThatAreLeftOutAreAbsentAndComeWithALaterStart() throws IOException, InterruptedException {
        int port = AtlasProcess.freePort();
        try (AtlasProcess atlas =
                AtlasProcess.start(directory, port, "--no-sample-data", "--no-replica", "--no-analytics")) {
            JsonNode status = atlas.awaitReady();
            assertThat(status.path("sources")).hasSize(2);
            assertThat(status.has("replica")).isFalse();
            assertThat(status.has("olap")).isFalse();
            assertThat(status.has("capture")).isFalse();
            assertThat(atlas.get("/health/replication").statusCode()).isEqualTo(200);

            write(atlas);
            HttpResponse<String> served = atlas.get("/api/v1/entities/1");
            assertThat(served.statusCode()).as(served.body()).isEqualTo(200);
            assertThat(served.headers().firstValue("X-Data-Source")).contains("primary");
            assertThat(served.headers().firstValue("X-Routing-Reason")).contains("only_source");
            assertThat(atlas.terminated(10)).as(atlas.standardError()).isTrue();
        }
        try (AtlasProcess atlas = AtlasProcess.start(directory, port, "--no-sample-data")) {
            assertThat(atlas.awaitReady().path("sources")).hasSize(4);
            assertThat(read(atlas)).contains("87.5");
        }
    }

    @Test
    void oneCommandFailsOverAndNothingIsLost() throws IOException, InterruptedException {
        try (AtlasProcess atlas =
                AtlasProcess.start(directory, AtlasProcess.freePort(), "--no-sample-data", "--synchronous")) {
            JsonNode before = atlas.awaitReady();
            write(atlas);
            Process failover = new ProcessBuilder(
                            AtlasProcess.script().toString(), "failover", "--data-dir", directory.toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(failover.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(failover.waitFor()).as(said).isZero();
            assertThat(said).contains(":" + before.path("replica").path("port").asInt() + " is the primary now");
            await().atMost(Duration.ofSeconds(60))
                    .until(() ->
                            atlas.put("/api/v1/entities/2", "{\"entity_type\":\"player\",\"attributes\":{\"score\":1}}")
                                            .statusCode()
                                    < 300);
            assertThat(read(atlas)).contains("87.5");
            await("capture goes on")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> new ObjectMapper()
                            .readTree(atlas.get("/status").body())
                            .at("/capture/state")
                            .asText()
                            .equals("streaming"));
        }
    }

    @Test
    void twoInstancesRunSideBySideAndEachKeepsItsDirectoryAndPort() throws IOException, InterruptedException {
        int firstPort = AtlasProcess.freePort();
        Path firstDirectory = directory.resolve("first");
        try (AtlasProcess first = AtlasProcess.start(firstDirectory, firstPort, "--no-sample-data");
                AtlasProcess second =
                        AtlasProcess.start(directory.resolve("second"), AtlasProcess.freePort(), "--no-sample-data")) {
            first.awaitReady();
            second.awaitReady();
            write(first);
            assertThat(read(first)).contains("87.5");
            assertThat(second.get("/api/v1/entities/1").statusCode()).isEqualTo(404);

            try (AtlasProcess samePort = AtlasProcess.start(directory.resolve("third"), firstPort)) {
                assertThat(samePort.restOfOutput()).isEmpty();
                assertThat(samePort.standardError()).contains("already in use").contains("--port");
            }
            try (AtlasProcess sameDirectory = AtlasProcess.start(firstDirectory, AtlasProcess.freePort())) {
                assertThat(sameDirectory.restOfOutput()).isEmpty();
                assertThat(sameDirectory.standardError()).contains("in use by a running Atlas");
            }
        }
    }

    @Test
    void theFirstStartLoadsTheSampleDataAndTheNextFindsIt() throws IOException, InterruptedException {
        for (int start = 0; start < 2; start++) {
            try (AtlasProcess atlas = AtlasProcess.start(directory, AtlasProcess.freePort())) {
                atlas.awaitReady();
                assertThat(atlas.get("/api/v1/entities/102/carrier").body()).contains("AA");
                if (start == 0) {
                    assertThat(atlas.standardError()).contains("29,828 entities");
                } else {
                    assertThat(atlas.standardError()).doesNotContain("Sample data");
                }
                assertThat(atlas.terminated(10)).as(atlas.standardError()).isTrue();
            }
        }
    }

    private static void write(AtlasProcess atlas) throws IOException, InterruptedException {
        assertThat(atlas.put("/api/v1/attributes/score", "{\"data_type\":\"number\"}")
                        .statusCode())
                .isEqualTo(201);
        HttpResponse<String> written =
                atlas.put("/api/v1/entities/1", "{\"entity_type\":\"player\",\"attributes\":{\"score\":87.5}}");
        assertThat(written.statusCode()).as(written.body()).isEqualTo(201);
    }

    private static String read(AtlasProcess atlas) throws IOException, InterruptedException {
        HttpResponse<String> answer = atlas.get("/api/v1/entities/1/score");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }
}
