package com.atlasco.atlas.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataDirectoryLockTest {

    @TempDir
    private Path directory;

    /** Says so once it holds the lock, then waits for its input to end. */
    static final class Holder {
        public static void main(String[] arguments) throws Exception {
            DataDirectoryLock.acquire(Path.of(arguments[0]));
            System.out.println("held");
            System.in.read();
            Runtime.getRuntime().halt(0);
        }
    }

    @Test
    void anotherProcessIsNamedAndItsDeathFreesTheDirectory() throws Exception {
        Process holder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        directory.toString())
                .start();
        try (BufferedReader output = holder.inputReader(StandardCharsets.UTF_8)) {
            assertThat(output.readLine()).isEqualTo("held");
            assertThatThrownBy(() -> DataDirectoryLock.acquire(directory))
                    .isInstanceOf(EmbeddedPostgresException.class)
                    .hasMessageContaining("process " + holder.pid());
        } finally {
            holder.destroyForcibly().waitFor();
        }
        DataDirectoryLock.acquire(directory).close();
    }

    @Test
    void oneProcessHoldsItOnce() {
        try (DataDirectoryLock lock = DataDirectoryLock.acquire(directory)) {
            assertThat(lock.guards(directory)).isTrue();
            assertThat(lock.guards(directory.resolve("other"))).isFalse();
            assertThatThrownBy(() -> DataDirectoryLock.acquire(directory))
                    .isInstanceOf(EmbeddedPostgresException.class)
                    .hasMessageContaining(Long.toString(ProcessHandle.current().pid()));
        }
        DataDirectoryLock again = DataDirectoryLock.acquire(directory);
        again.close();
        again.close();
        assertThat(again.guards(directory)).isFalse();
    }

    @Test
    void lockOfAProcessThatDiedWithOurNumberIsTaken() throws Exception {
        Files.writeString(
                directory.resolve("atlas.pid"), ProcessHandle.current().pid() + " 2001-01-01T00:00:00Z");
        DataDirectoryLock.acquire(directory).close();
    }
}
