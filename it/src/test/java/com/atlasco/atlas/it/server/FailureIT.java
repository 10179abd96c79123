package com.atlasco.atlas.it.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.atlasco.atlas.embedded.EmbeddedOptions;
import com.atlasco.atlas.embedded.EmbeddedPostgres;
import com.atlasco.atlas.embedded.PostgresEndpoint;
import com.atlasco.atlas.it.server.ApiClient.Answer;
import com.atlasco.atlas.postgres.check.PivotCheck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What callers see when the database fails, and that it comes back by itself with all that was acknowledged. */
@EnabledOnOs(OS.LINUX)
@Timeout(300)
class FailureIT {

    private static final Duration BACK = Duration.ofSeconds(60);

    // The deadline, and what a busy machine adds to it; whoever waited for the primary would wait longer.
    private static final long BOUND_MILLIS =
            FailingTiers.WRITE_DEADLINE.plusSeconds(15).toMillis();

    @TempDir
    Path directory;

    private final AtomicLong ids = new AtomicLong();
    private final Set<Long> acknowledged = new ConcurrentSkipListSet<>();
    private final Set<Long> refused = new ConcurrentSkipListSet<>();

    @Test
    void writesToAPausedPrimaryAreAnsweredByTheDeadlineAndAKilledOneIsStartedAgain() throws Exception {
        try (FailingTiers tiers = FailingTiers.start(directory.resolve("cluster"), directory, false)) {
            ApiClient api = tiers.api();
            api.register("n:number");
            write(api).expect(201);
            await().atMost(BACK)
                    .until(() -> api.entity(1, "X-Fallback-Strategy", "fail").status() == 200);

            ProcessHandle postmaster = tiers.postmaster("primary");
            tiers.signal("STOP", postmaster);
            try {
                List<Answer> answers = concurrently(40, () -> {
                    long begun = System.nanoTime();
                    Answer answer = write(api);
                    assertThat((System.nanoTime() - begun) / 1_000_000).isLessThan(BOUND_MILLIS);
                    return answer;
                });
                assertThat(answers).allSatisfy(FailureIT::saysThatItFailed);
                assertThat(answers)
                        .as("more than run at once are turned away")
                        .anySatisfy(answer -> assertThat(answer.body()).contains("as many requests as it can"));
                assertThat(api.entity(1, "X-Freshness-Requirement", "operational")
                                .expect(200)
                                .header("X-Data-Source"))
                        .isEqualTo("replica");
                await().atMost(BACK)
                        .untilAsserted(() -> api.get("/health/ready").expect(503));
                api.get("/health/live").expect(200);
            } finally {
                tiers.signal("CONT", postmaster);
            }
            awaitWrites(api);

            tiers.postmaster("primary").destroyForcibly();
            await().atMost(BACK).until(() -> !postmaster.isAlive());
            awaitWrites(api);
            assertThat(tiers.postmaster("primary").pid()).isNotEqualTo(postmaster.pid());
            assertEveryAnswerWasTrue(api);
        }
    }

