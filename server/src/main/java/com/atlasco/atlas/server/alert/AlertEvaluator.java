package com.atlasco.atlas.server.alert;

import com.atlasco.atlas.freshness.RoutingPreference;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the metrics about once a second, in a thread of its own, takes and undoes actions, and tells the listeners.
 * Thread-safe.
 */
final class AlertEvaluator implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AlertEvaluator.class);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(2);

    private final AlertBoard board;
    private final AlertReadings readings;
    private final Consumer<RoutingPreference> router;
    private final List<AlertListener> listeners;
    private final Duration interval;
    private final LongSupplier ticker;
    private final InstantSource clock;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    /** Does nothing before {@link #start}. */
    AlertEvaluator(
            AlertBoard board,
            AlertReadings readings,
            Consumer<RoutingPreference> router,
            List<AlertListener> listeners,
            Duration interval,
            LongSupplier ticker,
            InstantSource clock) {
        this.board = board;
        this.readings = readings;
        this.router = router;
        this.listeners = List.copyOf(listeners);
        this.interval = interval;
        this.ticker = ticker;
        this.clock = clock;
        this.thread = Thread.ofPlatform().daemon().name("atlas-alerts").unstarted(this::run);
    }

    /** Starts to look; to be called once. */
    void start() {
        thread.start();
    }

    private void run() {
        try {
            do {
                evaluate();
            } while (!closing.await(interval.toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Looks once. */
    void evaluate() {
        try {
            List<AlertReport> changed = board.observe(readings, ticker.getAsLong(), clock.instant());
            // First what is done, then who is told; and each time, so that a failure is made good a second later.
            router.accept(new RoutingPreference(
                    board.inForce(AlertAction.INTERACTIVE_TO_PRIMARY),
                    board.inForce(AlertAction.ANALYTICS_TO_REPLICA)));
            changed.forEach(this::tell);
        } catch (RuntimeException | Error failed) {
            // Whatever it was: a thread that ended here would never be heard of again.
            LOG.error("The alerts could not be evaluated", failed);
        }
    }

    private void tell(AlertReport report) {
        String value =
                report.value().isPresent() ? Double.toString(report.value().getAsDouble()) : "not known";
        if (report.firing()) {
            LOG.warn(
                    "Alert {} fires: {} is {}, and may be {}; {}",
                    report.rule().name(),
                    report.rule().metric().wireName(),
                    value,
                    report.rule().threshold(),
                    report.why());
        } else {
            LOG.info(
                    "Alert {} is resolved: {} is {}",
                    report.rule().name(),
                    report.rule().metric().wireName(),
                    value);
        }
        for (AlertListener listener : listeners) {
            try {
                listener.changed(report);
            } catch (RuntimeException | Error failed) {
                LOG.error("Alert {} could not be told", report.rule().name(), failed);
            }
        }
    }

    /** Stops looking, and undoes what is in force. */
    @Override
    public void close() {
        closing.countDown();
        thread.interrupt();
        try {
            thread.join(STOP_TIMEOUT);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        router.accept(RoutingPreference.NONE);
    }
}
