package com.atlasco.atlas.freshness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.atlasco.atlas.freshness.ReadRequest.Shape;
import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.Heartbeat;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.Source;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Which of several replicas serves a read. */
class SeveralReplicasTest {

    private final VirtualTime time = new VirtualTime(Long.MAX_VALUE - TimeUnit.MILLISECONDS.toNanos(700));
    private final ProgressSignal signal = new ProgressSignal();
    private final HeartbeatLog log = new HeartbeatLog("node-1", 1000);
    private final PrimaryMonitor primary =
            new PrimaryMonitor(HeartbeatSettings.defaults(), time::ticker, time::instant, signal);
    private final SourceTracker first = replica("replica");
    private final SourceTracker second = replica("replica-2");
    private final SourceTracker third = replica("replica-3");
    private final Router router = new Router(
            primary,
            List.of(first, second, third),
            Optional.empty(),
            RouterSettings.defaults(),
            signal,
            time::ticker,
            RoutingObserver.NONE,
            () -> {});

    @Test
    void thoseAsFreshAsTheFreshestShareTheLoadByTheWorkUnderWay() {
        beat(1000);
        arrive(1000, first, second, third);
        List<RouteDecision> open = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            open.add(route(FreshnessClass.INTERACTIVE));
        }
        assertThat(open.stream().filter(read -> read.node().equals("replica"))).hasSize(10);
        assertThat(open.stream().filter(read -> read.node().equals("replica-2")))
                .hasSize(10);
        open.stream().filter(read -> read.node().equals("replica-2")).forEach(RouteDecision::close);
        for (int i = 0; i < 10; i++) {
            assertThat(route(FreshnessClass.INTERACTIVE).node()).isEqualTo("replica-2");
        }
    }

    @Test
    void idleOnesServeInTurn() {
        beat(1000);
        arrive(1000, first, second, third);
        List<String> nodes = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            try (RouteDecision read = route(FreshnessClass.INTERACTIVE)) {
                assertThat(read.source()).isEqualTo(Source.REPLICA);
                nodes.add(read.node());
            }
        }
        assertThat(nodes).containsExactly("replica", "replica-2", "replica-3", "replica", "replica-2", "replica-3");
    }

    @Test
    void oneThatIsNotablyStalerIsLeftAloneWhileAnotherIsFreshAndServesWhenNoneIs() {
        beat(1000);
        arrive(1000, first);
        wait(501);
        beat(1100);
        arrive(1100, second);
        List<RouteDecision> open = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            open.add(route(FreshnessClass.OPERATIONAL));
        }
        assertThat(open).extracting(RouteDecision::node).containsOnly("replica-2");
        for (int i = 0; i < 3; i++) {
            second.failed("refused");
        }
        assertThat(route(FreshnessClass.OPERATIONAL).node()).isEqualTo("replica");
    }

    @Test
    void withinTheMarginTheStalerOneSharesTheLoad() {
        beat(1000);
        arrive(1000, first);
        wait(500);
        beat(1100);
        arrive(1100, second);
        assertThat(List.of(
                        route(FreshnessClass.OPERATIONAL).node(),
                        route(FreshnessClass.OPERATIONAL).node()))
                .containsExactlyInAnyOrder("replica", "replica-2");
    }

    @Test
    void theBoundAndTheTokenHoldForTheOneThatIsChosen() {
        beat(1000);
        arrive(1000, first, second);
        wait(700);
        beat(2000);
        arrive(2000, second);
        wait(299);
        try (RouteDecision read = route(FreshnessClass.INTERACTIVE)) {
            assertThat(read.node()).isEqualTo("replica-2");
            ReadPermit permit = read.begin();
            assertThat(permit.bound()).hasMillis(299);
            assertThat(permit.position()).contains(position(2000));
        }
        ReadRequest withToken = new ReadRequest(
                FreshnessClass.BATCH,
                Optional.empty(),
                FallbackStrategy.FAIL,
                Optional.of(new ConsistencyToken(position(2000))),
                Shape.POINT);
        for (int i = 0; i < 5; i++) {
            assertThat(router.route(withToken).node()).isEqualTo("replica-2");
        }
    }

    @Test
    void oneThatFailedThisReadIsPassedAndThePrimaryIsAskedOnlyWhenAllHave() {
        beat(1000);
        arrive(1000, first, second);
        ReadRequest request = request(FreshnessClass.OPERATIONAL, FallbackStrategy.PRIMARY);
        for (int i = 0; i < 4; i++) {
            assertThat(router.route(request, Set.of("replica")).node()).isEqualTo("replica-2");
        }
        RouteDecision last = router.route(request, Set.of("replica", "replica-2", "replica-3"));
        assertThat(last.node()).isEqualTo("primary");
        assertThat(last.reason()).isEqualTo(RoutingReason.REPLICA_UNREACHABLE);
    }

    @Test
    void aRefusalTellsOfTheOneThatIsNearestToServing() {
        beat(1000);
        arrive(1000, first);
        wait(400);
        beat(1100);
        arrive(1100, second);
        wait(1000);
        assertThatThrownBy(() -> {
                    Routing routing = router.begin(request(FreshnessClass.INTERACTIVE, FallbackStrategy.FAIL));
                    routing.stopWaiting();
                    routing.step();
                })
                .isInstanceOfSatisfying(
                        AtlasException.class,
                        refused -> assertThat(refused.problem().detail())
                                .contains("the replica-2 is", "may be 1000 ms stale"));
    }

    @Test
    void whileOneLagsInteractiveReadsGoToThePrimaryOnlyWhenNoOtherServesThem() {
        router.prefer(new RoutingPreference(true, false));
        beat(1000);
        arrive(1000, first);
        assertThat(route(FreshnessClass.INTERACTIVE).node()).isEqualTo("replica");
        wait(1000);
        beat(1100);
        RouteDecision moved = route(FreshnessClass.INTERACTIVE);
        assertThat(moved.node()).isEqualTo("primary");
        assertThat(moved.reason()).isEqualTo(RoutingReason.ALERT_REPLICA_LAG);
    }

    private RouteDecision route(FreshnessClass freshness) {
        return router.route(request(freshness, FallbackStrategy.FAIL));
    }

    private static ReadRequest request(FreshnessClass freshness, FallbackStrategy fallback) {
        return new ReadRequest(freshness, Optional.empty(), fallback, Optional.empty(), Shape.POINT);
    }

    private SourceTracker replica(String node) {
        return new SourceTracker(
                Source.REPLICA, node, log, MonitorSettings.forOlap(), time::ticker, time::instant, signal);
    }

    private void beat(long lsn) {
        long sequence = log.next(time.ticker());
        primary.heartbeatSucceeded(new Heartbeat("node-1", sequence, position(lsn), Instant.EPOCH), time.ticker());
    }

    private void arrive(long lsn, SourceTracker... replicas) {
        Heartbeat heartbeat = new Heartbeat("node-1", log.newestSequence(), position(lsn), Instant.EPOCH);
        for (SourceTracker replica : replicas) {
            replica.observed(new Observation(Optional.of(heartbeat), Optional.of(position(lsn)), Map.of()));
        }
    }

    private void wait(int millis) {
        time.advance(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private static Position position(long lsn) {
        return new Position(1, 1, new Lsn(lsn));
    }
}
