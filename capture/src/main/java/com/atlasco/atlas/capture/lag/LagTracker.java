package com.atlasco.atlas.capture.lag;

import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/** Turns what the primary says and what the store has into what is known of the lag. For one thread. */
final class LagTracker {

    /** Less than this a backlog does not shrink. */
    private static final double LEAST_BYTES_PER_SECOND = 1;

    private final LongSupplier nanoTicker;
    private final InstantSource clock;
    private final RecentRates rates = new RecentRates();
    private SlotStatus slot;

    LagTracker(String slotName, LongSupplier nanoTicker, InstantSource clock) {
        this.nanoTicker = nanoTicker;
        this.clock = clock;
        this.slot = new SlotStatus(
                slotName, SlotState.UNKNOWN, false, clock.instant(), "the primary has not been asked yet");
    }

    /** What is known before the first question. */
    CaptureLag initial() {
        return unknown();
    }

    /** The primary did not answer. */
    CaptureLag unanswered(String why, Progress progress) {
        rates.add(nanoTicker.getAsLong(), progress, Optional.empty());
        turn(SlotState.UNKNOWN, progress, "the primary did not answer: " + why);
        return unknown();
    }

    /** The primary answered; the progress was looked at before it was asked. */
    CaptureLag answered(SlotReading reading, Progress progress) {
        Position logEnd = reading.logEnd();
        rates.add(nanoTicker.getAsLong(), progress, Optional.of(logEnd));
        reading.slot()
                .ifPresentOrElse(
                        known -> turn(known, progress),
                        () -> turn(SlotState.MISSING, progress, "the primary has no slot of the name " + slot.name()));
        OptionalLong backlog = backlog(logEnd, progress);
        return new CaptureLag(
                slot,
                retained(reading),
                safe(reading),
                reading.limitBytes(),
                backlog,
                events(backlog),
                rates.eventsPerSecond(),
                rates.appliedBytesPerSecond(),
                catchUp(backlog));
    }

    private CaptureLag unknown() {
        return new CaptureLag(
                slot,
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                rates.eventsPerSecond(),
                rates.appliedBytesPerSecond(),
                Optional.empty());
    }

    private void turn(SlotReading.Slot read, Progress progress) {
        String status = read.walStatus().orElse("unknown");
        if (read.isLost()) {
            turn(
                    SlotState.LOST,
                    progress,
                    read.invalidationReason()
                            .map(reason -> "the primary invalidated it: " + reason)
                            .orElse("the primary removed log that it still needed"));
        } else if (read.active()) {
            turn(SlotState.STREAMING, progress, "it is read from; its log is " + status);
        } else {
            turn(SlotState.INACTIVE, progress, "nobody reads from it; its log is " + status);
        }
    }

    private void turn(SlotState state, Progress progress, String why) {
        Instant since = state == slot.state() ? slot.since() : clock.instant();
        slot = new SlotStatus(slot.name(), state, progress.wanted(), since, why);
    }

    private static OptionalLong retained(SlotReading reading) {
        Optional<Lsn> restart = reading.slot().filter(slot -> !slot.isLost()).flatMap(SlotReading.Slot::restart);
        return restart.isPresent()
                ? OptionalLong.of(Math.max(
                        0, reading.logEnd().lsn().value() - restart.get().value()))
                : OptionalLong.empty();
    }

    private static OptionalLong safe(SlotReading reading) {
        OptionalLong safe = reading.slot()
                .filter(slot -> !slot.isLost())
                .map(SlotReading.Slot::safeBytes)
                .orElse(OptionalLong.empty());
        return safe.isPresent() ? OptionalLong.of(Math.max(0, safe.getAsLong())) : safe;
    }

    private static OptionalLong backlog(Position logEnd, Progress progress) {
        Optional<Position> applied = progress.position().filter(logEnd::sameHistory);
        return applied.isPresent()
                ? OptionalLong.of(
                        Math.max(0, logEnd.lsn().value() - applied.get().lsn().value()))
                : OptionalLong.empty();
    }

    private OptionalLong events(OptionalLong backlogBytes) {
        OptionalDouble size = rates.bytesPerEvent();
        return backlogBytes.isPresent() && size.isPresent()
                ? OptionalLong.of(Math.round(backlogBytes.getAsLong() / size.getAsDouble()))
                : OptionalLong.empty();
    }

    private Optional<Duration> catchUp(OptionalLong backlogBytes) {
        if (backlogBytes.isEmpty()) {
            return Optional.empty();
        }
        if (backlogBytes.getAsLong() == 0) {
            return Optional.of(Duration.ZERO);
        }
        OptionalDouble applied = rates.appliedBytesPerSecond();
        OptionalDouble written = rates.writtenBytesPerSecond();
        if (applied.isEmpty() || written.isEmpty()) {
            return Optional.empty();
        }
        double shrinking = applied.getAsDouble() - written.getAsDouble();
        return shrinking < LEAST_BYTES_PER_SECOND
                ? Optional.empty()
                : Optional.of(Duration.ofMillis(Math.round(1_000.0 * backlogBytes.getAsLong() / shrinking)));
    }
}
