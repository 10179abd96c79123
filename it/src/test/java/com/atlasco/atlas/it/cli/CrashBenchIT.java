package com.atlasco.atlas.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A kill of each; {@code -Dkills=50} for many. {@code SoakBenchIT} kills at other moments. */
@EnabledOnOs(OS.LINUX)
@Timeout(3_600)
class CrashBenchIT {

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"jvm", "postgres"})
    void nothingAcknowledgedIsLost(String target) throws Exception {
        Path json = directory.resolve("crash.json");
        Path output = directory.resolve("output");
        ProcessBuilder builder = new ProcessBuilder(
                        AtlasProcess.script().toString(),
                        "bench",
                        "crash",
                        "--target",
                        target,
                        "--kills",
                        System.getProperty("kills", "1"),
                        "--json",
                        json.toString())
                .redirectErrorStream(true)
                .redirectOutput(new File(output.toString()));
        builder.environment().put("ATLAS_NO_BUILD", "1");
        int exitCode = builder.start().waitFor();
        assertThat(exitCode).as(Files.readString(output)).isZero();
        JsonNode figures = new ObjectMapper().readTree(json.toFile()).path("figures");
        assertThat(figures.path("acknowledged_writes").longValue()).isPositive();
        assertThat(figures.path("pivot_values").longValue()).isPositive();
        assertThat(figures.path("lost_writes").longValue()).isZero();
    }
}
