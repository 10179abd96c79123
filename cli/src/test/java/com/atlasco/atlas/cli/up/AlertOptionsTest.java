package com.atlasco.atlas.cli.up;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.cli.CliRun;
import com.atlasco.atlas.cli.FakeAtlas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlertOptionsTest {

    private static CliRun up(Path directory, String... options) {
        String[] all = Stream.concat(
                        Stream.of(
                                "up",
                                "--port",
                                "0",
                                "--data-dir",
                                directory.resolve("data").toString()),
                        Stream.of(options))
                .toArray(String[]::new);
        return CliRun.of(all);
    }

    private static Path rules(Path directory, String metric, String action) throws IOException {
        return Files.writeString(directory.resolve("rules.json"), """
                {"rules": [{"name": "x", "metric": "%s", "threshold": 1, "for_s": 1, "action": "%s"}]}""".formatted(metric, action));
    }

    @Test
    void aFileThatCannotBeUsedIsRefusedWithPlaceAndRemedyBeforeAnythingIsStarted(@TempDir Path directory)
            throws IOException {
        CliRun run =
                up(directory, "--alert-rules", rules(directory, "lag", "notify").toString());
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("rules.json", "/rules/0/metric", "\"lag\"", "hint", "replica_lag_ms");
        CliRun missing =
                up(directory, "--alert-rules", directory.resolve("none.json").toString());
        assertThat(missing.exitCode()).isEqualTo(2);
        assertThat(missing.err()).contains("there is no file", "none.json");
        CliRun folder = up(directory, "--alert-rules", directory.toString());
        assertThat(folder.exitCode()).isEqualTo(2);
        assertThat(folder.err()).contains("cannot be read");
        assertThat(directory.resolve("data")).doesNotExist();
    }

    @Test
    void aRuleOnATierThatIsNotStartedIsRefused(@TempDir Path directory) throws IOException {
        Path file = rules(directory, "olap_lag_ms", "notify");
        CliRun run = up(directory, "--no-analytics", "--alert-rules", file.toString());
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("/rules/0/metric", "olap_lag_ms", "--no-analytics");
    }

    @Test
    void anAddressThatCannotBePostedToIsRefusedByItsNumber(@TempDir Path directory) {
        CliRun run = up(directory, "--alert-webhook", "http://host/a", "--alert-webhook", "ftp://host/secret");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("number 2", "https://host/path").doesNotContain("secret");
    }

    @Test
    void statusHasALineForEachAlertThatFires() throws IOException {
        try (FakeAtlas atlas = new FakeAtlas()) {
            atlas.answers(200, """
                    {"http":{"url":"http://x"},"sources":[],"alerts":[
                     {"name":"replica_lag","state":"firing","metric":"replica_lag_ms","value":null,"threshold":5000,
                      "since":"2026-01-01T00:00:00Z","action":"interactive_to_primary","action_taken":true,
                      "why":"points and filters are served by the primary"},
                     {"name":"backlog","state":"firing","metric":"capture_backlog_events","value":60000,
                      "threshold":50000,"since":"2026-01-01T00:00:01Z","action":"notify","action_taken":false,
                      "why":"the rule asks for nothing but telling"}]}""");
            assertThat(CliRun.of("status", "--url", atlas.url()).out().lines())
                    .contains(
                            "alert replica_lag fires since 2026-01-01T00:00:00Z: replica_lag_ms is unknown, the"
                                    + " threshold 5000; points and filters are served by the primary",
                            "alert backlog fires since 2026-01-01T00:00:01Z: capture_backlog_events is 60000, the"
                                    + " threshold 50000; the rule asks for nothing but telling");
        }
    }
}
