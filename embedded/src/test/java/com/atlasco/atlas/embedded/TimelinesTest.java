package com.atlasco.atlas.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TimelinesTest {

    private static final int SEGMENT = 16 << 20;
    private static final int PAGE = 8192;

    @TempDir
    private Path directory;

    private Path log = Path.of("");

    @BeforeEach
    void makeLog() throws IOException {
        log = Files.createDirectory(directory.resolve("pg_wal"));
    }

    @Test
    void theEndIsBehindTheLastPageThatIsInItsPlace() throws IOException {
        long first = 0x1_0000_0000L - SEGMENT;
        segment("0000000300000000000000FF", first, SEGMENT / PAGE);
        segment("000000030000000100000000", first + SEGMENT, 5);
        // Waits to be used again: an older content under a future name.
        segment("000000030000000100000001", first - SEGMENT, SEGMENT / PAGE);
        segment("000000040000000100000001", first + 2 * SEGMENT, 1);
        Timelines timelines = Timelines.of(directory);
        assertThat(timelines.end(3, first + 100)).isEqualTo(first + SEGMENT + 5 * PAGE);
        assertThat(timelines.end(3, first + 2L * SEGMENT)).isEqualTo(first + 2L * SEGMENT);
        assertThat(timelines.end(5, 7)).isEqualTo(7);
    }

    @Test
    void theHistorySaysWhereATimelineWasLeft() throws IOException {
        Timelines timelines = Timelines.of(directory);
        assertThat(timelines.newest()).isEqualTo(1);
        Files.writeString(log.resolve("00000002.history"), "1\t0/3000060\tno recovery target specified\n");
        Files.writeString(
                log.resolve("0000000A.history"),
                "1\t0/3000060\tno recovery target specified\n\n2\t1/A0\tno recovery target specified\n");
        assertThat(timelines.newest()).isEqualTo(10);
        assertThat(timelines.left(1)).hasValue(0x3000060);
        assertThat(timelines.left(2)).hasValue(0x1_0000_00A0L);
        assertThat(timelines.left(3)).isEmpty();
        assertThat(Timelines.of(directory.resolve("absent")).newest()).isZero();
    }

    private void segment(String name, long begin, int pages) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(SEGMENT).order(ByteOrder.nativeOrder());
        for (int page = 0; page < pages; page++) {
            content.putLong(page * PAGE + 8, begin + (long) page * PAGE);
        }
        Files.write(log.resolve(name), content.array());
    }
}