    @Test
    void withSynchronousReplicationAFailoverLosesNothingThatWasAcknowledged() throws Exception {
        Path cluster = directory.resolve("cluster");
        try (FailingTiers tiers = FailingTiers.start(cluster, directory, true)) {
            ApiClient api = tiers.api();
            api.register("n:number");
            AtomicBoolean stop = new AtomicBoolean();
            try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<?>> writing = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    writing.add(writers.submit(() -> {
                        while (!stop.get()) {
                            Answer answer = write(api);
                            if (answer.status() != 201) {
                                saysThatItFailed(answer);
                            }
                        }
                    }));
                }
                await().atMost(BACK).until(() -> acknowledged.size() > 100);
                tiers.postgres().failOver();
                int before = acknowledged.size();
                await("writes go to the new primary").atMost(BACK).until(() -> acknowledged.size() > before + 100);
                stop.set(true);
                for (Future<?> writer : writing) {
                    writer.get();
                }
            }
            assertEveryAnswerWasTrue(api);
            assertTheColumnarStoreHasAll(api);
        }
        // The next start makes the new primary's data the primary's for good.
        try (FailingTiers tiers = FailingTiers.start(cluster, directory, true)) {
            awaitWrites(tiers.api());
            assertEveryAnswerWasTrue(tiers.api());
            assertThat(cluster.resolve("postgres/primary.superseded")).exists();
        }
    }

    @Test
    void aFullDiskRefusesWritesUntilThereIsRoomAgain() throws Exception {
        Path mount = Files.createDirectory(directory.resolve("small"));
        assumeTrue(run("mount -t tmpfs -o size=450m tmpfs " + mount), "needs the right to mount a small disk");
        try {
            try (FailingTiers tiers = FailingTiers.start(mount.resolve("cluster"), directory, false)) {
                ApiClient api = tiers.api();
                api.register("n:number", "long:text");
                Path filler = mount.resolve("filler");
                fill(filler);
                String text = "x".repeat(200_000);
                Answer full = await().atMost(BACK)
                        .pollInterval(Duration.ofMillis(10))
                        .until(() -> write(api, text), answer -> answer.status() != 201);
                saysThatItFailed(full);
                for (int i = 0; i < 10; i++) {
                    Answer answer = write(api, text);
                    if (answer.status() != 201) {
                        saysThatItFailed(answer);
                    }
                }
                Files.delete(filler);
                awaitWrites(api);
                assertEveryAnswerWasTrue(api);
                PostgresEndpoint primary = tiers.postgres().primary();
                assertThat(PivotCheck.run(primary.jdbcUrl(), primary.superuser(), primary.password())
                                .isEqual())
                        .isTrue();
            }
        } finally {
            run("umount -l " + mount);
        }
    }

    @Test
    void aReplicaThatWasPromotedIsNotTakenForADamagedOne() throws Exception {
        Path cluster = directory.resolve("cluster");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(EmbeddedOptions.of(cluster))) {
            postgres.failOver();
            sql(postgres.replica(), "CREATE TABLE kept AS SELECT 42 AS value");
        }
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(EmbeddedOptions.of(cluster))) {
            sql(postgres.primary(), "DELETE FROM kept WHERE value = 42");
        }
    }

    private static void sql(PostgresEndpoint endpoint, String statement) throws Exception {
        try (var connection = java.sql.DriverManager.getConnection(
                        endpoint.jdbcUrl(), endpoint.superuser(), endpoint.password());
                var running = connection.createStatement()) {
            running.execute(statement);
        }
    }

    /** 503 says when to come back; 504 says that it may have been written. */
    private static void saysThatItFailed(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isIn(503, 504);
        if (answer.status() == 503) {
            assertThat(Integer.parseInt(answer.header("Retry-After"))).isBetween(1, 30);
        } else {
            assertThat(answer.json().path("code").asText()).isEqualTo("outcome_unknown");
        }
    }

    private Answer write(ApiClient api) {
        return write(api, "");
    }

    private Answer write(ApiClient api, String text) {
        long id = ids.incrementAndGet();
        Answer answer = api.put(
                "/api/v1/entities/" + id,
                "{\"entity_type\":\"t\",\"attributes\":{\"n\":%d%s}}"
                        .formatted(id, text.isEmpty() ? "" : ",\"long\":\"" + text + "\""));
        if (answer.status() == 201) {
            acknowledged.add(id);
        } else if (answer.status() == 503) {
            refused.add(id);
        }
        return answer;
    }

    private void awaitWrites(ApiClient api) {
        await("writes succeed again")
                .atMost(BACK)
                .pollInterval(Duration.ofMillis(100))
                .untilAsserted(() -> write(api).expect(201));
    }

    /** Capture goes on from the new primary, without a gap. */
    private void assertTheColumnarStoreHasAll(ApiClient api) {
        String token = write(api).expect(201).header(ApiClient.TOKEN);
        await("capture has come past the failover")
                .atMost(BACK)
                .untilAsserted(
                        () -> fromTheColumnarStore(api, acknowledged.iterator().next(), token)
                                .expect(200));
        for (long id : acknowledged) {
            Answer answer = fromTheColumnarStore(api, id, token).expect(200);
            assertThat(answer.json().path("attributes").path("n").longValue()).isEqualTo(id);
        }
    }

    private static Answer fromTheColumnarStore(ApiClient api, long id, String token) {
        return api.entity(
                id, "X-Data-Source", "olap", "X-Freshness-Requirement", "operational", ApiClient.TOKEN, token);
    }

    /** What was acknowledged is there, and what was refused is not. */
    private void assertEveryAnswerWasTrue(ApiClient api) {
        // Writers may be back before the heartbeat is, without which no bound is known.
        await("reads succeed again")
                .atMost(BACK)
                .untilAsserted(() -> api.entity(acknowledged.iterator().next(), "X-Freshness-Requirement", "realtime")
                        .expect(200));
        for (long id : acknowledged) {
            Answer answer =
                    api.entity(id, "X-Freshness-Requirement", "realtime").expect(200);
            assertThat(answer.json().path("attributes").path("n").longValue()).isEqualTo(id);
        }
        for (long id : refused) {
            api.entity(id, "X-Freshness-Requirement", "realtime").expect(404);
        }
    }

    private static <T> List<T> concurrently(int times, Callable<T> task) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> running = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                running.add(threads.submit(task));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> one : running) {
                results.add(one.get());
            }
            return results;
        }
    }

    private static void fill(Path file) {
        var block = java.nio.ByteBuffer.allocate(64 * 1024);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            while (channel.write(block.clear()) > 0) {
                // Until the disk is full.
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }

    private static boolean run(String command) {
        try {
            return new ProcessBuilder("sh", "-c", command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
