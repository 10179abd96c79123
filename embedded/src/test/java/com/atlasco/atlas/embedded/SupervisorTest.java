package com.atlasco.atlas.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the supervisor does about a server that never runs. */
final class SupervisorTest {

    @TempDir
    private Path directory;

    private final List<Integer> tries = new CopyOnWriteArrayList<>();

    private Supervisor supervisor(Supervisor.Starter starter, Runnable guard) {
        Poll poll = new Poll(System::nanoTime);
        PostgresServer server = new PostgresServer(
                directory,
                new ServerLog(directory, "replica"),
                new Installation(directory, new Confinement.SameUser()),
                poll,
                line -> {});
        return new Supervisor(
                List.of(new Supervisor.Charge(server, "replica", starter)),
                guard,
                new ReentrantLock(),
                poll.ticker(),
                line -> {});
    }

    @Test
    void nothingThatIsThrownEndsTheLookingOn() {
        AtomicInteger looks = new AtomicInteger();
        try (Supervisor _ = supervisor(
                tried -> {
                    tries.add(tried);
                    throw new IllegalStateException("as it happens");
                },
                () -> {
                    if (looks.incrementAndGet() % 2 == 0) {
                        throw new IllegalStateException("that too");
                    }
                })) {
            await().until(() -> tries.size() >= 2);
        }
        assertThat(tries).startsWith(0, 1);
    }

    @Test
    void whatIsUnderWayIsNoTryInVainAndWhatStaysDownIsNotTriedAgain() {
        AtomicInteger looks = new AtomicInteger();
        try (Supervisor _ = supervisor(
                tried -> {
                    tries.add(tried);
                    return switch (tries.size()) {
                        case 1 -> Supervisor.Outcome.TRIED;
                        case 2, 3 -> Supervisor.Outcome.BUSY;
                        default -> Supervisor.Outcome.STAYS_DOWN;
                    };
                },
                looks::incrementAndGet)) {
            await().until(() -> tries.size() == 4);
            int before = looks.get();
            await().until(() -> looks.get() > before + 10);
        }
        assertThat(tries).containsExactly(0, 1, 1, 1);
    }
}
