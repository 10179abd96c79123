package com.atlasco.atlas.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BinariesTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    private Path cache;

    private final Binaries binaries = Binaries.forThisMachine(InstantSource.fixed(NOW));

    @Test
    void twoStartsAtTheSameTimeUnpackOneWholeDirectory() throws Exception {
        Callable<Path> unpack = () -> binaries.unpack(cache, line -> {});
        List<Path> homes = new ArrayList<>();
        try (var starts = Executors.newFixedThreadPool(2)) {
            for (Future<Path> home : starts.invokeAll(List.of(unpack, unpack))) {
                homes.add(home.get());
            }
        }
        assertThat(homes.getFirst()).isEqualTo(homes.getLast());
        assertThat(homes.getFirst().resolve("bin/postgres")).isExecutable();
        assertThat(homes.getFirst().resolve("bin/initdb")).isExecutable();
        assertThat(homes.getFirst().resolve("lib/libpq.so.5")).isSymbolicLink();
        try (Stream<Path> entries = Files.list(cache)) {
            assertThat(entries).containsExactly(homes.getFirst());
        }
    }

    @Test
    void whatIsThereIsUsedAndWhatWasAbandonedLongAgoIsDeleted() throws Exception {
        Path abandoned = Files.createDirectory(cache.resolve(".unpacking-1"));
        Files.setLastModifiedTime(abandoned, FileTime.from(NOW.minus(Duration.ofHours(2))));
        Path inProgress = Files.createDirectory(cache.resolve(".unpacking-2"));
        Files.setLastModifiedTime(inProgress, FileTime.from(NOW.minus(Duration.ofMinutes(1))));
        List<String> progress = new ArrayList<>();
        Path home = binaries.unpack(cache, progress::add);
        assertThat(progress).hasSize(1);
        assertThat(abandoned).doesNotExist();
        assertThat(inProgress).exists();
        assertThat(binaries.unpack(cache, progress::add)).isEqualTo(home);
        assertThat(progress).hasSize(1);

        Files.delete(home.resolve("bin/postgres"));
        assertThat(binaries.unpack(cache, progress::add).resolve("bin/postgres"))
                .isExecutable();
    }

    @Test
    void cacheFollowsTheXdgSpecification() {
        Path home = Path.of("/home/alice");
        assertThat(Binaries.defaultCache(Map.of(), home)).isEqualTo(Path.of("/home/alice/.cache/atlas"));
        assertThat(Binaries.defaultCache(Map.of("XDG_CACHE_HOME", "/cache"), home))
                .isEqualTo(Path.of("/cache/atlas"));
        assertThat(Binaries.defaultCache(Map.of("XDG_CACHE_HOME", "relative"), home))
                .isEqualTo(Path.of("/home/alice/.cache/atlas"));
    }
}
