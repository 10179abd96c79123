package com.atlasco.atlas.cli.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.atlasco.atlas.cli.CliRun;
import com.atlasco.atlas.cli.FakeAtlas;
import com.atlasco.atlas.cli.UsageException;
import com.atlasco.atlas.cli.http.ApiAddress;
import com.atlasco.atlas.cli.http.HttpApi;
import com.atlasco.atlas.cli.load.ImportSummary;
import com.atlasco.atlas.cli.load.Importer;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpTest {

    @Test
    void theWholeSampleDataIsTakenAndTakingItAgainChangesNothing() throws IOException, InterruptedException {
        try (FakeAtlas atlas = new FakeAtlas();
                HttpApi api = new HttpApi(ApiAddress.of(atlas.url(), 1))) {
            ImportSummary first = new SampleData().load(api, Importer.Observer.none(), System::nanoTime);
            ImportSummary second = new SampleData().load(api, Importer.Observer.none(), System::nanoTime);

            assertThat(first.figures().created()).isEqualTo(29_828);
            assertThat(second.figures().updated()).isEqualTo(29_828);
            assertThat(first.tokens()).isNotEmpty();
            assertThat(atlas.attributes).hasSize(65);
            assertThat(atlas.entity(102).path("attributes").path("carrier").asText())
                    .isEqualTo("AA");
        }
    }

    @Test
    void waitingForAReplicaThatThereIsNotIsWrongUsage() {
        CliRun run = CliRun.of("up", "--synchronous", "--no-replica", "--port", "0");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--synchronous", "--no-replica");
    }

    @Test
    void aTakenPortIsNamedWithAFreeOne() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> ListeningPort.check(ListeningPort.LOOPBACK, taken.getLocalPort()))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("Port " + taken.getLocalPort())
                    .hasMessageContaining("--port ");
        }
        ListeningPort.check(ListeningPort.LOOPBACK, 0);
    }

    @Test
    void theMarkerRemembersAnInterruptedLoad(@TempDir Path directory) {
        SampleDataMarker marker = new SampleDataMarker(directory);
        assertThat(marker.read()).isEqualTo(SampleDataMarker.State.ABSENT);
        marker.loading();
        assertThat(new SampleDataMarker(directory).read()).isEqualTo(SampleDataMarker.State.LOADING);
        marker.loaded();
        assertThat(new SampleDataMarker(directory).read()).isEqualTo(SampleDataMarker.State.LOADED);
    }

    @Test
    void tiersStopInTheOppositeOrderAndLatecomersAtOnce() {
        List<String> stopped = new ArrayList<>();
        RunningTiers tiers = new RunningTiers(steps());
        tiers.add("first", Duration.ofSeconds(5), () -> stopped.add("first"));
        tiers.add("second", Duration.ofSeconds(5), () -> {
            stopped.add("second");
            throw new IllegalStateException("as it happens");
        });

        tiers.close();
        tiers.close();

        assertThat(stopped).containsExactly("second", "first");
        assertThatThrownBy(() -> tiers.add("late", Duration.ofSeconds(5), () -> stopped.add("late")))
                .isInstanceOf(IllegalStateException.class);
        assertThat(stopped).endsWith("late");
    }

    @Test
    void printedCommandsReachCurlUnchanged() throws IOException, InterruptedException {
        Welcome welcome = new Welcome("http://127.0.0.1:8080");
        List<Welcome.Example> examples = Stream.concat(
                        welcome.overSampleData().stream(), welcome.overNothing().stream())
                .toList();
        assertThat(examples).hasSize(6);
        for (Welcome.Example example : examples) {
            // A function in curl's place prints what it is given, an argument a line.
            Process shell = new ProcessBuilder(
                            "sh", "-c", "curl() { printf '%s\\n' \"$@\"; }; " + example.commandLine())
                    .start();
            String printed = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(shell.waitFor()).isZero();
            assertThat(printed.lines())
                    .containsExactlyElementsOf(
                            example.arguments().subList(1, example.arguments().size()));
        }
    }

    private static Steps steps() {
        return new Steps(new PrintStream(PrintStream.nullOutputStream(), true, StandardCharsets.UTF_8), () -> 0L);
    }
}
