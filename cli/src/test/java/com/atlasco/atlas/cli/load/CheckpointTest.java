package com.atlasco.atlas.cli.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
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
        ImportIdentity identity = identity("a.csv", "http://a", "tenant 1", "");
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
            checkpoint.stored(rows.get(i));
            missing.remove(rows.get(i));
            if (random.nextInt(5_000) == 0 || i == rows.size() - 1) {
                checkpoint.save();
                long wanted = missing.isEmpty() ? rows.size() : missing.first() - 1L;
                assertThat(Checkpoint.of(identity, false, () -> 0).begin())
                        .as("seed %d", seed)
                        .isEqualTo(wanted);
            }
        }
        assertThat(List.of(
                        identity("b.csv", "http://a", "tenant 1", ""),
                        identity("a.csv", "http://b", "tenant 1", ""),
                        identity("a.csv", "http://a", "tenant 2", ""),
                        identity("a.csv", "http://a", "tenant 1", "--entity-type t")))
                .allSatisfy(other ->
                        assertThat(Checkpoint.of(other, false, () -> 0).begin()).isZero());
        assertThat(Checkpoint.of(identity, true, () -> 0).begin()).isZero();
        assertThat(Checkpoint.of(identity, false, () -> 0).begin())
                .as("it is forgotten")
                .isZero();
    }

    @Test
    void neverPassesARowThatWasRefused() throws IOException {
        ImportIdentity identity = identity("a.csv", "http://a", "tenant 1", "");
        Checkpoint checkpoint = Checkpoint.of(identity, false, () -> 0);
        checkpoint.stored(1);
        checkpoint.stored(2);
        checkpoint.stored(5);
        checkpoint.refused(4);
        assertThat(checkpoint.complete()).isEqualTo(2);
        checkpoint.stored(3);
        for (long row = 6; row < 1_000_000; row++) {
            checkpoint.stored(row);
        }
        checkpoint.stored(5_000_000_000L);
        checkpoint.save();
        assertThat(checkpoint.complete()).isEqualTo(3);
        assertThat(Checkpoint.of(identity, false, () -> 0).begin()).isEqualTo(3);
    }

    @Test
    void rowsHaveIdsOfTheirOwnInEachFile() throws IOException {
        ImportIdentity first = identity("a.csv", "http://a", "tenant 1", "");
        ImportIdentity.RowIds one = first.rowIds();
        ImportIdentity.RowIds other =
                identity("b.csv", "http://a", "tenant 1", "").rowIds();
        Set<Long> ids = new HashSet<>();
        for (long row = 1; row < 100_000; row++) {
            assertThat(ids.add(one.of(row))).isTrue();
            assertThat(ids.add(other.of(row))).isTrue();
            assertThat(ids.add(one.of((1L << 28) + row))).isTrue();
        }
        assertThat(ids).allMatch(id -> id > 1L << 62);
        Files.setLastModifiedTime(first.file(), FileTime.fromMillis(0));
        assertThat(identity("a.csv", "http://elsewhere", "tenant 2", "--entity-type t")
                        .rowIds()
                        .of(7))
                .as("whatever else is different")
                .isEqualTo(one.of(7));
        // Far behind the first 64 KiB.
        Files.writeString(first.file(), "x".repeat(200_000));
        long before = identity("a.csv", "http://a", "tenant 1", "").rowIds().of(7);
        Files.writeString(first.file(), "x".repeat(199_999) + "y");
        assertThat(identity("a.csv", "http://a", "tenant 1", "").rowIds().of(7)).isNotEqualTo(before);
    }

    private ImportIdentity identity(String name, String url, String owner, String options) throws IOException {
        Path file = directory.resolve(name);
        if (!Files.exists(file)) {
            Files.writeString(file, "the same content");
        }
        return ImportIdentity.of(file, url, owner, options, bytes -> {});
    }
}
