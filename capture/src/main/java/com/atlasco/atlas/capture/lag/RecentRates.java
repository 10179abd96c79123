package com.atlasco.atlas.capture.lag;

import com.atlasco.atlas.model.Position;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Rates over about the last 10 seconds, and the bytes of log that an event took lately. For one thread. */
final class RecentRates {

    private static final Duration WINDOW = Duration.ofSeconds(10);

    /** Beyond so many events those before count half. */
    private static final long REMEMBERED_EVENTS = 10_000;

    private final Deque<Moment> moments = new ArrayDeque<>();
    private double eventBytes;
    private double events;

    /**
     * What was seen at one moment.
     *
     * @param logEnd empty when the primary did not answer
     */
    private record Moment(long nanos, Progress progress, Optional<Position> logEnd) {

        Optional<Position> applied() {
            return progress.position();
        }
    }

    /** To be called with moments in their order. */
    void add(long nanos, Progress progress, Optional<Position> logEnd) {
        Moment moment = new Moment(nanos, progress, logEnd);
        if (!moments.isEmpty()) {
            Moment last = moments.getLast();
            if (beganAgain(last, moment)) {
                moments.clear();
            } else {
                learnEventSize(last, moment);
            }
        }
        moments.addLast(moment);
        while (moments.size() > 2 && nanos - second().nanos() >= WINDOW.toNanos()) {
            moments.removeFirst();
        }
    }

    private Moment second() {
        return moments.stream().skip(1).findFirst().orElseThrow();
    }

    /** The store was emptied, or follows another log: nothing of before tells what it does now. */
    private static boolean beganAgain(Moment before, Moment after) {
        if (before.applied().isEmpty() || after.applied().isEmpty()) {
            return before.applied().isPresent();
        }
        return !after.applied().get().contains(before.applied().get());
    }

    /** Only from between two moments where there were events: between others there are heartbeats alone. */
    private void learnEventSize(Moment before, Moment after) {
        long applied = after.progress().changesApplied() - before.progress().changesApplied();
        if (applied > 0 && before.applied().isPresent() && after.applied().isPresent()) {
            eventBytes += bytes(before.applied().get(), after.applied().get());
            events += applied;
            while (events > REMEMBERED_EVENTS) {
                eventBytes /= 2;
                events /= 2;
            }
        }
    }

    private static double bytes(Position from, Position to) {
        return to.lsn().value() - from.lsn().value();
    }

    /** Changes applied. */
    OptionalDouble eventsPerSecond() {
        return rate(moment -> Optional.of((double) moment.progress().changesApplied()));
    }

    /** Bytes of log applied. */
    OptionalDouble appliedBytesPerSecond() {
        return rate(moment -> moment.applied().map(RecentRates::offset));
    }

    /** Bytes of log written by the primary. */
    OptionalDouble writtenBytesPerSecond() {
        return rate(moment -> moment.logEnd().map(RecentRates::offset));
    }

    // Exact up to 8 PiB of log.
    private static double offset(Position position) {
        return position.lsn().value();
    }

    /** From the first moment where it is known to the newest, where it has to be known too. */
    private OptionalDouble rate(Function<Moment, Optional<Double>> counter) {
        if (moments.isEmpty()) {
            return OptionalDouble.empty();
        }
        Moment last = moments.getLast();
        Optional<Double> now = counter.apply(last);
        Optional<Moment> first = moments.stream()
                .filter(moment -> counter.apply(moment).isPresent())
                .findFirst();
        if (now.isEmpty() || first.isEmpty() || last.nanos() <= first.get().nanos()) {
            return OptionalDouble.empty();
        }
        double seconds = (last.nanos() - first.get().nanos()) / (double) TimeUnit.SECONDS.toNanos(1);
        return OptionalDouble.of((now.get() - counter.apply(first.get()).orElseThrow()) / seconds);
    }

    /** The bytes of log that an event took lately, with all that is written beside it; empty until one was applied. */
    OptionalDouble bytesPerEvent() {
        return events > 0 && eventBytes > 0 ? OptionalDouble.of(eventBytes / events) : OptionalDouble.empty();
    }
}
