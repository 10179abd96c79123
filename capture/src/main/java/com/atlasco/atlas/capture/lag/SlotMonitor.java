package com.atlasco.atlas.capture.lag;

import com.atlasco.atlas.analytics.change.Watermark;
import com.atlasco.atlas.capture.CaptureStatus;
import com.atlasco.atlas.postgres.Sessions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the primary about once a second for the slot and the end of the log, from a thread of its own, and keeps what is
 * known of the lag. Nobody waits for it: {@link #lag()} is what was known last, at most a second and the sessions' deadline
 * old. Thread-safe.
 */
public final class SlotMonitor implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(SlotMonitor.class);

    private static final Duration BETWEEN_QUESTIONS = Duration.ofSeconds(1);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(3);

    private final SlotQuestion question;
    private final Supplier<CaptureStatus> capture;
    private final Supplier<Optional<Watermark>> watermark;
    private final LagTracker tracker;
    private final SlotAlarm alarm = new SlotAlarm();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread =
            Thread.ofPlatform().daemon().name("atlas-slot").unstarted(this::run);
    private volatile CaptureLag lag;

    private SlotMonitor(
            Sessions primary,
            String slotName,
            Supplier<CaptureStatus> capture,
            Supplier<Optional<Watermark>> watermark,
            LongSupplier nanoTicker,
            InstantSource clock) {
        this.question = new SlotQuestion(primary, slotName);
        this.capture = capture;
        this.watermark = watermark;
        this.tracker = new LagTracker(slotName, nanoTicker, clock);
        this.lag = tracker.initial();
    }

    /**
     * Starts asking, and does not wait for the first answer.
     *
     * @param primary with a connection of its own and a short deadline, so that neither waits for the other
     * @param slotName the slot that capture reads from
     * @param capture how capture is; asked often, so it has to be at hand
     * @param watermark the analytics store's; at hand too
     * @param nanoTicker the monotonic clock
     * @param clock the wall clock, for people
     */
    public static SlotMonitor start(
            Sessions primary,
            String slotName,
            Supplier<CaptureStatus> capture,
            Supplier<Optional<Watermark>> watermark,
            LongSupplier nanoTicker,
            InstantSource clock) {
        SlotMonitor monitor = new SlotMonitor(primary, slotName, capture, watermark, nanoTicker, clock);
        monitor.thread.start();
        return monitor;
    }

    /** What is known now. */
    public CaptureLag lag() {
        return lag;
    }

    private void run() {
        try {
            do {
                lag = look();
                alarm.heard(lag).ifPresent(LOGGER::warn);
            } while (!closing.await(BETWEEN_QUESTIONS.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private CaptureLag look() {
        // Before the question: the backlog is then rather too large than too small, and a slot that capture had when it
        // began to stream is not missing because the answer is from before.
        Progress progress = progress();
        try {
            return tracker.answered(question.ask(), progress);
        } catch (RuntimeException failed) {
            // Whatever it was: a thread that ended here would never be heard of again.
            LOGGER.debug("The primary did not say how the slot is", failed);
            return tracker.unanswered(
                    Objects.requireNonNullElse(
                            failed.getMessage(), failed.getClass().getSimpleName()),
                    progress);
        }
    }

    private Progress progress() {
        CaptureStatus status = capture.get();
        boolean wanted = switch (status.state()) {
            case SNAPSHOT, STREAMING, FAILED, REFUSED -> true;
            case STARTING, STOPPED -> false;
        };
        return new Progress(
                wanted,
                status.changesApplied(),
                watermark.get().filter(Watermark::snapshotComplete).map(Watermark::position));
    }

    /** Stops asking and waits for the question under way, 3 seconds at most. */
    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join(CLOSE_TIMEOUT);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
