package com.atlasco.atlas.freshness;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.freshness.PrimaryMonitor.TokenVerdict;
import com.atlasco.atlas.freshness.SourceStatus.State;
import com.atlasco.atlas.model.Heartbeat;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PrimaryMonitorTest {

    private final VirtualTime time = new VirtualTime(Long.MAX_VALUE - TimeUnit.MILLISECONDS.toNanos(250));
    private final PrimaryMonitor primary =
            new PrimaryMonitor(HeartbeatSettings.defaults(), time::ticker, time::instant, new ProgressSignal());

    @Test
    void isWithoutLagWhileHeartbeatsSucceedAndUnknownBefore() {
        assertThat(primary.status().state()).isEqualTo(State.UNKNOWN);
        assertThat(primary.status().boundAt(time.ticker())).isEmpty();
        succeed(1, 500);
        assertThat(primary.status().state()).isEqualTo(State.HEALTHY);
        assertThat(primary.status().boundAt(time.ticker())).contains(Duration.ZERO);
        primary.heartbeatFailed("refused");
        primary.heartbeatFailed("refused");
        assertThat(primary.status().state()).isEqualTo(State.HEALTHY);
        primary.heartbeatFailed("refused");
        assertThat(primary.status().state()).isEqualTo(State.UNREACHABLE);
        assertThat(primary.status().boundAt(time.ticker())).isEmpty();
        succeed(1, 600);
        assertThat(primary.status().state()).isEqualTo(State.HEALTHY);
        wait(3000);
        assertThat(primary.status().state()).isEqualTo(State.HEALTHY);
        wait(1);
        assertThat(primary.status().state()).as("silent").isEqualTo(State.UNREACHABLE);
    }

    @Test
    void aTokenAheadIsImpossibleOnlyWhenTwoHeartbeatsSentSinceReportLess() {
        assertThat(primary.verdict(position(1, 500), time.ticker())).isEqualTo(TokenVerdict.PENDING);
        succeed(1, 500);
        assertThat(primary.verdict(position(1, 500), time.ticker())).isEqualTo(TokenVerdict.GENUINE);
        wait(100);
        long arrival = time.ticker();
        assertThat(primary.verdict(position(1, 501), arrival)).isEqualTo(TokenVerdict.PENDING);
        wait(100);
        succeed(1, 500);
        assertThat(primary.verdict(position(1, 501), arrival)).isEqualTo(TokenVerdict.PENDING);
        wait(100);
        succeed(1, 500);
        assertThat(primary.verdict(position(1, 501), arrival)).isEqualTo(TokenVerdict.IMPOSSIBLE);
        primary.wrote(position(1, 501));
        assertThat(primary.verdict(position(1, 501), arrival)).isEqualTo(TokenVerdict.GENUINE);
        primary.wrote(position(1, 400));
        assertThat(primary.status().position()).contains(position(1, 501));
    }

    @Test
    void aTokenOfAnEarlierTimelineIsImpossibleAndOneOfALaterMayComeFromAPrimaryJustPromoted() {
        succeed(2, 500);
        wait(100);
        long arrival = time.ticker();
        assertThat(primary.verdict(position(1, 400), arrival)).isEqualTo(TokenVerdict.IMPOSSIBLE);
        assertThat(primary.verdict(position(3, 400), arrival)).isEqualTo(TokenVerdict.PENDING);
        assertThat(primary.verdict(new Position(99, 2, new Lsn(1)), arrival)).isEqualTo(TokenVerdict.PENDING);
        wait(100);
        long generation = primary.status().generation();
        succeed(3, 600);
        assertThat(primary.status().generation()).isGreaterThan(generation);
        assertThat(primary.verdict(position(3, 400), arrival)).isEqualTo(TokenVerdict.GENUINE);
        assertThat(primary.verdict(new Position(99, 2, new Lsn(1)), arrival)).isEqualTo(TokenVerdict.IMPOSSIBLE);
    }

    @Test
    void aServerThatWasRestoredWithItsTimelineIsAnotherOne() {
        succeed(1, 500);
        primary.wrote(position(1, 700));
        succeed(1, 600);
        assertThat(primary.status().position()).as("a write was faster").contains(position(1, 700));
        long generation = primary.status().generation();
        succeed(1, 400);
        assertThat(primary.status().generation()).isGreaterThan(generation);
        assertThat(primary.status().position()).contains(position(1, 400));
        long arrival = time.ticker();
        wait(100);
        succeed(1, 410);
        wait(100);
        succeed(1, 420);
        assertThat(primary.verdict(position(1, 700), arrival)).isEqualTo(TokenVerdict.IMPOSSIBLE);
    }

    @Test
    void isUnknownFromAWriteOfALaterTimelineUntilAHeartbeatOfIt() {
        succeed(1, 500);
        long generation = primary.status().generation();
        primary.wrote(position(2, 510));
        assertThat(primary.status().state()).isEqualTo(State.UNKNOWN);
        assertThat(primary.status().boundAt(time.ticker())).isEmpty();
        assertThat(primary.status().generation()).isGreaterThan(generation);
        assertThat(primary.status().position()).contains(position(2, 510));
        succeed(1, 900);
        assertThat(primary.status().boundAt(time.ticker()))
                .as("the old primary still takes heartbeats")
                .isEmpty();
        primary.wrote(position(1, 950));
        assertThat(primary.status().position())
                .as("and writes that were under way")
                .contains(position(2, 510));
        succeed(2, 505);
        assertThat(primary.status().boundAt(time.ticker())).contains(Duration.ZERO);
        assertThat(primary.status().position()).contains(position(2, 510));
        succeed(1, 999);
        succeed(1, 999);
        succeed(1, 999);
        assertThat(primary.status().state())
                .as("heartbeats of the past are failures")
                .isEqualTo(State.UNREACHABLE);
    }

    @Test
    void isUnknownFromAWriteOfAnotherSystemAndNeverGoesBackToTheOneThatWasLeft() {
        succeed(3, 500);
        primary.wrote(new Position(99, 1, new Lsn(10)));
        assertThat(primary.status().boundAt(time.ticker())).isEmpty();
        succeed(3, 600);
        assertThat(primary.status().boundAt(time.ticker())).isEmpty();
        primary.heartbeatSucceeded(
                new Heartbeat("node-1", 2, new Position(99, 1, new Lsn(11)), time.instant()), time.ticker());
        assertThat(primary.status().boundAt(time.ticker())).contains(Duration.ZERO);
        primary.wrote(position(4, 700));
        assertThat(primary.status().boundAt(time.ticker())).contains(Duration.ZERO);
    }

    @Test
    void aHeartbeatThatSawLessThanTheLastWriteTakesNothingBack() {
        succeed(1, 500);
        primary.wrote(position(1, 900));
        succeed(1, 600);
        assertThat(primary.status().position()).contains(position(1, 900));
        succeed(1, 901);
        assertThat(primary.status().position()).contains(position(1, 901));
    }

    private void succeed(int timeline, long lsn) {
        primary.heartbeatSucceeded(new Heartbeat("node-1", 1, position(timeline, lsn), time.instant()), time.ticker());
    }

    private void wait(int millis) {
        time.advance(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private static Position position(int timeline, long lsn) {
        return new Position(1, timeline, new Lsn(lsn));
    }
}
