package com.atlasco.atlas.freshness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.atlasco.atlas.freshness.SourceStatus.State;
import com.atlasco.atlas.model.Heartbeat;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.Source;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The threads, in real time. */
class ThreadsTest {

    private final ProgressSignal signal = new ProgressSignal();
    private final HeartbeatLog log = new HeartbeatLog("node-1", 36_000);
    private final PrimaryMonitor primary =
            new PrimaryMonitor(HeartbeatSettings.defaults(), System::nanoTime, InstantSource.system(), signal);
    private volatile Optional<Heartbeat> row = Optional.empty();

    @Test
    void theMomentIsNotedBeforeTheStatementIsIssuedAndNoSequenceIsUsedTwice() {
        CopyOnWriteArrayList<Long> sequences = new CopyOnWriteArrayList<>();
        CopyOnWriteArrayList<Long> ages = new CopyOnWriteArrayList<>();
        HeartbeatSender sender = (nodeId, sequence) -> {
            ages.add(System.nanoTime() - log.moment(nodeId, sequence).orElseThrow());
            sequences.add(sequence);
            if (sequence % 2 == 0) {
                throw new IllegalStateException("refused");
            }
            return heartbeat(nodeId, sequence);
        };
        try (HeartbeatWriter writer = writer(sender)) {
            await().untilAsserted(() -> assertThat(sequences).hasSizeGreaterThan(4));
        }
        assertThat(ages)
                .hasSameSizeAs(sequences)
                .allSatisfy(age -> assertThat(age).isNotNegative());
        assertThat(sequences).doesNotHaveDuplicates().isSorted().startsWith(1L, 2L, 3L);
        assertThat(primary.status().state()).isEqualTo(State.HEALTHY);
    }

    @Test
    void aHeartbeatCanBeHurriedAndCloseEndsABlockedSend() {
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger sent = new AtomicInteger();
        HeartbeatSender sender = (nodeId, sequence) -> {
            if (sent.incrementAndGet() == 3) {
                never.await();
            }
            return heartbeat(nodeId, sequence);
        };
        HeartbeatSettings slow = new HeartbeatSettings(
                Duration.ofDays(1), Duration.ofMillis(1), Duration.ofSeconds(20), Duration.ofSeconds(3), 3, 10);
        HeartbeatWriter writer = new HeartbeatWriter(slow, sender, log, primary, System::nanoTime);
        writer.start();
        await().until(() -> sent.get() == 1);
        writer.hurry();
        await().until(() -> sent.get() == 2);
        writer.hurry();
        await().until(() -> sent.get() == 3);
        long started = System.nanoTime();
        writer.close();
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void aMonitorFollowsItsSourceThroughFailureAndSuspension() {
        AtomicBoolean broken = new AtomicBoolean();
        SourceProbe probe = () -> {
            if (broken.get()) {
                throw new java.io.IOException("no route");
            }
            return new Observation(row, Optional.empty(), Map.of("rows", "7"));
        };
        HeartbeatSender sender = (nodeId, sequence) -> {
            Heartbeat heartbeat = heartbeat(nodeId, sequence);
            row = Optional.of(heartbeat);
            return heartbeat;
        };
        try (HeartbeatWriter writer = writer(sender);
                SourceMonitor monitor = new SourceMonitor(
                        Source.OLAP,
                        "olap",
                        probe,
                        log,
                        MonitorSettings.forOlap(),
                        System::nanoTime,
                        InstantSource.system(),
                        signal)) {
            assertThat(monitor.status().state()).isEqualTo(State.UNKNOWN);
            monitor.start();
            await().until(() -> monitor.status().state() == State.HEALTHY);
            assertThat(monitor.details()).containsEntry("rows", "7");

            broken.set(true);
            await().until(() -> monitor.status().state() == State.UNREACHABLE);
            assertThat(monitor.status().why()).contains("no route");
            broken.set(false);
            await().until(() -> monitor.status().state() == State.HEALTHY);

            SourceMonitor.Suspension suspension = monitor.suspend("reset");
            assertThat(monitor.status().state()).isEqualTo(State.UNKNOWN);
            suspension.close();
            suspension.close();
            await().until(() -> monitor.status().state() == State.HEALTHY);
            writer.hurry();
        }
    }

    private HeartbeatWriter writer(HeartbeatSender sender) {
        HeartbeatWriter writer =
                new HeartbeatWriter(HeartbeatSettings.defaults(), sender, log, primary, System::nanoTime);
        writer.start();
        return writer;
    }

    private static Heartbeat heartbeat(String nodeId, long sequence) {
        return new Heartbeat(nodeId, sequence, new Position(1, 1, new Lsn(1000 + sequence)), Instant.EPOCH);
    }
}
