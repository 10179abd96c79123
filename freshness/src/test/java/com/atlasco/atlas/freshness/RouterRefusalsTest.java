package com.atlasco.atlas.freshness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.atlasco.atlas.freshness.ReadRequest.Shape;
import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Heartbeat;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RouterRefusalsTest {

    private final VirtualTime time = new VirtualTime(0);
    private final ProgressSignal signal = new ProgressSignal();
    private final HeartbeatLog log = new HeartbeatLog("node-1", 1000);
    private final PrimaryMonitor primary =
            new PrimaryMonitor(HeartbeatSettings.defaults(), time::ticker, time::instant, signal);
    private final SourceTracker replica =
            new SourceTracker(Source.REPLICA, log, MonitorSettings.forOlap(), time::ticker, time::instant, signal);
    private final Router router = new Router(
            primary,
            List.of(replica),
            Optional.empty(),
            RouterSettings.defaults(),
            signal,
            time::ticker,
            RoutingObserver.NONE,
            () -> {});

    @BeforeEach
    void everythingIsFresh() {
        long sequence = log.next(time.ticker());
        Heartbeat heartbeat = new Heartbeat("node-1", sequence, position(1, 1000), Instant.EPOCH);
        primary.heartbeatSucceeded(heartbeat, time.ticker());
        replica.observed(new Observation(Optional.of(heartbeat), Optional.of(position(1, 1000)), Map.of()));
    }

    @Test
    void aSourceThatHasFailedThisReadIsPassedOverHoweverHealthyItLooks() {
        ReadRequest request = request(Optional.empty());
        assertThat(router.route(request, Set.of()).source()).isEqualTo(Source.REPLICA);
        RouteDecision decision = router.route(request, Set.of("replica"));
        assertThat(decision.source()).isEqualTo(Source.PRIMARY);
        assertThat(decision.reason()).isEqualTo(RoutingReason.REPLICA_UNREACHABLE);
    }

    @Test
    void aReadOfANamedSourceFallsBackNowhere() {
        assertThat(router.route(request(Optional.of(Source.REPLICA))).source()).isEqualTo(Source.REPLICA);
        time.advance(Duration.ofSeconds(1).toNanos());
        assertThat(router.route(request(Optional.empty())).source())
                .as("falls back where no source is named")
                .isEqualTo(Source.PRIMARY);
        assertThatThrownBy(() -> router.route(request(Optional.of(Source.REPLICA))))
                .isInstanceOfSatisfying(
                        AtlasException.class,
                        refusal -> assertThat(refusal.problem().code()).isEqualTo(ErrorCode.FRESHNESS_UNAVAILABLE));
    }

    @Test
    void aSourceOfAnotherHistoryThanThePrimarysServesNothing() {
        primary.heartbeatSucceeded(
                new Heartbeat("node-1", log.next(time.ticker()), position(2, 1100), Instant.EPOCH), time.ticker());
        assertThat(router.route(request(Optional.empty())).source()).isEqualTo(Source.PRIMARY);
    }

    private static ReadRequest request(Optional<Source> pinned) {
        return new ReadRequest(
                FreshnessClass.INTERACTIVE,
                Optional.empty(),
                FallbackStrategy.PRIMARY,
                Optional.empty(),
                Shape.POINT,
                pinned,
                Optional.of(Duration.ZERO));
    }

    private static Position position(int timeline, long lsn) {
        return new Position(1, timeline, new Lsn(lsn));
    }
}
