package com.atlasco.atlas.cli.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {

    @TempDir
    Path directory;

    @Test
    void remembersTheRowsBeforeWhichNoneIsMissing() throws IOException {
        long seed = 21;
        Random random = new Random(seed);
        ImportIdentity identity = identity("a.csv", "http://a", 1);
        Checkpoint checkpoint = Checkpoint.of(identity, true, () -> 0);
        List<Integer> rows = new ArrayList<>();
        TreeSet<Integer> missing = new TreeSet<>();
        for (int row = 1; row <= 200_000; row++) {
            rows.add(row);
            missing.add(row);
        }
        for (int from = 0; from < rows.size(); from += 500) {
            Collections.shuffle(rows.subList(from, Math.min(rows.size(), from + 700)), random);
        }
        for (int i = 0; i < rows.size(); i++) {
            checkpoint.answered(rows.get(i));
            missing.remove(rows.get(i));
            if (random.nextInt(5_000) == 0 || i == rows.size() - 1) {
                checkpoint.save();
                long wanted = missing.isEmpty() ? rows.size() : missing.first() - 1L;
                assertThat(Checkpoint.of(identity, false, () -> 0).begin())
                        .as("seed %d", seed)
                        .isEqualTo(wanted);
            }
        }
        assertThat(Checkpoint.of(identity, true, () -> 0).begin()).isZero();
        assertThat(Checkpoint.of(identity("a.csv", "http://b", 1), false, () -> 0)
                        .begin())
                .isZero();
        assertThat(Checkpoint.of(identity("a.csv", "http://a", 2), false, () -> 0)
                        .begin())
                .isZero();
    }

    @Test
    void rowsHaveIdsOfTheirOwnInEachImport() throws IOException {
        ImportIdentity one = identity("a.csv", "http://a", 1);
        ImportIdentity other = identity("b.csv", "http://a", 1);
        Set<Long> ids = new HashSet<>();
        for (long row = 1; row < 100_000; row++) {
            assertThat(ids.add(one.entityId(row))).isTrue();
            assertThat(ids.add(other.entityId(row))).isTrue();
            assertThat(ids.add(one.entityId((1L << 28) + row))).isTrue();
        }
        assertThat(ids).allMatch(id -> id > 1L << 62);
        assertThat(identity("a.csv", "http://a", 1).entityId(7)).isEqualTo(one.entityId(7));
    }

    private ImportIdentity identity(String name, String url, long tenant) throws IOException {
        Path file = directory.resolve(name);
        if (!Files.exists(file)) {
            Files.writeString(file, name);
        }
        return ImportIdentity.of(file, url, tenant);
    }
}
