package com.atlasco.atlas.freshness;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Sends this node's heartbeats from a thread of its own. Thread-safe. */
public final class HeartbeatWriter implements AutoCloseable {

    private final HeartbeatSender sender;
    private final HeartbeatLog log;
    private final HeartbeatPulse pulse;
    private final Pacer pacer;
    private final Duration closeTimeout;
    private final Thread thread;

    /**
     * Sends nothing before {@link #start}.
     *
     * @param log of this incarnation of the node; its node id is a new one at every start of the process
     * @param ticker the monotonic clock in nanoseconds
     */
    public HeartbeatWriter(
            HeartbeatSettings settings,
            HeartbeatSender sender,
            HeartbeatLog log,
            PrimaryMonitor primary,
            LongSupplier ticker) {
        this.sender = sender;
        this.log = log;
        this.pulse = new HeartbeatPulse(log, primary, ticker);
        this.pacer = new Pacer(settings.interval(), settings.minimumInterval());
        this.closeTimeout = settings.sendTimeout();
        this.thread = Thread.ofPlatform().daemon().name("atlas-heartbeat").unstarted(this::run);
    }

    /** Starts sending; to be called once. */
    public void start() {
        thread.start();
    }

    /** Asks for a heartbeat earlier than the interval says, because somebody waits for one. */
    public void hurry() {
        pacer.hurry();
    }

    /** Stops sending and waits for the thread to end, at most for the send timeout. */
    @Override
    public void close() {
        pacer.close();
        Threads.stop(thread, closeTimeout);
    }

    private void run() {
        try {
            long started;
            do {
                started = System.nanoTime();
                beat();
            } while (pacer.awaitTurn(started));
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private void beat() throws InterruptedException {
        HeartbeatPulse.Beat beat = pulse.begin();
        try {
            pulse.succeeded(beat, sender.send(log.nodeId(), beat.sequence()));
        } catch (InterruptedException closing) {
            throw closing;
        } catch (Exception | Error failure) {
            // Whatever it was: a thread that ended here would never be heard of again.
            pulse.failed(Threads.describe(failure));
        }
    }
}
