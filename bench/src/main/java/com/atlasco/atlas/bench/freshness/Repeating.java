package com.atlasco.atlas.bench.freshness;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does something again and again until it is stopped; what fails is tried at the next turn. */
final class Repeating {

    private static final Logger LOGGER = LoggerFactory.getLogger(Repeating.class);

    private final Fault.Step step;
    private final long pauseMillis;
    private Optional<Thread> thread = Optional.empty();
    private CountDownLatch stopping = new CountDownLatch(1);

    Repeating(Fault.Step step, long pauseMillis) {
        this.step = step;
        this.pauseMillis = pauseMillis;
    }

    void start() {
        CountDownLatch mine = new CountDownLatch(1);
        stopping = mine;
        thread = Optional.of(Thread.ofPlatform().daemon().name("bench-fault").start(() -> run(mine)));
    }

    private void run(CountDownLatch mine) {
        try {
            do {
                try {
                    step.run();
                } catch (InterruptedException stopped) {
                    throw stopped;
                } catch (Exception away) {
                    LOGGER.debug("A fault has to be tried again", away);
                }
            } while (!mine.await(pauseMillis, TimeUnit.MILLISECONDS));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    void stop() throws InterruptedException {
        stopping.countDown();
        if (thread.isPresent()) {
            thread.get().join();
        }
    }
}
