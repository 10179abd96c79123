package com.atlasco.atlas.freshness;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.freshness.SourceStatus.State;
import com.atlasco.atlas.model.Heartbeat;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SourceTrackerTest {

    private final VirtualTime time = new VirtualTime(0);
    private final HeartbeatLog log = new HeartbeatLog("node-1", 1000);
    private final SourceTracker tracker = new SourceTracker(
            Source.REPLICA, log, MonitorSettings.forReplica(), time::ticker, time::instant, new ProgressSignal());

    @Test
    void nothingIsKnownUntilAnOwnHeartbeatArrives() {
        tracker.observed(new Observation(Optional.empty(), Optional.of(position(1, 500)), Map.of()));
        assertThat(tracker.status().state()).isEqualTo(State.UNKNOWN);
        assertThat(tracker.status().boundAt(time.ticker())).isEmpty();
        assertThat(tracker.status().position()).isEmpty();

        log.next(time.ticker());
        tracker.observed(new Observation(
                Optional.of(new Heartbeat("node-2", 1, position(1, 600), Instant.EPOCH)), Optional.empty(), Map.of()));
        assertThat(tracker.status().state()).as("another node's says nothing").isEqualTo(State.UNKNOWN);

        tracker.observed(seen(7, 1, 700));
        assertThat(tracker.status().state()).as("not sent yet").isEqualTo(State.UNKNOWN);
    }

    @Test
    void theBoundCountsFromTheMomentBeforeSendingAndGrowsByItself() {
        log.next(time.ticker());
        wait(40);
        tracker.observed(seen(1, 1, 600));
        assertThat(bound()).hasMillis(40);
        wait(960);
        assertThat(bound()).hasMillis(1000);
        time.advance(1);
        assertThat(bound()).as("rounded up").hasMillis(1001);
    }

    @Test
    void becomesLaggingAtTheThresholdAndHealthyWellBelowIt() {
        log.next(time.ticker());
        tracker.observed(seen(1, 1, 600));
        assertState(State.HEALTHY, ReplicationHealth.HEALTHY);
        wait(4999);
        log.next(time.ticker() - TimeUnit.MILLISECONDS.toNanos(4500));
        tracker.observed(seen(1, 1, 600));
        assertState(State.HEALTHY, ReplicationHealth.HEALTHY);
        wait(1);
        tracker.observed(seen(1, 1, 600));
        assertState(State.LAGGING, ReplicationHealth.DEGRADED);
        tracker.observed(seen(2, 1, 700));
        assertThat(bound()).hasMillis(4501);
        assertState(State.LAGGING, ReplicationHealth.DEGRADED);
        log.next(time.ticker() - TimeUnit.MILLISECONDS.toNanos(3999));
        tracker.observed(seen(3, 1, 800));
        assertState(State.HEALTHY, ReplicationHealth.HEALTHY);
    }

    @Test
    void failuresOrSilenceMakeItUnreachableAndAnAnswerBringsItBack() {
        log.next(time.ticker());
        tracker.observed(seen(1, 1, 600));
        tracker.failed("refused");
        tracker.failed("refused");
        assertState(State.HEALTHY, ReplicationHealth.HEALTHY);
        tracker.failed("refused");
        assertState(State.UNREACHABLE, ReplicationHealth.UNAVAILABLE);
        assertThat(tracker.status().why()).contains("refused");
        tracker.observed(seen(1, 1, 600));
        assertState(State.HEALTHY, ReplicationHealth.HEALTHY);

        Instant answered = time.instant();
        wait(1000);
        assertState(State.HEALTHY, ReplicationHealth.HEALTHY);
        wait(1);
        assertState(State.UNREACHABLE, ReplicationHealth.UNAVAILABLE);
        assertThat(tracker.status().since()).isEqualTo(answered.plusSeconds(1));
    }

    @Test
    void anAnswerForgivesTheFailuresBeforeIt() {
        log.next(time.ticker());
        for (int i = 0; i < 3; i++) {
            tracker.observed(seen(1, 1, 600));
            tracker.failed("refused");
            tracker.failed("refused");
            assertState(State.HEALTHY, ReplicationHealth.HEALTHY);
        }
    }

    @Test
    void thePositionIsTheGreaterOfTheHeartbeatsAndTheReplayedOne() {
        log.next(time.ticker());
        tracker.observed(seen(1, 1, 600));
        assertThat(tracker.status().position()).contains(position(1, 600));
        tracker.observed(new Observation(heartbeat(1, 1, 600), Optional.of(position(1, 650)), Map.of()));
        assertThat(tracker.status().position()).contains(position(1, 650));
        tracker.observed(new Observation(heartbeat(1, 1, 600), Optional.empty(), Map.of()));
        assertThat(tracker.status().position()).contains(position(1, 650));
    }

    @Test
    void afterASignOfReplacementOnlyAHeartbeatSentLaterIsBelieved() {
        for (Observation sign : new Observation[] {
            seen(2, 1, 600), // a smaller sequence
            new Observation(Optional.empty(), Optional.empty(), Map.of()), // an empty store
            seen(4, 2, 900), // another timeline
            new Observation(heartbeat(4, 1, 900), Optional.of(position(1, 799)), Map.of()), // an earlier position
            new Observation(heartbeat(4, 1, 900), Optional.of(position(2, 900)), Map.of()) // at odds with itself
        }) {
            HeartbeatLog sent = new HeartbeatLog("node-1", 1000);
            SourceTracker other = new SourceTracker(
                    Source.REPLICA,
                    sent,
                    MonitorSettings.forReplica(),
                    time::ticker,
                    time::instant,
                    new ProgressSignal());
            for (int i = 0; i < 5; i++) {
                sent.next(time.ticker());
            }
            other.observed(new Observation(heartbeat(3, 1, 700), Optional.of(position(1, 800)), Map.of()));
            long generation = other.status().generation();
            assertThat(other.status().contained()).isPresent();

            other.observed(sign);
            assertThat(other.status().state()).isEqualTo(State.UNKNOWN);
            assertThat(other.status().boundAt(time.ticker())).isEmpty();
            assertThat(other.status().position()).isEmpty();
            assertThat(other.status().generation()).isGreaterThan(generation);

            int timeline =
                    sign.newestOfThisNode().map(h -> h.position().timeline()).orElse(1);
            other.observed(seen(5, timeline, 1000));
            assertThat(other.status().state()).as("sent before").isEqualTo(State.UNKNOWN);
            sent.next(time.ticker());
            other.observed(seen(6, timeline, 1100));
            assertThat(other.status().contained()).isPresent();
        }
    }

    @Test
    void aSourceAtOddsWithItselfIsNotBelievedEvenWithNothingToCompareWith() {
        log.next(time.ticker());
        tracker.observed(seen(1, 1, 600));
        log.next(time.ticker());
        tracker.observed(new Observation(heartbeat(2, 1, 700), Optional.of(position(2, 700)), Map.of()));
        assertThat(tracker.status().state()).isEqualTo(State.UNKNOWN);
        assertThat(tracker.status().boundAt(time.ticker())).isEmpty();
    }

    @Test
    void whileSuspendedNothingIsLearned() {
        log.next(time.ticker());
        tracker.observed(seen(1, 1, 600));
        tracker.suspend("rebuilt");
        assertState(State.UNKNOWN, ReplicationHealth.UNKNOWN);
        log.next(time.ticker());
        tracker.observed(seen(2, 1, 700));
        assertState(State.UNKNOWN, ReplicationHealth.UNKNOWN);
        tracker.resume();
        tracker.observed(seen(2, 1, 700));
        assertState(State.UNKNOWN, ReplicationHealth.UNKNOWN);
        log.next(time.ticker());
        tracker.observed(seen(3, 1, 800));
        assertState(State.HEALTHY, ReplicationHealth.HEALTHY);
    }

    private void assertState(State state, ReplicationHealth health) {
        assertThat(tracker.status().state()).isEqualTo(state);
        assertThat(tracker.status().health()).isEqualTo(health);
    }

    private Duration bound() {
        return tracker.status().boundAt(time.ticker()).orElseThrow();
    }

    private void wait(int millis) {
        time.advance(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private static Observation seen(long sequence, int timeline, long lsn) {
        return new Observation(heartbeat(sequence, timeline, lsn), Optional.empty(), Map.of());
    }

    private static Optional<Heartbeat> heartbeat(long sequence, int timeline, long lsn) {
        return Optional.of(new Heartbeat("node-1", sequence, position(timeline, lsn), Instant.EPOCH));
    }

    private static Position position(int timeline, long lsn) {
        return new Position(1, timeline, new Lsn(lsn));
    }
}
