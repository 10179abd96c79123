package com.atlasco.atlas.capture.lag;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LagTrackerTest {

    private static final long LIMIT = 1_000_000_000;

    private long nanos = 1;
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final LagTracker tracker = new LagTracker("slot", () -> nanos, () -> now);

    @Test
    void nothingIsKnownBeforeThePrimaryIsAsked() {
        CaptureLag lag = tracker.initial();
        assertThat(lag.slot().state()).isEqualTo(SlotState.UNKNOWN);
        assertThat(lag.backlogBytes()).isEmpty();
        assertThat(lag.eventsPerSecond()).isEmpty();
        assertThat(lag.retainedShare()).isEmpty();
    }

    @Test
    void backlogAndWhatTheSlotRetainsAreDistancesToTheEndOfTheLog() {
        CaptureLag lag = answered(10_000, 4_000, 0);
        assertThat(lag.backlogBytes()).hasValue(6_000);
        assertThat(lag.retainedBytes()).hasValue(9_000);
        assertThat(lag.safeBytes()).hasValue(500);
        assertThat(lag.limitBytes()).hasValue(LIMIT);
        assertThat(lag.retainedShare()).hasValue(9_000.0 / LIMIT);
        assertThat(lag.slot().state()).isEqualTo(SlotState.STREAMING);
    }

    @Test
    void ratesAreOverTheLastTenSeconds() {
        for (int second = 0; second <= 30; second++) {
            // 100 events of 50 bytes a second, then 300 a second from second 20 on.
            long events = second <= 20 ? 100L * second : 2_000 + 300L * (second - 20);
            answered(1_000_000, 50 * events, events);
            pass(Duration.ofSeconds(1));
        }
        CaptureLag lag = answered(1_000_000, 50 * 5_300, 5_300);
        assertThat(lag.eventsPerSecond()).hasValue(300);
        assertThat(lag.bytesPerSecond()).hasValue(15_000);
        assertThat(lag.backlogEvents()).hasValue((1_000_000 - 50 * 5_300) / 50);
    }

    @Test
    void heartbeatsBetweenEventsDoNotMakeEventsLarger() {
        answered(10_000, 0, 0);
        pass(Duration.ofSeconds(1));
        answered(10_000, 1_000, 10);
        for (int i = 1; i <= 5; i++) {
            pass(Duration.ofSeconds(1));
            answered(10_000, 1_000 + 500L * i, 10);
        }
        assertThat(answered(10_000, 3_500, 10).backlogEvents()).hasValue(65);
    }

    @Test
    void theTimeToCatchUpIsTheBacklogOverWhatItShrinksByInASecond() {
        answered(10_000, 0, 0);
        pass(Duration.ofSeconds(10));
        // Written 1,000 bytes a second, applied 1,500.
        CaptureLag lag = answered(20_000, 15_000, 100);
        assertThat(lag.catchUp()).contains(Duration.ofSeconds(10));
        pass(Duration.ofSeconds(10));
        assertThat(answered(60_000, 30_000, 200).catchUp()).isEmpty();
        pass(Duration.ofSeconds(10));
        assertThat(answered(60_000, 60_000, 400).catchUp()).contains(Duration.ZERO);
    }

    @Test
    void aPrimaryThatDoesNotAnswerLeavesUnknownWhatItWouldHaveSaid() {
        answered(10_000, 1_000, 0);
        pass(Duration.ofSeconds(2));
        CaptureLag lag = tracker.unanswered("connection refused", progress(3_000, 100));
        assertThat(lag.slot().state()).isEqualTo(SlotState.UNKNOWN);
        assertThat(lag.slot().why()).contains("connection refused");
        assertThat(lag.slot().since()).isEqualTo(now);
        assertThat(lag.backlogBytes()).isEmpty();
        assertThat(lag.backlogEvents()).isEmpty();
        assertThat(lag.retainedBytes()).isEmpty();
        assertThat(lag.safeBytes()).isEmpty();
        assertThat(lag.limitBytes()).isEmpty();
        assertThat(lag.catchUp()).isEmpty();
        assertThat(lag.eventsPerSecond()).hasValue(50);
    }

    @Test
    void aStoreWithoutAWholeSnapshotHasNoBacklogThatCouldBeTold() {
        CaptureLag lag =
                tracker.answered(reading(10_000, slot(true, "reserved")), new Progress(false, 500, Optional.empty()));
        assertThat(lag.backlogBytes()).isEmpty();
        assertThat(lag.catchUp()).isEmpty();
        assertThat(lag.retainedBytes()).isPresent();
        assertThat(lag.slot().wanted()).isFalse();
    }

    @Test
    void positionsOnAnotherHistoryAreNotCompared() {
        Progress before = new Progress(true, 0, Optional.of(new Position(7, 2, new Lsn(1_000))));
        assertThat(tracker.answered(reading(10_000, slot(true, "reserved")), before)
                        .backlogBytes())
                .isEmpty();
    }

    @Test
    void ratesBeginAgainWhenTheStoreDoes() {
        answered(10_000, 9_000, 1_000);
        pass(Duration.ofSeconds(1));
        CaptureLag lag = answered(10_000, 100, 1_000);
        assertThat(lag.bytesPerSecond()).isEmpty();
        assertThat(lag.catchUp()).isEmpty();
    }

    @Test
    void aStateKeepsItsBeginningAsLongAsItLasts() {
        answered(10_000, 0, 0);
        Instant began = now;
        pass(Duration.ofSeconds(5));
        CaptureLag extended = tracker.answered(reading(10_000, slot(true, "extended")), progress(0, 0));
        assertThat(extended.slot().since()).isEqualTo(began);
        assertThat(extended.slot().why()).contains("extended");
        pass(Duration.ofSeconds(5));
        CaptureLag inactive = tracker.answered(reading(10_000, slot(false, "extended")), progress(0, 0));
        assertThat(inactive.slot().state()).isEqualTo(SlotState.INACTIVE);
        assertThat(inactive.slot().since()).isEqualTo(now);
    }

    @Test
    void aLostSlotSaysWhyAndRetainsNothingThatIsKnown() {
        SlotReading.Slot lost = new SlotReading.Slot(
                false,
                Optional.of("lost"),
                OptionalLong.empty(),
                Optional.of("wal_removed"),
                Optional.of(new Lsn(10)),
                Optional.of(new Lsn(10)));
        CaptureLag lag = tracker.answered(reading(10_000, Optional.of(lost)), progress(100, 0));
        assertThat(lag.slot().state()).isEqualTo(SlotState.LOST);
        assertThat(lag.slot().why()).contains("wal_removed");
        assertThat(lag.retainedBytes()).isEmpty();
        assertThat(lag.safeBytes()).isEmpty();
        assertThat(lag.backlogBytes()).hasValue(9_900);
    }

    @Test
    void eitherOfTwoSignsTellsThatASlotIsLost() {
        assertThat(stateOf("reserved", Optional.of("idle_timeout"))).isEqualTo(SlotState.LOST);
        assertThat(stateOf("lost", Optional.empty())).isEqualTo(SlotState.LOST);
        assertThat(stateOf("unreserved", Optional.empty())).isEqualTo(SlotState.INACTIVE);
    }

    private SlotState stateOf(String walStatus, Optional<String> invalidationReason) {
        SlotReading.Slot slot = new SlotReading.Slot(
                false,
                Optional.of(walStatus),
                OptionalLong.empty(),
                invalidationReason,
                Optional.of(new Lsn(10)),
                Optional.of(new Lsn(10)));
        return tracker.answered(reading(10_000, Optional.of(slot)), progress(100, 0))
                .slot()
                .state();
    }

    @Test
    void aMissingSlotIsNamed() {
        CaptureLag lag = tracker.answered(reading(10_000, Optional.empty()), progress(100, 0));
        assertThat(lag.slot().state()).isEqualTo(SlotState.MISSING);
        assertThat(lag.slot().why()).contains("slot");
        assertThat(lag.slot().wanted()).isTrue();
    }

    private CaptureLag answered(long logEnd, long applied, long events) {
        return tracker.answered(reading(logEnd, slot(true, "reserved")), progress(applied, events));
    }

    private static Progress progress(long lsn, long events) {
        return new Progress(true, events, Optional.of(new Position(7, 1, new Lsn(lsn))));
    }

    private static SlotReading reading(long logEnd, Optional<SlotReading.Slot> slot) {
        return new SlotReading(new Position(7, 1, new Lsn(logEnd)), OptionalLong.of(LIMIT), slot);
    }

    private static Optional<SlotReading.Slot> slot(boolean active, String walStatus) {
        return Optional.of(new SlotReading.Slot(
                active,
                Optional.of(walStatus),
                OptionalLong.of(500),
                Optional.empty(),
                Optional.of(new Lsn(1_000)),
                Optional.of(new Lsn(1_000))));
    }

    private void pass(Duration duration) {
        nanos += duration.toNanos();
        now = now.plus(duration);
    }
}
