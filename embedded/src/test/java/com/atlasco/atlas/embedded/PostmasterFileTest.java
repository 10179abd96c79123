package com.atlasco.atlas.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PostmasterFileTest {

    @TempDir
    private Path directory;

    @Test
    void readyOnlyOnceTheLastLineSaysSo() {
        List<String> starting = List.of("4711", "/data", "1700000000", "5432", "", "127.0.0.1", "  1 2", "starting");
        assertThat(PostmasterFile.parse(starting)).hasValueSatisfying(file -> {
            assertThat(file.pid()).isEqualTo(4711);
            assertThat(file.ready()).isFalse();
        });
        List<String> ready = List.of("4711", "/data", "1700000000", "5432", "", "127.0.0.1", "  1 2", "ready   ");
        assertThat(PostmasterFile.parse(ready))
                .hasValueSatisfying(file -> assertThat(file.ready()).isTrue());
    }

    @Test
    void fileBeingWrittenIsNoServer() {
        assertThat(PostmasterFile.parse(List.of())).isEmpty();
        assertThat(PostmasterFile.parse(List.of(""))).isEmpty();
        assertThat(PostmasterFile.parse(List.of("47")))
                .hasValueSatisfying(file -> assertThat(file.ready()).isFalse());
    }

    @Test
    void numberGivenToAnotherProgramIsNotTakenForTheServer() throws Exception {
        long ours = ProcessHandle.current().pid();
        Files.writeString(PostmasterFile.in(directory), ours + "\n" + directory + "\n");
        assertThat(PostmasterFile.read(directory).orElseThrow().process(directory))
                .isEmpty();
    }

    @Test
    void serverOfAnotherDirectoryIsNotTakenForOurs(@TempDir Path other) throws Exception {
        // The words of a server's command line, on a program that only waits.
        Process process = new ProcessBuilder("sh", "-c", "sleep 60; true", "postgres", "-D", other.toString()).start();
        try {
            PostmasterFile file = new PostmasterFile(process.pid(), "ready");
            assertThat(file.process(directory)).isEmpty();
            assertThat(file.process(other)).isPresent();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
