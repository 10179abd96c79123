package com.atlasco.atlas.cli.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.atlasco.atlas.cli.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperatorKeyFileTest {

    @TempDir
    Path directory;

    @Test
    void isMadeOnceAndReadableByItsOwnerOnly() throws IOException {
        OperatorKeyFile.Found first = new OperatorKeyFile(directory).find(Optional.empty(), new Random(1));
        OperatorKeyFile.Found second = new OperatorKeyFile(directory).find(Optional.of(" "), new Random(2));
        assertThat(second).isEqualTo(first);
        assertThat(first.text()).startsWith("atlas_operator_").hasSizeGreaterThan(50);
        Path file = first.file().orElseThrow();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void theEnvironmentComesFirstAndLeavesNoFile() throws IOException {
        String given = "g".repeat(40);
        assertThat(new OperatorKeyFile(directory)
                        .find(Optional.of(given), new Random(1))
                        .text())
                .isEqualTo(given);
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).isEmpty();
        }
        assertThatThrownBy(() -> new OperatorKeyFile(directory).find(Optional.of("short"), new Random(1)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("ATLAS_ADMIN_KEY");
    }
}
