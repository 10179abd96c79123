package com.atlasco.atlas.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a bench found.
 *
 * @param scale what was asked for: rates, sizes, seconds
 * @param figures what was measured, by name, the unit in the name
 * @param ratios Atlas to its peers, by name; empty where a bench has none
 */
public record BenchReport(
        String name, Map<String, Object> scale, Map<String, Object> figures, Map<String, Object> ratios) {

    /** Writes the report as JSON, with the machine it was measured on. */
    public void write(Path file) throws IOException {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("name", name);
        document.put(
                "machine",
                Map.of(
                        "cores",
                        Runtime.getRuntime().availableProcessors(),
                        "max_heap_mib",
                        Runtime.getRuntime().maxMemory() >> 20,
                        "os",
                        System.getProperty("os.name") + " " + System.getProperty("os.version"),
                        "jvm",
                        System.getProperty("java.vm.version"),
                        "code_record",
                        CodeRecord.ofThisJvm().isPresent()));
        document.put("scale", scale);
        document.put("figures", figures);
        document.put("ratios", ratios);
        Files.writeString(
                file,
                new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(document) + "\n");
    }

    /** The figures as lines for people. */
    public String table() {
        StringBuilder table = new StringBuilder();
        int width = figures.keySet().stream().mapToInt(String::length).max().orElse(0);
        figures.forEach((figure, value) -> table.append(("  %-" + width + "s  %s%n").formatted(figure, value)));
        return table.toString();
    }
}
