package com.atlasco.atlas.cli.up;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.cli.CliRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailoverTest {

    @TempDir
    Path directory;

    @Test
    void anOrderIsCarriedOutOnceAndItsOutcomeTold() throws Exception {
        AtomicInteger failovers = new AtomicInteger();
        try (FailoverDesk _ = FailoverDesk.open(new FailoverFiles(directory), () -> {
            failovers.incrementAndGet();
            return "The server on here:4712 is the primary now";
        })) {
            CliRun run = order();
            assertThat(run.exitCode()).isZero();
            assertThat(run.out()).contains("here:4712");
            CliRun again = order();
            assertThat(again.exitCode()).isZero();
        }
        assertThat(failovers.get()).isEqualTo(2);
    }

    @Test
    void whatFailsSaysWhy() throws Exception {
        try (FailoverDesk _ = FailoverDesk.open(new FailoverFiles(directory), () -> {
            throw new IllegalStateException("There is no replica\nthat could take over");
        })) {
            CliRun run = order();
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).contains("There is no replica that could take over");
        }
    }

    @Test
    void anOrderOfBeforeTheStartIsNotCarriedOut() throws Exception {
        FailoverFiles files = new FailoverFiles(directory);
        files.lay("old");
        AtomicInteger failovers = new AtomicInteger();
        try (FailoverDesk _ = FailoverDesk.open(files, () -> {
            failovers.incrementAndGet();
            return "";
        })) {
            assertThat(files.waiting()).isEmpty();
        }
        assertThat(failovers.get()).isZero();
        assertThat(files.answer("old")).hasValueSatisfying(answer -> {
            assertThat(answer.done()).isFalse();
            assertThat(answer.message()).contains("before atlas up was ready");
        });
    }

    @Test
    void whereSomebodyElseWaitsNothingIsOrdered() throws IOException {
        new FailoverFiles(directory).lay("another");
        CliRun run = order();
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("has been ordered");
        assertThat(new FailoverFiles(directory).waiting()).contains("another");
    }

    @Test
    void whereNoUpRunsTheOrderIsTakenBack() throws IOException {
        CliRun run = order();
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("No atlas up runs");
        assertThat(new FailoverFiles(directory).waiting()).isEmpty();
    }

    @Test
    void aDirectoryThatThereIsNotIsWrongUsage() {
        CliRun run =
                CliRun.of("failover", "--data-dir", directory.resolve("none").toString());
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(Files.exists(directory.resolve("none"))).isFalse();
    }

    private CliRun order() {
        return CliRun.of("failover", "--data-dir", directory.toString());
    }
}
