package com.atlasco.atlas.analytics.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnpackedLibrariesTest {

    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    @TempDir
    Path directory;

    @Test
    void whatProcessesLeftBehindIsRemovedAndNothingElse() throws IOException {
        Path old = file("libduckdb_java123.so", Duration.ofHours(3));
        Path fresh = file("libduckdb_java124.so", Duration.ofMinutes(1));
        Path foreign = file("libother_java125.so", Duration.ofHours(3));
        UnpackedLibraries.sweep(directory, NOW);
        assertThat(old).doesNotExist();
        assertThat(fresh).exists();
        assertThat(foreign).exists();
    }

    @Test
    void aDirectoryThatIsNotThereIsNoFault() {
        UnpackedLibraries.sweep(directory.resolve("absent"), NOW);
        assertThat(directory.resolve("absent")).doesNotExist();
    }

    private Path file(String name, Duration age) throws IOException {
        Path file = Files.writeString(directory.resolve(name), "library");
        Files.setLastModifiedTime(file, FileTime.from(NOW.minus(age)));
        return file;
    }
}
