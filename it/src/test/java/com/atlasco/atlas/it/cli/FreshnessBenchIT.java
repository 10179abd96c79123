package com.atlasco.atlas.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every answer is held against what was acknowledged while something fails; {@code -Dfaults=a,b} and {@code -Dminutes=} for
 * others and for longer.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(6 * 3_600)
class FreshnessBenchIT {

    @TempDir
    Path directory;

    @Test
    void noAnswerIsStalerThanItClaimsAndWhatCanBeServedIs() throws Exception {
        Path json = directory.resolve("freshness.json");
        Path output = directory.resolve("output");
        List<String> command = new ArrayList<>(List.of(
                AtlasProcess.script().toString(),
                "bench",
                "freshness",
                "--minutes",
                System.getProperty("minutes", "0.2"),
                "--json",
                json.toString()));
        List<String> faults = Arrays.asList(System.getProperty("faults", "replication_log_cut,replica_line_delayed")
                .split(","));
        faults.forEach(fault -> command.addAll(List.of("--fault", fault)));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("ATLAS_NO_BUILD", "1");
        int exitCode = builder.start().waitFor();
        String said = Files.readString(output);
        System.out.println(said);
        assertThat(exitCode).as(said).isZero();
        JsonNode figures = new ObjectMapper().readTree(json.toFile()).path("figures");
        assertThat(figures.path("reads").longValue()).isPositive();
        assertThat(figures.path("reads_replica").longValue()).isPositive();
        assertThat(figures.path("reads_with_tokens").longValue()).isPositive();
        assertThat(figures.path("writes").longValue()).isPositive();
        assertThat(figures.path("violations").longValue()).isZero();
        assertThat(figures.path("faults").intValue()).isEqualTo(faults.size());
        assertThat(figures.path("faults_that_did_not_bite").intValue()).isZero();
    }
}
