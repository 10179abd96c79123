package com.atlasco.atlas.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Some disturbances of all tiers under load; {@code -Dminutes=60} for many, {@code -Dseed=} for the same ones again. */
@EnabledOnOs(OS.LINUX)
@Timeout(6 * 3_600)
class SoakBenchIT {

    @TempDir
    Path directory;

    @Test
    void whateverHappensTheTiersEndEqualToTheModel() throws Exception {
        Path json = directory.resolve("soak.json");
        Path output = directory.resolve("output");
        List<String> command = new ArrayList<>(List.of(
                AtlasProcess.script().toString(),
                "bench",
                "soak",
                "--minutes",
                System.getProperty("minutes", "0.5"),
                "--json",
                json.toString()));
        Optional.ofNullable(System.getProperty("seed")).ifPresent(seed -> command.addAll(List.of("--seed", seed)));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(new File(output.toString()));
        builder.environment().put("ATLAS_NO_BUILD", "1");
        int exitCode = builder.start().waitFor();
        String said = Files.readString(output);
        System.out.println(said);
        assertThat(exitCode).as(said).isZero();
        JsonNode figures = new ObjectMapper().readTree(json.toFile()).path("figures");
        assertThat(figures.path("disturbances").intValue()).isPositive();
        assertThat(figures.path("acknowledged_writes").longValue()).isPositive();
        assertThat(figures.path("history_changes_checked").longValue()).isPositive();
        assertThat(figures.path("entities_compared").longValue()).isPositive();
        assertThat(figures.path("violations").longValue()).isZero();
    }
}
