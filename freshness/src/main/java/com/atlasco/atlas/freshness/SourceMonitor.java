package com.atlasco.atlas.freshness;

import com.atlasco.atlas.model.Source;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/** Probes a replica or an analytics store from a thread of its own and says what is known of it. Thread-safe. */
public final class SourceMonitor implements MonitoredSource, AutoCloseable {

    private final SourceProbe probe;
    private final SourceTracker tracker;
    private final Pacer pacer;
    private final Duration closeTimeout;
    private final Thread thread;
    private volatile Map<String, String> details = Map.of();

    /**
     * Knows nothing before {@link #start}.
     *
     * @param node its name among all sources of the node
     * @param log of the heartbeats that this node sends
     * @param ticker the monotonic clock in nanoseconds
     * @param clock the wall clock, for people
     */
    public SourceMonitor(
            Source source,
            String node,
            SourceProbe probe,
            HeartbeatLog log,
            MonitorSettings settings,
            LongSupplier ticker,
            InstantSource clock,
            ProgressSignal signal) {
        this.probe = probe;
        this.tracker = new SourceTracker(source, node, log, settings, ticker, clock, signal);
        this.pacer = new Pacer(settings.probeInterval(), settings.probeInterval());
        this.closeTimeout = settings.probeTimeout();
        this.thread = Thread.ofPlatform().daemon().name("atlas-monitor-" + node).unstarted(this::run);
    }

    /** While it is open, nothing is known of the source. Closing it again does nothing. */
    public interface Suspension extends AutoCloseable {
        @Override
        void close();
    }

    /** Starts probing; to be called once. */
    public void start() {
        thread.start();
    }

    @Override
    public Source source() {
        return tracker.source();
    }

    @Override
    public String node() {
        return tracker.node();
    }

    @Override
    public SourceStatus status() {
        return tracker.status();
    }

    /** What the last successful probe had to tell people. */
    public Map<String, String> details() {
        return details;
    }

    /**
     * To be called before the source is reset, replaced or rebuilt; the suspension is closed when that is done. Reads
     * that are under way then fail their {@link ReadPermit#confirm()}.
     */
    public Suspension suspend(String why) {
        tracker.suspend(why);
        AtomicBoolean open = new AtomicBoolean(true);
        return () -> {
            if (open.getAndSet(false)) {
                tracker.resume();
            }
        };
    }

    /** Stops probing and waits for the thread to end, at most for the probe timeout. */
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
                probe();
            } while (pacer.awaitTurn(started));
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private void probe() throws InterruptedException {
        try {
            Observation observation = probe.observe();
            details = observation.details();
            tracker.observed(observation);
        } catch (InterruptedException closing) {
            throw closing;
        } catch (Exception | Error failure) {
            // Whatever it was: a thread that ended here would never be heard of again.
            tracker.failed(Threads.describe(failure));
        }
    }
}
