package com.atlasco.atlas.it.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestServer.class)
@Timeout(120)
class CaptureLagApiIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final RunningServer server;
    private final ApiClient api;

    CaptureLagApiIT(RunningServer server) {
        this.server = server;
        this.api = server.newTenant();
    }

    @Test
    void theStatusTellsTheSlotAndTheLag() {
        writeSome();
        JsonNode capture = await().atMost(PATIENCE)
                .until(
                        server::capture,
                        known -> known.at("/slot/state").asText().equals("streaming")
                                && known.at("/lag/backlog_events").isNumber());
        assertThat(capture.at("/slot/name").asText()).isEqualTo("atlas");
        assertThat(capture.at("/slot/since").asText()).isNotBlank();
        assertThat(capture.at("/slot/why").asText()).contains("reserved");
        assertThat(capture.at("/slot/retained_bytes").asLong()).isPositive();
        assertThat(capture.at("/slot/safe_bytes").asLong()).isPositive();
        assertThat(capture.at("/slot/limit_bytes").asLong())
                .isGreaterThan(capture.at("/slot/retained_bytes").asLong());
        assertThat(capture.at("/lag/backlog_bytes").isNumber()).isTrue();
        assertThat(capture.at("/lag/events_per_second").isNumber()).isTrue();
        assertThat(capture.at("/lag/bytes_per_second").isNumber()).isTrue();
        assertThat(capture.at("/lag").has("catch_up_ms")).isTrue();
    }

    @Test
    void healthHasAComponentForTheSlotAndTellsTheBacklog() {
        JsonNode slot = await().atMost(PATIENCE)
                .until(
                        () -> component("slot"),
                        known -> known.path("state").asText().equals("streaming"));
        assertThat(slot.path("status").asText()).isEqualTo("up");
        assertThat(slot.path("detail").asText()).contains("retained", "50 %");
        assertThat(component("capture").path("detail").asText()).contains("bytes of log behind");
    }

    @Test
    void metricsHaveTheNamesThatTheAlertsUse() throws IOException {
        writeSome();
        String metrics = await().atMost(PATIENCE)
                .until(
                        () -> api.get("/metrics").body(),
                        text -> text.contains("atlas_capture_slot_state{state=\"streaming\"} 1"));
        assertThat(metrics)
                .contains(
                        "\natlas_capture_backlog_bytes ",
                        "\natlas_capture_backlog_events ",
                        "\natlas_capture_applied_rate ",
                        "\natlas_capture_catch_up_seconds ",
                        "\natlas_capture_slot_retained_bytes ",
                        "\natlas_capture_slot_safe_bytes ",
                        "\natlas_capture_slot_limit_bytes ",
                        "atlas_capture_slot_state{state=\"lost\"} 0");
        assertThat(metrics).doesNotContain("\natlas_capture_slot_retained_bytes NaN");
        Path rules = Path.of("..", "docs", "monitoring", "atlas-alerts.yml");
        Set<String> named = Pattern.compile("atlas_capture_\\w+")
                .matcher(Files.readString(rules))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toSet());
        assertThat(named)
                .hasSizeGreaterThan(4)
                .allSatisfy(name -> assertThat(metrics).contains("\n" + name));
    }

    private void writeSome() {
        api.register("score:number");
        api.batch("{\"entity_id\":1,\"entity_type\":\"t\",\"attributes\":{\"score\":1}}\n")
                .expect(200);
    }

    private JsonNode component(String name) {
        return StreamSupport.stream(
                        api.get("/health/replication").json().path("components").spliterator(), false)
                .filter(known -> known.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
