package com.atlasco.atlas.cli.up;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * What has been started, to be stopped in the opposite order. Safe to be closed by a shutdown hook while the main thread
 * is still starting: what comes after is stopped at once.
 */
final class RunningTiers implements AutoCloseable {

    private final Steps steps;
    private final Deque<Tier> started = new ArrayDeque<>();
    private boolean closed;
    private volatile String stopping = "";

    /** Something that runs, and how long it may take to stop before the next is stopped. */
    private record Tier(String name, Duration patience, AutoCloseable handle) {}

    RunningTiers(Steps steps) {
        this.steps = steps;
    }

    /**
     * Takes charge of something that has been started.
     *
     * @return it
     * @throws IllegalStateException when everything is being stopped; then it has been stopped too
     */
    <T extends AutoCloseable> T add(String name, Duration patience, T handle) {
        Tier tier = new Tier(name, patience, handle);
        boolean late;
        synchronized (this) {
            late = closed;
            if (!late) {
                started.push(tier);
            }
        }
        if (late) {
            stop(tier);
            throw new IllegalStateException("stopping");
        }
        return handle;
    }

    /** What is being stopped now; empty before and after. */
    String stopping() {
        return stopping;
    }

    synchronized boolean closed() {
        return closed;
    }

    /** Stops everything, the last first. A second call waits for the first. */
    @Override
    public void close() {
        Deque<Tier> tiers;
        synchronized (this) {
            closed = true;
            tiers = new ArrayDeque<>(started);
            started.clear();
        }
        tiers.forEach(this::stop);
        stopping = "";
    }

    private void stop(Tier tier) {
        stopping = tier.name();
        Thread stopper = Thread.ofPlatform()
                .daemon()
                .name("atlas-stop-" + tier.name())
                .start(() -> {
                    try {
                        tier.handle().close();
                    } catch (Exception exception) {
                        steps.say("While stopping the " + tier.name() + ": " + exception.getMessage());
                    }
                });
        try {
            stopper.join(TimeUnit.NANOSECONDS.toMillis(tier.patience().toNanos()));
        } catch (InterruptedException exception) {
            Thread.currentThread().interrupt();
        }
        if (stopper.isAlive()) {
            steps.say("The " + tier.name() + " did not stop within "
                    + tier.patience().toSeconds() + " s; going on without it");
        }
    }
}
