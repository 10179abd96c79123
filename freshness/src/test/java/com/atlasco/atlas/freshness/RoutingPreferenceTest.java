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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class RoutingPreferenceTest {

    private static final RoutingPreference TO_PRIMARY = new RoutingPreference(true, false);
    private static final RoutingPreference TO_REPLICA = new RoutingPreference(false, true);
    private static final int PLACES = RouterSettings.defaults().maxPrimaryFallbacks();

    private final VirtualTime time = new VirtualTime(0);
    private final ProgressSignal signal = new ProgressSignal();
    private final HeartbeatLog log = new HeartbeatLog("node-1", 1000);
    private final PrimaryMonitor primary =
            new PrimaryMonitor(HeartbeatSettings.defaults(), time::ticker, time::instant, signal);
    private final SourceTracker replica = tracker(Source.REPLICA);
    private final SourceTracker olap = tracker(Source.OLAP);
    private final Router router = new Router(
            primary,
            List.of(replica),
            Optional.of(olap),
            RouterSettings.defaults(),
            signal,
            time::ticker,
            RoutingObserver.NONE,
            () -> {});

    @Test
    void pointsAndFiltersGoToThePrimaryAsLongAsItIsPreferred() {
        everythingIsFresh();
        router.prefer(TO_PRIMARY);
        assertRouted(FreshnessClass.INTERACTIVE, Shape.POINT, Source.PRIMARY, RoutingReason.ALERT_REPLICA_LAG);
        assertRouted(FreshnessClass.BATCH, Shape.FILTER, Source.PRIMARY, RoutingReason.ALERT_REPLICA_LAG);
        assertRouted(FreshnessClass.ANALYTICAL, Shape.AGGREGATE, Source.OLAP, RoutingReason.PREFERRED);
        assertRouted(FreshnessClass.REALTIME, Shape.POINT, Source.PRIMARY, RoutingReason.CLASS_REALTIME);
        router.prefer(RoutingPreference.NONE);
        assertRouted(FreshnessClass.INTERACTIVE, Shape.POINT, Source.REPLICA, RoutingReason.PREFERRED);
    }

    @Test
    void beyondItsPlacesThePrimaryIsSparedAndABoundThatNobodyMeetsIsRefused() {
        everythingIsFresh();
        router.prefer(TO_PRIMARY);
        List<RouteDecision> open = new ArrayList<>();
        for (int i = 0; i < PLACES; i++) {
            open.add(router.route(request(FreshnessClass.INTERACTIVE, Shape.POINT)));
        }
        assertThat(open).allSatisfy(decision -> assertThat(decision.source()).isEqualTo(Source.PRIMARY));
        assertRouted(FreshnessClass.INTERACTIVE, Shape.POINT, Source.REPLICA, RoutingReason.PREFERRED);

        theReplicaStops(Duration.ofSeconds(10));
        assertRouted(FreshnessClass.OPERATIONAL, Shape.POINT, Source.REPLICA, RoutingReason.PREFERRED);
        assertRefused(ErrorCode.OVERLOADED, () -> router.route(request(FreshnessClass.INTERACTIVE, Shape.POINT)));

        open.getFirst().close();
        assertRouted(FreshnessClass.INTERACTIVE, Shape.POINT, Source.PRIMARY, RoutingReason.ALERT_REPLICA_LAG);
    }

    @Test
    void aPrimaryThatFailedThisReadIsNotPreferred() {
        everythingIsFresh();
        router.prefer(TO_PRIMARY);
        try (RouteDecision decision =
                router.route(request(FreshnessClass.INTERACTIVE, Shape.POINT), Set.of(primary.node()))) {
            assertThat(decision.source()).isEqualTo(Source.REPLICA);
        }
    }

    @Test
    void aPrimaryThatCannotServeIsNotPreferred() {
        everythingIsFresh();
        router.prefer(TO_PRIMARY);
        for (int i = 0; i < 10; i++) {
            primary.heartbeatFailed("refused");
        }
        assertRouted(FreshnessClass.BATCH, Shape.POINT, Source.REPLICA, RoutingReason.PREFERRED);
    }

    @Test
    void aggregatesGoToTheReplicaWhereItMeetsTheirBound() {
        everythingIsFresh();
        router.prefer(TO_REPLICA);
        assertRouted(FreshnessClass.ANALYTICAL, Shape.AGGREGATE, Source.REPLICA, RoutingReason.ALERT_OLAP_LAG);
        assertRouted(FreshnessClass.INTERACTIVE, Shape.POINT, Source.REPLICA, RoutingReason.PREFERRED);

        theReplicaStops(Duration.ofSeconds(10));
        assertRouted(FreshnessClass.INTERACTIVE, Shape.AGGREGATE, Source.OLAP, RoutingReason.PREFERRED);
        assertRouted(FreshnessClass.OPERATIONAL, Shape.AGGREGATE, Source.REPLICA, RoutingReason.ALERT_OLAP_LAG);
    }

    @Test
    void aTokenIsNotWeakenedAndAPinnedSourceIsKept() {
        everythingIsFresh();
        router.prefer(new RoutingPreference(true, true));
        beat(2000);
        arrive(olap, 2000);
        ReadRequest withToken = new ReadRequest(
                FreshnessClass.ANALYTICAL,
                Optional.empty(),
                FallbackStrategy.FAIL,
                Optional.of(new ConsistencyToken(position(2000))),
                Shape.AGGREGATE);
        try (RouteDecision decision = router.route(withToken)) {
            assertThat(decision.source()).isEqualTo(Source.OLAP);
        }
        ReadRequest pinned = new ReadRequest(
                FreshnessClass.ANALYTICAL,
                Optional.empty(),
                FallbackStrategy.FAIL,
                Optional.empty(),
                Shape.POINT,
                Optional.of(Source.REPLICA),
                Optional.empty());
        try (RouteDecision decision = router.route(pinned)) {
            assertThat(decision.source()).isEqualTo(Source.REPLICA);
            assertThat(decision.reason()).isEqualTo(RoutingReason.PINNED);
        }
    }

    private void everythingIsFresh() {
        beat(1000);
        arrive(replica, 1000);
        arrive(olap, 1000);
    }

    /** Time passes, in which all but the replica follow. */
    private void theReplicaStops(Duration duration) {
        long contained = log.newestSequence();
        time.advance(duration.toNanos() + TimeUnit.MILLISECONDS.toNanos(1));
        beat(1000);
        arrive(olap, 1000);
        replica.observed(seen(contained, 1000));
    }

    private SourceTracker tracker(Source source) {
        return new SourceTracker(source, log, MonitorSettings.forOlap(), time::ticker, time::instant, signal);
    }

    private void beat(long lsn) {
        long sequence = log.next(time.ticker());
        primary.heartbeatSucceeded(new Heartbeat("node-1", sequence, position(lsn), Instant.EPOCH), time.ticker());
    }

    private void arrive(SourceTracker tracker, long lsn) {
        tracker.observed(seen(log.newestSequence(), lsn));
    }

    private static Observation seen(long sequence, long lsn) {
        return new Observation(
                Optional.of(new Heartbeat("node-1", sequence, position(1000), Instant.EPOCH)),
                Optional.of(position(lsn)),
                Map.of());
    }

    private static Position position(long lsn) {
        return new Position(1, 2, new Lsn(lsn));
    }

    private static ReadRequest request(FreshnessClass freshness, Shape shape) {
        return new ReadRequest(freshness, Optional.empty(), FallbackStrategy.PRIMARY, Optional.empty(), shape);
    }

    private void assertRouted(FreshnessClass freshness, Shape shape, Source source, RoutingReason reason) {
        try (RouteDecision decision = router.route(request(freshness, shape))) {
            assertThat(decision.source()).isEqualTo(source);
            assertThat(decision.reason()).isEqualTo(reason);
            assertThat(decision.begin().source()).isEqualTo(source);
        }
    }

    private static void assertRefused(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        AtlasException.class,
                        refusal -> assertThat(refusal.problem().code()).isEqualTo(code));
    }
}
